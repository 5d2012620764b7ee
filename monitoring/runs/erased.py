"""Runs over data periods whose rows were erased: what stayed are counts, or nothing but digest and profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from monitoring.checks import CHECKS
from monitoring.data.models import Window
from monitoring.runs.models import Run

ASKS_FOR_ROWS = frozenset(
    {"rows_needed", "method_needs_rows", "counts_have_no_periods", "missing_columns", "cells_disagree"}
)
"""Refusals that say of counts handed in what here is the doing of the erasure."""


def refusal(run: Run) -> dict[str, Any] | None:
    """The answer where a check would need rows that are erased; None where it can be asked."""
    reads_counts = run.check_key in CHECKS and CHECKS[run.check_key].reads_counts
    if run.labels and run.window.is_erased:
        return _refused(run.window)  # outcomes that came later have no row left that they could join
    for window in _windows(run):
        if window.is_erased and not (reads_counts and window.kept_sha256):
            return _refused(window)
    return None


def retold(run: Run, answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that misses rows says that they were erased, not that somebody handed in counts."""
    gone = next((window for window in _windows(run) if window.is_erased), None)
    if gone is None or answer.get("refused") not in ASKS_FOR_ROWS:
        return dict(answer)
    return _refused(gone)


def gone_since(run: Run) -> Window | None:
    """A data period whose rows this run has measured and which has lost them since: it cannot be computed again."""
    result = getattr(run, "result", None)
    if result is None:
        return None
    return next((each for each in _windows(run) if each.erased_at and each.erased_at > result.at), None)


def _windows(run: Run) -> list[Window]:
    return [run.window, *([run.reference] if run.reference else [])]


def _refused(window: Window) -> dict[str, Any]:
    day = timezone.localdate(window.erased_at).isoformat()
    return {"refused": "rows_erased", "params": {"window": window.name, "day": day}}
