"""Scores of columns that were counted in parts: how far they can be from those over the rows, and whether that leaves it open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import MeasurementFact
from monitoring.engines.drift_rule import P_VALUES, drifted

NEAR = "near"
SUMMARIES = {
    NEAR: _(
        "None of the %(measured)s measured features has drifted as they were counted, but %(near)s lies so near its limit that "
        "its error of counting leaves it open; %(unmeasured)s could not be measured."
    ),
}


def near(columns: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns that have not drifted as counted, and might have over the rows themselves."""
    return [each["feature"] for each in columns if is_near(each)]


def is_near(column: Mapping[str, Any]) -> bool:
    """A p-value over parts can only be too large; a distance can be off to both sides."""
    error = column.get("error", 0.0)
    if not error or column["status"] != "measured" or column["drifted"]:
        return False
    worse = -error if column["method"] in P_VALUES else error
    return drifted(column["method"], column["score"] + worse, column["threshold"])


def facts(column: Mapping[str, Any], score: MeasurementFact) -> Iterator[MeasurementFact]:
    """The score, and beside it the error that counting in parts can have made, where it was counted so."""
    yield score
    if error := column.get("error", 0.0):
        bare = replace(score, low=None, high=None, limit=None, verdict="reported")
        yield replace(bare, metric=f"{score.metric}_error", value=error)
