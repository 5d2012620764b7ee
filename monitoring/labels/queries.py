"""What pages and plans ask about the outcomes that came later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from monitoring.data.models import Window
from monitoring.labels.models import Labels


@dataclass(frozen=True)
class Known:
    """How much of a data period is known by now. labels: the latest that stand, None = those that came with it."""

    rows: int
    labelled: int | None
    """None where nobody has counted: a data period without a column of the outcome, or counts."""
    labels: Labels | None = None

    @property
    def share(self) -> float | None:
        return None if self.labelled is None else self.labelled / self.rows


def newest(window_ids: Iterable[UUID]) -> dict[UUID, Labels]:
    """The labels that count today, by data period, in one query."""
    return {each.window_id: each for each in Labels.objects.newest().filter(window__in=list(window_ids))}


def known(window: Window) -> Known:
    """How many of its rows have a known outcome today; `dataset` is at hand."""
    labels = Labels.objects.newest().filter(window=window).first()
    if labels is not None:
        return Known(window.rows, labels.labelled, labels)
    own = {
        each["name"]: window.rows - each["nulls"] for each in window.columns if each.get("nulls") is not None
    }
    return Known(window.rows, own.get(window.dataset.label, 0 if window.dataset.label else None))


def deliveries(window: Window) -> list[Labels]:
    """Every delivery of a data period, the latest first."""
    of_it = Labels.objects.filter(window=window).select_related("uploaded_by", "withdrawn_by")
    return list(of_it.order_by("-number"))
