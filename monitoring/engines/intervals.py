"""Confidence intervals in plain arithmetic. Every one is two-sided, 95 % unless another z is given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""
TAIL = 0.025
"""How often the truth may lie beyond one end of an interval."""
STEP = math.log(2)
NEAR = 1e-11
"""So near a limit of a ratio is found, on the scale of its logarithm."""


@dataclass(frozen=True)
class Estimate:
    """A number with its interval. n = what it was counted over; None = could not be measured."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def held_together(intervals: int) -> float:
    """The z with which so many intervals at once hold the truth in at least 95 of 100. Source: Bonferroni's inequality."""
    return Z if intervals == 1 else -NormalDist().inv_cdf(TAIL / intervals)


def holds_equality(name: str, gap: Mapping[str, Any]) -> bool:
    """Whether the interval of a gap has room for two equal rates: then chance alone may have made it."""
    equal = 1.0 if name.endswith("ratio") else 0.0
    return gap["low"] is not None and gap["high"] is not None and gap["low"] <= equal <= gap["high"]


def wilson(successes: float, n: int, z: float = Z) -> Estimate:
    """A share with Wilson's score interval. Source: Wilson (1927), JASA 22:209-212.

    successes: not a whole number where rows have weights.
    """
    if n == 0:
        return Estimate(None, None, None, 0)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(
        share, 0.0 if successes == 0 else centre - half, 1.0 if successes == n else centre + half, n
    )


def koopman_ratio(low: tuple[float, int], high: tuple[float, int], z: float = Z) -> Estimate:
    """Ratio of two shares with the asymptotic score interval. Source: Koopman (1984), Biometrics 40:513-517.

    low, high: (successes, n). The interval may reach above 1: the truth may have the groups the other way
    round. No success in the first group: the interval begins at 0; none in the second: there is no ratio.
    """
    (a, m), (b, n) = low, high
    if m == 0 or n == 0 or b == 0:
        return Estimate(None, None, None, m + n)
    ratio = (a / m) / (b / n)
    down = 0.0 if a == 0 else _crossed(low, high, ratio, z)
    return Estimate(ratio, down, _crossed(low, high, ratio or 1 / m, -z), m + n)


def _crossed(low: tuple[float, int], high: tuple[float, int], start: float, score: float) -> float:
    """The ratio at which the score, which falls as the ratio grows, is this: bracketed by doubling, on the logarithm."""
    from scipy.optimize import brentq

    def above(place: float) -> float:
        return _score(low, high, math.exp(place)) - score

    left = right = math.log(start)
    while above(left) < 0:
        left -= STEP
    while above(right) > 0:
        right += STEP
    return math.exp(left if left == right else brentq(above, left, right, xtol=NEAR))


def _score(low: tuple[float, int], high: tuple[float, int], ratio: float) -> float:
    """How many standard errors the two shares lie off this ratio, the error taken from the likeliest shares that have it."""
    (a, m), (b, n) = low, high
    middle = (m + b) * ratio + a + n
    root = math.sqrt(max(0.0, middle * middle - 4 * (m + n) * ratio * (a + b)))
    second = 2 * (a + b) / (middle + root)
    first = ratio * second
    apart = a / m - ratio * b / n
    variance = first * max(0.0, 1 - first) / m + ratio * ratio * second * max(0.0, 1 - second) / n
    if not variance:
        return math.copysign(math.inf, apart) if apart else 0.0
    return apart / math.sqrt(variance)


def newcombe_difference(high: tuple[float, int], low: tuple[float, int], z: float = Z) -> Estimate:
    """Share of `high` minus share of `low`. Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10."""
    one, other = wilson(*high, z), wilson(*low, z)
    if one.value is None or other.value is None:
        return Estimate(None, None, None, one.n + other.n)
    assert one.low is not None and one.high is not None and other.low is not None and other.high is not None
    gap = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return Estimate(gap, gap - down, gap + up, one.n + other.n)
