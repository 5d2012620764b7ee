"""p-values over counts, by the tests that Evidently takes over rows.

Source: evidently 0.7.23, legacy/calculations/stattests (ks, chisquare, z, g_test, fisher_exact). Of the last two Evidently has
an answer only where both windows have as many rows; there it is this one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MOST_ROWS_OF_FISHER = 3_000_000_000
"""Squared they stay below 2^63."""
EXACT_UP_TO = 10_000
"""SciPy counts the paths of smaller samples instead of taking the limit."""


def ks(reference: np.ndarray, current: np.ndarray, ends: np.ndarray) -> tuple[float, float]:
    """p-value of the Kolmogorov-Smirnov test over cells, and how far that over the values can be below it.

    At the end of a cell the distance of the distributions is known; inside one it is at most that of opposite ends, and the
    larger the distance, the smaller the p-value. ends: shape (cells + 1,), ascending.
    """
    import numpy as np

    sizes = int(reference.sum()), int(current.sum())
    one, other = (np.concatenate([[0.0], np.cumsum(each) / each.sum()]) for each in (reference, current))
    found = float(np.abs(one - other).max())
    inside = np.maximum(one[1:] - other[:-1], other[1:] - one[:-1])
    of_many_values = ends[1:] > np.nextafter(ends[:-1], np.inf)
    farthest = max(found, float(inside[of_many_values].max(initial=0.0)))
    return _p_value(reference, current, found), _limit(found, sizes) - _limit(farthest, sizes)


def _p_value(reference: np.ndarray, current: np.ndarray, distance: float) -> float:
    """As SciPy takes it: exact for small samples, and of one sample of their joint size for large ones."""
    import numpy as np
    from scipy.stats import ks_2samp, kstwo

    one, other = float(reference.sum()), float(current.sum())
    if max(one, other) > EXACT_UP_TO:
        return float(np.clip(kstwo.sf(distance, round(one * other / (one + other))), 0.0, 1.0))
    places = np.arange(len(reference))
    return float(ks_2samp(np.repeat(places, reference), np.repeat(places, current)).pvalue)


def _limit(distance: float, sizes: tuple[int, int]) -> float:
    """Kolmogorov's own limit: near enough to say how far two p-values lie apart, and much quicker."""
    from scipy.special import kolmogorov

    one, other = sizes
    return float(kolmogorov(distance * (one * other / (one + other)) ** 0.5))


def chi_square(reference: np.ndarray, current: np.ndarray) -> float:
    """The shares of the reference are expected. A category that it never had speaks against it without a doubt."""
    from scipy.stats import chisquare

    return _as_expected(reference, current, lambda seen, expected: chisquare(seen, expected)[1])


def g_test(reference: np.ndarray, current: np.ndarray) -> float:
    """As chi_square, by the ratio of likelihoods."""
    from scipy.stats import power_divergence

    return _as_expected(
        reference,
        current,
        lambda seen, expected: power_divergence(seen, expected, lambda_="log-likelihood")[1],
    )


def _as_expected(
    reference: np.ndarray, current: np.ndarray, test: Callable[[np.ndarray, np.ndarray], np.floating]
) -> float:
    there = (reference + current) > 0
    if there.sum() < 2:
        return 1.0
    expected = reference[there] * (current.sum() / reference.sum())
    if (expected == 0).any():
        return 0.0
    return float(test(current[there], expected))


def fisher_exact(reference: np.ndarray, current: np.ndarray) -> float:
    """Of a table of two categories; NaN of more, for which there is no answer, and of more rows than SciPy can multiply."""
    from scipy.stats import fisher_exact as exact

    there = (reference + current) > 0
    if there.sum() > 2 or int(reference.sum() + current.sum()) > MOST_ROWS_OF_FISHER:
        return math.nan
    if there.sum() < 2:
        return 1.0
    return float(exact([current[there].tolist(), reference[there].tolist()])[1])


def two_shares(reference: np.ndarray, current: np.ndarray) -> float:
    """z-test of the share of all categories but the first one."""
    import numpy as np
    from scipy.stats import norm

    n, m = int(reference.sum()), int(current.sum())
    one, other = (n - int(reference[0])) / n, (m - int(current[0])) / m
    pooled = (one * n + other * m) / (n + m)
    if pooled in (0.0, 1.0):
        return 1.0
    z = (one - other) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(2 * (1 - norm.cdf(abs(z))))


OVER_CATEGORIES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "chisquare": chi_square,
    "z": two_shares,
    "g_test": g_test,
    "fisher_exact": fisher_exact,
}
"""Tests that ask nothing but how often each category occurs."""
