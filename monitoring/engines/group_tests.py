"""Whether the gap between two groups is more than chance: Fisher's exact test for small counts, else the z-test of two shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.engines.group_rates import GroupRates, successes
from monitoring.engines.two_shares import Share, fisher, z_test

RATES = ("selection_rate", "true_positive_rate", "false_positive_rate")
FEWEST_EXPECTED = 5
"""Below it in any cell the normal distribution is too rough. Source: Cochran (1954), Biometrics 10:417-451."""


@dataclass(frozen=True)
class Tested:
    """test: fisher or z. p_value: two-sided, times the number of pairs (Bonferroni), at most 1. n: rows of both groups."""

    test: str
    p_value: float
    pairs: int
    n: int
    lowest: str | None
    highest: str | None


def tests(groups: Sequence[GroupRates]) -> dict[str, Tested]:
    """Of each rate the compared groups with the lowest and the highest, where both have something to count over."""
    compared = [group for group in groups if group.status == "compared"]
    found = {}
    for rate in RATES:
        there = [group for group in compared if getattr(group, rate).n]
        if len(there) >= 2:
            found[rate] = _tested(rate, sorted(there, key=lambda group: getattr(group, rate).value))
    return found


def _tested(rate: str, ordered: Sequence[GroupRates]) -> Tested:
    lowest, highest = ordered[0], ordered[-1]
    low, high = successes(lowest, rate), successes(highest, rate)
    pairs = len(ordered) * (len(ordered) - 1) // 2
    exact = _fewest_expected(low, high) < FEWEST_EXPECTED
    p_value = min(1.0, pairs * (fisher(low, high) if exact else z_test(low, high)))
    return Tested("fisher" if exact else "z", p_value, pairs, low[1] + high[1], lowest.group, highest.group)


def _fewest_expected(low: Share, high: Share) -> float:
    total = low[1] + high[1]
    chosen = low[0] + high[0]
    return min(each[1] * share / total for each in (low, high) for share in (chosen, total - chosen))
