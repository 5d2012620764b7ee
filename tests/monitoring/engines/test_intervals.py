"""Intervals agree with the tables of the papers they come from."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from monitoring.engines.intervals import Estimate, katz_ratio, newcombe_difference, wilson


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


def test_the_ratio_is_the_one_worked_by_hand() -> None:
    error = math.sqrt(0.5 / 10 + 0.2 / 16)

    ratio = katz_ratio((10, 20), (16, 20))

    assert ratio.value == 0.625
    assert ratio.low == pytest.approx(0.625 * math.exp(-1.959964 * error), rel=1e-6)
    assert ratio.high == pytest.approx(0.625 * math.exp(1.959964 * error), rel=1e-6)
    assert ratio.n == 40


def test_a_group_without_successes_has_a_ratio_of_nothing_and_an_interval_above_it() -> None:
    ratio = katz_ratio((0, 20), (16, 20))

    assert ratio.value == 0
    assert ratio.low is not None and ratio.high is not None
    assert 0 < ratio.low < ratio.high


def test_nothing_counted_gives_no_number() -> None:
    assert wilson(0, 0).value is None
    assert katz_ratio((0, 20), (0, 20)).value is None
    assert newcombe_difference((1, 2), (0, 0)).value is None


def test_groups_that_have_nothing_but_successes_are_not_taken_for_certain() -> None:
    ratio = katz_ratio((30, 30), (270, 270))

    assert ratio.value == 1.0
    assert ratio.low is not None and ratio.high is not None
    assert 0.93 < ratio.low < 1.0 < ratio.high < 1.04


@pytest.mark.parametrize(
    ("small", "large"), [((30, 0.7), (270, 0.9)), ((40, 0.2), (267, 0.45)), ((308, 0.7), (681, 0.9))]
)
def test_they_hold_the_truth_in_about_95_of_100_samples(
    small: tuple[int, float], large: tuple[int, float]
) -> None:
    """Over every sample that can be drawn, weighed by its probability: nothing here is a simulation."""
    from scipy.stats import binom

    (m, p), (n, q) = small, large
    chances = [
        (a, b, float(binom.pmf(a, m, p) * binom.pmf(b, n, q)))
        for a in range(1, m + 1)
        for b in range(1, n + 1)
        if abs(a / m - p) < 5 * math.sqrt(p * (1 - p) / m) and abs(b / n - q) < 5 * math.sqrt(q * (1 - q) / n)
    ]

    def held(truth: float, told: Callable[[int, int], Estimate]) -> float:
        return sum(chance for a, b, chance in chances if told(a, b).low <= truth <= told(a, b).high)  # type: ignore[operator]

    assert 0.92 < held(p, lambda a, b: wilson(a, m)) < 0.98
    assert 0.92 < held(p / q, lambda a, b: katz_ratio((a, m), (b, n))) < 0.98
    assert 0.92 < held(q - p, lambda a, b: newcombe_difference((b, n), (a, m))) < 0.98
