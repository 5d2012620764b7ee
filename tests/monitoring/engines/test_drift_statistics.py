"""Our drift statistics on four rows of paper, and what resampling them says."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring.engines.drift_rule import DISTANCES
from monitoring.engines.drift_statistics import layout


def test_psi_of_four_rows_worked_by_hand() -> None:
    """Shares 3/4, 1/4 against 1/4, 3/4: (1/2) ln 3 + (1/2) ln 3 = ln 3."""
    one, other = np.array(["a", "a", "a", "b"], dtype=object), np.array(["a", "b", "b", "b"], dtype=object)

    assert layout(one, other, "psi", categorical=True).score() == pytest.approx(np.log(3), abs=1e-15)


def test_wasserstein_of_four_rows_worked_by_hand() -> None:
    """All four values move by 1; the reference has the standard deviation sqrt(5)/2."""
    one, other = np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 4, 5])

    score = layout(one, other, "wasserstein", categorical=False).score()

    assert score == pytest.approx(2 / np.sqrt(5), abs=1e-15)


def test_jensen_shannon_of_periods_with_nothing_in_common_is_the_root_of_ln_2() -> None:
    one, other = np.array(["a"] * 4, dtype=object), np.array(["b"] * 4, dtype=object)

    assert layout(one, other, "jensenshannon", categorical=True).score() == pytest.approx(np.sqrt(np.log(2)))


def test_hellinger_kullback_and_energy_of_four_rows_worked_by_hand() -> None:
    """Shares 3/4, 1/4 against 1/4, 3/4. Numbers 0 and 2: the distributions lie 1/2 apart over a way of 2."""
    words = np.array(["a", "a", "a", "b"], dtype=object), np.array(["a", "b", "b", "b"], dtype=object)
    numbers = np.array([0.0, 0, 0, 2]), np.array([0.0, 2, 2, 2])

    assert layout(*words, "hellinger", categorical=True).score() == pytest.approx(np.sqrt(1 - np.sqrt(3) / 2))
    assert layout(*words, "kl_div", categorical=True).score() == pytest.approx(np.log(3) / 2)
    assert layout(*numbers, "ed", categorical=False).score() == pytest.approx(np.sqrt(2 * 0.5**2 * 2))


@pytest.mark.parametrize("method", DISTANCES)
def test_two_samples_of_one_source_score_within_chance_and_moved_ones_above(method: str) -> None:
    rng = np.random.default_rng(5)
    one, same, moved = rng.normal(size=800), rng.normal(size=400), rng.normal(0.7, size=400)

    alike, apart = (layout(one, other, method, categorical=False) for other in (same, moved))

    assert alike.score() < np.quantile(alike.by_chance(200, rng), 0.99)
    assert apart.score() > np.quantile(apart.by_chance(200, rng), 0.99)
    assert np.std(apart.resampled(200, rng)) > 0


def test_resampling_in_slices_is_resampling() -> None:
    values = np.arange(60_000, dtype=float)

    found = layout(values, values + 1, "wasserstein", categorical=False)

    assert found.draws == 120_000
    assert len(found.resampled(100, np.random.default_rng(0))) == 100
