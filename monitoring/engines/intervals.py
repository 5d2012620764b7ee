"""Confidence intervals in plain arithmetic. Every one is two-sided, 95 %."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Estimate:
    """A number with its interval. n = what it was counted over; None = could not be measured."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def wilson(successes: float, n: int) -> Estimate:
    """A share with Wilson's score interval. Source: Wilson (1927), JASA 22:209-212.

    successes: not a whole number where rows have weights.
    """
    if n == 0:
        return Estimate(None, None, None, 0)
    share = successes / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Estimate(
        share, 0.0 if successes == 0 else centre - half, 1.0 if successes == n else centre + half, n
    )


def katz_ratio(low: tuple[float, int], high: tuple[float, int]) -> Estimate:
    """Ratio of two shares with the log-normal interval. Source: Katz et al. (1978), Biometrics 34:469-474.

    low, high: (successes, n). The interval may reach above 1: the truth may have the groups the other way
    round. With no success at all half a success is added for the interval, not for the ratio; with nothing but successes
    in a group half a failure, or it would be taken for certain.
    """
    (a, m), (b, n) = low, high
    if m == 0 or n == 0 or b == 0:
        return Estimate(None, None, None, m + n)
    plus = 0.5 if a == 0 else 0.0
    lacks = 0.5 if a == m or b == n else 0.0
    first, second = (a + plus) / (m + plus + lacks), (b + plus) / (n + plus + lacks)
    width = Z * math.sqrt((1 - first) / (a + plus) + (1 - second) / (b + plus))
    middle = math.log(first / second)
    return Estimate((a / m) / (b / n), math.exp(middle - width), math.exp(middle + width), m + n)


def newcombe_difference(high: tuple[float, int], low: tuple[float, int]) -> Estimate:
    """Share of `high` minus share of `low`. Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10."""
    one, other = wilson(*high), wilson(*low)
    if one.value is None or other.value is None:
        return Estimate(None, None, None, one.n + other.n)
    assert one.low is not None and one.high is not None and other.low is not None and other.high is not None
    gap = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return Estimate(gap, gap - down, gap + up, one.n + other.n)
