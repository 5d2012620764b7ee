"""The figures of drift: the share of the features, and of each column its score and, where it was counted in parts, its error.

The error says how far the score over the rows can be at most, and is far larger than what is seen (0.002 where it says 0.05). So
it is told and turns no verdict, as the interval of a score turns none: the point decides, as it does for Evidently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from monitoring.checks import drift_chance
from monitoring.checks.check import FactVerdict, MeasurementFact
from monitoring.checks.drift_roles import NOT_COUNTED
from monitoring.engines.drift_result import NOT_ANSWERED
from monitoring.engines.drift_rule import P_VALUES, PSI_DECILES

UNITS = {**dict.fromkeys(("psi", PSI_DECILES, "kl_div"), "nats"), **dict.fromkeys(P_VALUES, "p-value")}
UNANSWERED: dict[str, FactVerdict] = {
    "insufficient_data": "insufficient_data",
    NOT_COUNTED: "insufficient_data",
    NOT_ANSWERED: "uncertain",
    "incomparable": "amber",
}


def of_share(result: Mapping[str, Any], beyond: float | None, red: float) -> MeasurementFact:
    """The share is Evidently's, of all that reached their limit; `beyond`, of those that moved by more than chance, judges it."""
    share = result["drifted_share"]
    verdict: FactVerdict = "insufficient_data"
    if share is not None and beyond is not None:
        within: FactVerdict = "uncertain" if share > 0 else "passed"
        verdict = "failed" if beyond >= red else "amber" if beyond > 0 else within
    return MeasurementFact(
        drift_chance.SHARE, "", share, None, None, result["measured"], "share", red, verdict
    )


def of_column(column: Mapping[str, Any]) -> Iterator[MeasurementFact]:
    """The score, and its error where it was counted in parts."""
    score = _score(column)
    yield score
    if error := column.get("error", 0.0):
        bare = replace(score, low=None, high=None, limit=None, verdict="reported")
        yield replace(bare, metric=f"{score.metric}_error", value=error)


def _score(column: Mapping[str, Any]) -> MeasurementFact:
    """The role stands before the method, so that a figure says of what it is."""
    return MeasurementFact(
        metric="_".join(filter(None, (column.get("role"), column["method"]))),
        subject=column["feature"],
        value=column["score"],
        low=column["low"],
        high=column["high"],
        n=column["n_current"],
        unit=UNITS.get(column["method"], "distance"),
        limit=column["threshold"],
        verdict=UNANSWERED.get(column["status"], _judged(column)),
    )


def _judged(column: Mapping[str, Any]) -> FactVerdict:
    if drift_chance.explains(column):
        return "uncertain"
    return "amber" if column["drifted"] else "passed"
