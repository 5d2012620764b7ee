"""Gaps between groups: Fairlearn's aggregates, and each group against the largest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import combinations
from math import comb
from typing import Any

from monitoring.engines.group_rates import GroupRates, successes
from monitoring.engines.intervals import (
    held_together,
    holds_equality,
    koopman_ratio,
    newcombe_difference,
)
from monitoring.engines.two_shares import standard_errors

PARITY = {
    "demographic_parity_ratio": "selection_rate",
    "demographic_parity_difference": "selection_rate",
}
ODDS = {
    "equal_opportunity_difference": "true_positive_rate",
    "equal_opportunity_ratio": "true_positive_rate",
    "false_positive_rate_difference": "false_positive_rate",
    "false_positive_rate_ratio": "false_positive_rate",
}
"""Aggregates that need known outcomes, with the rate that each compares."""
AGGREGATES = (*PARITY, "equalized_odds_difference", *ODDS)


def gaps(groups: Sequence[GroupRates]) -> dict[str, dict[str, Any]]:
    """The aggregates over the compared groups, each with the two groups it stands between.

    Fairlearn takes its aggregates from the rates of its MetricFrame, and so do these: a frame for each would give the same bits.
    """
    compared = [group for group in groups if group.status == "compared"]
    found = {name: _gap(name, compared, rate) for name, rate in PARITY.items()}
    if all(group.true_positive_rate.n and group.false_positive_rate.n for group in compared):
        found |= _odds(compared)
    return found


def against_the_largest(groups: Sequence[GroupRates]) -> list[dict[str, Any]]:
    """Each compared group against the largest: rate divided by its rate, and minus it.

    The ratio is known as the adverse (or disparate) impact ratio, the difference as the mean difference. Nothing is picked
    here by how it came out, and nothing is judged, so each interval is that of its comparison alone.
    """
    compared = [group for group in groups if group.status == "compared"]
    largest = max(compared, key=lambda group: group.n)
    theirs = successes(largest, "selection_rate")
    found = []
    for group in compared:
        ours = successes(group, "selection_rate")
        ratio, difference = koopman_ratio(ours, theirs), newcombe_difference(ours, theirs)
        found.append({"group": group.group, "ratio": asdict(ratio), "difference": asdict(difference)})
    return [
        {**each, "largest": largest.group}
        for each, group in zip(found, compared, strict=True)
        if group is not largest
    ]


def _odds(compared: Sequence[GroupRates]) -> dict[str, dict[str, Any]]:
    wider = max(("true_positive_rate", "false_positive_rate"), key=lambda rate: _spread(compared, rate))
    rates = {"equalized_odds_difference": wider, **ODDS}
    return {name: _gap(name, compared, rate) for name, rate in rates.items()}


def _spread(compared: Sequence[GroupRates], rate: str) -> float:
    values = [getattr(group, rate).value for group in compared]
    return float(max(values) - min(values))


def _gap(name: str, compared: Sequence[GroupRates], rate: str) -> dict[str, Any]:
    """The number that the two rates give, with the interval of their groups.

    The two are picked as the farthest of all pairs, so the interval is one of as many that hold the truth together. shown: the
    farthest pair whose interval leaves equality out, where this one's does not: a small group at the end hides no larger one.
    """
    lowest, *_others, highest = sorted(compared, key=lambda group: getattr(group, rate).value)
    pairs = comb(len(compared), 2)
    z = held_together(pairs)
    farthest = _between(name, lowest, highest, rate, z)
    shown = _shown(name, compared, rate, z) if holds_equality(name, farthest) and pairs > 1 else None
    return {**farthest, "rate": rate, "pairs": pairs, "shown": shown}


def _between(name: str, low: GroupRates, high: GroupRates, rate: str, z: float) -> dict[str, Any]:
    ours, theirs = successes(low, rate), successes(high, rate)
    values = getattr(low, rate).value, getattr(high, rate).value
    if name.endswith("ratio"):
        estimate, value = koopman_ratio(ours, theirs, z), values[0] / (values[1] or 1.0)
    else:
        estimate, value = newcombe_difference(theirs, ours, z), values[1] - values[0]
    if estimate.value is not None:
        estimate = replace(estimate, value=value)
    return {**asdict(estimate), "lowest": low.group, "highest": high.group}


def _shown(name: str, compared: Sequence[GroupRates], rate: str, z: float) -> dict[str, Any] | None:
    """Of the pairs that differ by more than chance the farthest. The z-test picks them, the interval has the last word."""
    ordered = sorted(compared, key=lambda group: getattr(group, rate).value)
    apart = [
        pair
        for pair in combinations(ordered, 2)
        if standard_errors(successes(pair[0], rate), successes(pair[1], rate)) > z
    ]
    for one, other in sorted(apart, key=lambda pair: _far(name, pair[0], pair[1], rate)):
        found = _between(name, one, other, rate, z)
        if not holds_equality(name, found):
            return found
    return None


def _far(name: str, low: GroupRates, high: GroupRates, rate: str) -> float:
    """The less, the farther apart."""
    ours, theirs = getattr(low, rate).value, getattr(high, rate).value
    return float(ours / theirs if name.endswith("ratio") else ours - theirs)
