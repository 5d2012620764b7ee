"""Intervals agree with the tables of the papers they come from."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import pytest

from monitoring.engines.intervals import Estimate, Z, koopman_ratio, newcombe_difference, wilson

NEVER = 1e-7
"""Counts that are drawn less often than this are passed over."""


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_limits_that_newcombe_1998_prints(
    successes: int, n: int, low: float, high: float
) -> None:
    share = wilson(successes, n)

    assert (round(share.low or 0, 4), round(share.high or 0, 4)) == (low, high)
    assert share.value == successes / n


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_the_difference_gives_the_limits_that_newcombe_1998_prints(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    gap = newcombe_difference(one, other)

    assert (round(gap.low or 0, 4), round(gap.high or 0, 4)) == (low, high)


def test_the_ratio_has_the_limits_that_koopman_1984_prints() -> None:
    """36 of 40 against 16 of 80, the example of the paper: 2.94 to 7.15."""
    ratio = koopman_ratio((36, 40), (16, 80))

    assert (ratio.value, ratio.n) == (4.5, 120)
    assert (round(ratio.low or 0, 2), round(ratio.high or 0, 2)) == (2.94, 7.15)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((10, 20), (16, 20)),
        ((8, 15), (4, 15)),
        ((1, 2), (3, 4)),
        ((20, 30), (29, 30)),
        ((12.37, 19), (20.5, 40)),
    ],
)
def test_the_ratio_has_the_limits_of_statsmodels(one: tuple[float, int], other: tuple[float, int]) -> None:
    """Where no group has nothing but successes: there its own limits are complex numbers, or wrong."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    told = confint_proportions_2indep(*one, *other, method="score", compare="ratio", correction=False)

    assert (koopman_ratio(one, other).low, koopman_ratio(one, other).high) == pytest.approx(told, rel=1e-8)


def test_a_group_without_successes_has_a_ratio_of_nothing_and_an_interval_from_nothing() -> None:
    ratio = koopman_ratio((0, 20), (16, 20))

    assert (ratio.value, ratio.low) == (0.0, 0.0)
    assert ratio.high == pytest.approx(0.2032208139, abs=1e-9)


def test_nothing_counted_gives_no_number() -> None:
    assert wilson(0, 0).value is None
    assert koopman_ratio((0, 20), (0, 20)).value is None
    assert newcombe_difference((1, 2), (0, 0)).value is None


def test_groups_that_have_nothing_but_successes_are_not_taken_for_certain() -> None:
    """By hand: the error is then that of one group alone, and the limits m / (m + z²) and (n + z²) / n."""
    ratio = koopman_ratio((30, 30), (270, 270))

    assert ratio.value == 1.0
    assert ratio.low == pytest.approx(30 / (30 + Z * Z), rel=1e-9)
    assert ratio.high == pytest.approx((270 + Z * Z) / 270, rel=1e-9)


@pytest.mark.parametrize("m", [1, 2, 30])
@pytest.mark.parametrize("n", [1, 7, 1_000_000])
def test_every_ratio_lies_within_its_limits(m: int, n: int) -> None:
    for a, b in product({0, 1, m - 1, m}, {1, n // 2 + 1, n - 1, n} - {0}):
        ratio = koopman_ratio((a, m), (b, n))

        assert ratio.low is not None and ratio.value is not None and ratio.high is not None
        assert 0 <= ratio.low <= ratio.value < ratio.high < math.inf
        assert (ratio.low > 0) == (a > 0)


@pytest.mark.parametrize(
    ("small", "large"), [((30, 0.7), (270, 0.9)), ((40, 0.2), (267, 0.45)), ((308, 0.7), (681, 0.9))]
)
def test_they_hold_the_truth_in_about_95_of_100_samples(
    small: tuple[int, float], large: tuple[int, float]
) -> None:
    (m, p), (n, q) = small, large

    assert 0.92 < _held(small, large, p, lambda a, b: wilson(a, m)) < 0.98
    assert 0.92 < _held(small, large, p / q, lambda a, b: koopman_ratio((a, m), (b, n))) < 0.98
    assert 0.92 < _held(small, large, q - p, lambda a, b: newcombe_difference((b, n), (a, m))) < 0.98


@pytest.mark.parametrize("n", [30, 270])
def test_thirty_rows_of_much_success_are_not_given_too_narrow_a_ratio(n: int) -> None:
    """Thirty of 0.9 against n of 0.97, where the log-normal interval that came before holds the truth less often."""
    small, large = (30, 0.9), (n, 0.97)

    score = _held(small, large, 0.9 / 0.97, lambda a, b: koopman_ratio((a, 30), (b, n)))
    log_normal = _held(small, large, 0.9 / 0.97, lambda a, b: _katz((a, 30), (b, n)))

    print(f"koopman {score:.4f}, katz {log_normal:.4f}")
    assert 0.93 < score < 0.98
    assert log_normal < score


def _held(
    small: tuple[int, float], large: tuple[int, float], truth: float, told: Callable[[int, int], Estimate]
) -> float:
    """How often an interval holds the truth, over every sample that can be drawn: nothing here is a simulation."""
    from scipy.stats import binom

    first, second = (binom.pmf(range(of + 1), of, share) for of, share in (small, large))
    held = 0.0
    for a, b in product(range(1, small[0] + 1), range(1, large[0] + 1)):
        if min(first[a], second[b]) < NEVER:
            continue
        found = told(a, b)
        if found.low is not None and found.high is not None and found.low <= truth <= found.high:
            held += float(first[a] * second[b])
    return held


def _katz(low: tuple[float, int], high: tuple[float, int]) -> Estimate:
    """Katz et al. (1978), Biometrics 34:469-474; half a failure more where a group has none."""
    (a, m), (b, n) = low, high
    lacks = 0.5 if a == m or b == n else 0.0
    first, second = a / (m + lacks), b / (n + lacks)
    width, middle = Z * math.sqrt((1 - first) / a + (1 - second) / b), math.log(first / second)
    return Estimate(a / m / (b / n), math.exp(middle - width), math.exp(middle + width), m + n)
