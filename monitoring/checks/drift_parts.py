"""The error that counting in parts can have made, as a figure of its own beside the score.

It says how far the score over the rows can be at most, and is far larger than what is seen (0.002 where it says 0.05). So it is
told and turns no verdict, as the interval of a score turns none: the point decides, as it does for Evidently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from monitoring.checks.check import MeasurementFact


def facts(column: Mapping[str, Any], score: MeasurementFact) -> Iterator[MeasurementFact]:
    """The score, and its error where it was counted in parts."""
    yield score
    if error := column.get("error", 0.0):
        bare = replace(score, low=None, high=None, limit=None, verdict="reported")
        yield replace(bare, metric=f"{score.metric}_error", value=error)
