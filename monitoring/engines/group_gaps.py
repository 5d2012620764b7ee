"""Gaps between groups: Fairlearn's aggregates, and each group against the largest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from monitoring.engines.counts import Cell
from monitoring.engines.group_rates import GroupRates, frame_of
from monitoring.engines.intervals import Estimate, katz_ratio, newcombe_difference

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
WHOLE = 1e-6
"""A count that is nearer than this to a whole number is one; the rest is the rounding of a share."""
AGGREGATES = (*PARITY, "equalized_odds_difference", *ODDS)


def gaps(cells: Sequence[Cell], groups: Sequence[GroupRates]) -> dict[str, dict[str, Any]]:
    """The aggregates over the compared groups, each with the two groups it stands between."""
    compared = [group for group in groups if group.status == "compared"]
    found = {name: _gap(name, cells, compared, rate) for name, rate in PARITY.items()}
    labelled = [cell for cell in cells if cell.label is not None]
    if all(group.true_positive_rate.n and group.false_positive_rate.n for group in compared):
        found |= _odds(labelled, compared)
    return found


def against_the_largest(groups: Sequence[GroupRates]) -> list[dict[str, Any]]:
    """Each compared group against the largest: rate divided by its rate, and minus it.

    The ratio is known as the adverse (or disparate) impact ratio, the difference as the mean difference.
    """
    compared = [group for group in groups if group.status == "compared"]
    largest = max(compared, key=lambda group: group.n)
    theirs = successes(largest, "selection_rate")
    found = []
    for group in compared:
        ours = successes(group, "selection_rate")
        ratio, difference = katz_ratio(ours, theirs), newcombe_difference(ours, theirs)
        found.append({"group": group.group, "ratio": asdict(ratio), "difference": asdict(difference)})
    return [
        {**each, "largest": largest.group}
        for each, group in zip(found, compared, strict=True)
        if group is not largest
    ]


def _odds(labelled: Sequence[Cell], compared: Sequence[GroupRates]) -> dict[str, dict[str, Any]]:
    wider = max(("true_positive_rate", "false_positive_rate"), key=lambda rate: _spread(compared, rate))
    rates = {"equalized_odds_difference": wider, **ODDS}
    return {name: _gap(name, labelled, compared, rate) for name, rate in rates.items()}


def _spread(compared: Sequence[GroupRates], rate: str) -> float:
    values = [getattr(group, rate).value for group in compared]
    return float(max(values) - min(values))


def _gap(name: str, cells: Sequence[Cell], compared: Sequence[GroupRates], rate: str) -> dict[str, Any]:
    """The library's number with the interval of the two groups that give it."""
    ordered = sorted(compared, key=lambda group: getattr(group, rate).value)
    lowest, highest = ordered[0], ordered[-1]
    low, high = successes(lowest, rate), successes(highest, rate)
    estimate = katz_ratio(low, high) if name.endswith("ratio") else newcombe_difference(high, low)
    if estimate.value is not None:
        estimate = replace(estimate, value=_fairlearn(name, cells))
    return {**asdict(estimate), "rate": rate, "lowest": lowest.group, "highest": highest.group}


def successes(group: GroupRates, rate: str) -> tuple[float, int]:
    """The rate of a group as (counted, out of): a whole number, unless its rows have weights."""
    estimate: Estimate = getattr(group, rate)
    counted = (estimate.value or 0.0) * estimate.n
    return (round(counted) if abs(counted - round(counted)) < WHOLE else counted), estimate.n


def _fairlearn(name: str, cells: Sequence[Cell]) -> float:
    import fairlearn.metrics

    frame = frame_of(cells)
    function = getattr(fairlearn.metrics, name)
    return float(
        function(frame.y_true, frame.y_pred, sensitive_features=frame.group, sample_weight=frame.weight)
    )
