"""Whether two shares differ by more than chance: Fisher's exact test, and the z-test with their common variance."""

from __future__ import annotations

import math

Share = tuple[float, int]
"""Counted, and out of how many rows; a whole number, unless the rows have weights."""


def fisher(low: Share, high: Share) -> float:
    """Two-sided p-value, of what was counted to the nearest whole row."""
    from scipy.stats import fisher_exact

    whole = [(round(counted), of) for counted, of in (low, high)]
    return float(fisher_exact([[counted, of - counted] for counted, of in whole]).pvalue)


def z_test(low: Share, high: Share) -> float:
    """Two-sided p-value."""
    return math.erfc(standard_errors(low, high) / math.sqrt(2))


def standard_errors(low: Share, high: Share) -> float:
    """How many of them the two lie apart; 0 where nothing varies."""
    together = (low[0] + high[0]) / (low[1] + high[1])
    error = math.sqrt(together * (1 - together) * (1 / low[1] + 1 / high[1]))
    return abs(high[0] / high[1] - low[0] / low[1]) / error if error else 0.0
