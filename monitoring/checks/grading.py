"""Green, amber or red by two limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from monitoring.checks.check import WORST_FIRST, FactVerdict, MeasurementFact, Verdict, against

NOTHING = "–"
"""Stands in a sentence for names of which there are none."""
UNMEASURED = "not_measured"


def graded(found: Mapping[str, Any], amber: float | None, red: float | None) -> FactVerdict:
    """Of a figure of which less is better: the point decides, by its distance from zero.

    A pass whose interval crosses the amber limit is uncertain.
    """
    if found["value"] is None:
        return "insufficient_data"
    if amber is None and red is None:
        return "reported"
    edge = max((abs(each) for each in (found["low"], found["high"]) if each is not None), default=None)
    if red is not None and abs(found["value"]) > red:
        return "failed"
    if amber is not None and abs(found["value"]) > amber:
        return "amber"
    lowest = min(limit for limit in (amber, red) if limit is not None)
    return "uncertain" if edge is None or edge > lowest else "passed"


def of_side(
    side: Literal["at_least", "at_most"], amber: float | None, red: float | None, found: Mapping[str, Any]
) -> FactVerdict:
    """Of a figure that counts with its sign: red as `against` says it; within red, amber by the amber limit."""
    at = (found["value"], found["low"], found["high"])
    verdict, looked = against(side, red, *at), against(side, amber, *at)
    if amber is None or verdict in ("failed", "insufficient_data"):
        return verdict
    return "amber" if looked == "failed" else "uncertain" if "uncertain" in (verdict, looked) else looked


def exceeded(verdict: FactVerdict, amber: float | None, red: float | None) -> float | None:
    """The limit that stands beside a figure: red where it was exceeded, else the first one that would be."""
    return red if verdict == "failed" or amber is None else amber


def fact(
    metric: str,
    subject: str,
    found: Mapping[str, Any],
    unit: str,
    limit: float | None = None,
    verdict: FactVerdict = "reported",
) -> MeasurementFact:
    """An engine's Estimate as a figure of a result."""
    return MeasurementFact(
        metric, subject, found["value"], found["low"], found["high"], found["n"], unit, limit, verdict
    )


def unmeasured(
    metric: str, unit: str, red: float | None, subject: str = "", n: int = 0, *, amber: float | None = None
) -> MeasurementFact:
    """What was asked and gave no figure: a limit that the plan sets, or a part of the question itself. Never green."""
    limit = exceeded("insufficient_data", amber, red)
    return MeasurementFact(metric, subject, None, None, None, n, unit, limit, "insufficient_data")


def with_gaps(verdict: Verdict, gaps: Sequence[MeasurementFact]) -> Verdict:
    """A pass beside which something gave no figure is uncertain."""
    return "uncertain" if verdict == "passed" and gaps else verdict


def named(gaps: Sequence[MeasurementFact]) -> dict[str, list[str]]:
    """The parameter by which every sentence says what was not measured, each figure once."""
    return {UNMEASURED: list(dict.fromkeys(each.metric for each in gaps))} if gaps else {}


def of_all(facts: Sequence[MeasurementFact]) -> Verdict:
    """The worst of the judged figures; beside passes, one that could not be judged leaves the whole uncertain."""
    verdicts = {each.verdict for each in facts} - {"reported"}
    if verdicts == {"passed", "insufficient_data"}:
        return "uncertain"
    return next((each for each in WORST_FIRST if each in verdicts), "insufficient_data")
