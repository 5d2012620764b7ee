"""The three measures of association are those of scipy, less what chance gives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency, kruskal, rankdata, spearmanr

from monitoring.engines.association import ETA, RHO, Column, Pair, V, correlation_ratio, cramers_v, spearman

RNG = np.random.default_rng(4)
GROUPS = RNG.integers(0, 4, 300)
OTHERS = np.where(RNG.random(300) < 0.5, GROUPS, RNG.integers(0, 7, 300))
RANKS = rankdata(GROUPS + RNG.normal(0, 2, 300))


def test_of_two_categories_it_is_chi_square_less_what_chance_gives() -> None:
    table = np.histogram2d(OTHERS, GROUPS, bins=(range(8), range(5)))[0]
    n, chi_square = 300, chi2_contingency(table, correction=False).statistic
    wanted = (chi_square / n - 6 * 3 / (n - 1)) / (min(7 - 36 / (n - 1), 4 - 9 / (n - 1)) - 1)

    assert cramers_v(OTHERS, GROUPS) == pytest.approx(wanted**0.5) == cramers_v(GROUPS, OTHERS)
    assert cramers_v(GROUPS, GROUPS) == pytest.approx(1)


def test_of_a_number_and_a_category_it_is_that_of_kruskal_and_wallis_less_what_chance_gives() -> None:
    h = kruskal(*(RANKS[each == GROUPS] for each in range(4))).statistic

    assert correlation_ratio(RANKS, GROUPS) == pytest.approx(((h - 3) / (300 - 4)) ** 0.5)
    assert correlation_ratio(rankdata(GROUPS), GROUPS) == pytest.approx(1)


def test_of_two_numbers_it_is_spearman_s() -> None:
    falls = rankdata(-RANKS + RNG.normal(0, 100, 300))

    assert spearman(RANKS, falls) == pytest.approx(abs(spearmanr(RANKS, falls).statistic))


@pytest.mark.parametrize("measure", [cramers_v, correlation_ratio, spearman])
def test_where_there_is_nothing_to_tell_it_is_nothing(measure) -> None:
    for nothing in ([], [1.0], [1.0] * 50):
        assert measure(np.array(nothing), np.array(nothing)) == 0
    noise = [
        measure(RNG.permutation(100.0 * np.arange(90) // 900), RNG.integers(0, 9, 90).astype(float))
        for _ in range(50)
    ]
    assert np.median(noise) < 0.2


def test_each_pair_has_the_measure_for_what_it_holds_and_leaves_out_what_is_not_known() -> None:
    groups, ranks = Column(GROUPS.astype(float), is_number=False), Column(RANKS.copy(), is_number=True)
    ranks.values[:10] = np.nan
    for one, other, measure in (
        (groups, groups, V),
        (ranks, groups, ETA),
        (groups, ranks, ETA),
        (ranks, ranks, RHO),
    ):
        pair = Pair.of(one, other)
        assert pair.measure == measure
        told = pair.estimate(1)
        assert told.n == (300 if measure == V else 290)
        assert 0 <= (told.low or 0) <= (told.value or 0) <= (told.high or 0) <= 1


def test_the_interval_is_about_what_the_rows_say_and_not_above_it() -> None:
    """A plain bootstrap would lie above it: its draws are corrected for half of what they need."""
    few = Pair(V, RNG.integers(0, 3, 100).astype(float), RNG.integers(0, 3, 100).astype(float)).estimate(1)
    some = Pair(V, OTHERS.astype(float), GROUPS.astype(float)).estimate(1)

    assert (few.low, few.value) == (0, pytest.approx(few.value)) and (few.high or 0) < 0.3
    assert (some.value or 0) - (some.low or 0) == pytest.approx(
        (some.high or 0) - (some.value or 0), abs=0.05
    )
