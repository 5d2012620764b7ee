"""Calibration and cost: scikit-learn's own values, figures on paper, and intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring.engines.calibration import calibration
from monitoring.engines.costs import Matrix, rise

pytestmark = pytest.mark.slow  # importing scikit-learn alone takes that long


def drawn(n: int, seed: int, *, slope: float = 1.0, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes, and scores whose log-odds are off by a slope and a shift."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(-0.5, 1.2, n)
    truth = rng.random(n) < 1 / (1 + np.exp(-(slope * odds + shift)))
    return truth, 1 / (1 + np.exp(-odds))


def test_the_bins_are_exactly_scikit_learn_s() -> None:
    from sklearn.calibration import calibration_curve

    truth, scores = drawn(1000, 1)
    found = calibration(truth, scores)
    assert found is not None
    came, said = calibration_curve(truth, scores, n_bins=10, strategy="quantile")
    assert [each.predicted for each in found.bins] == pytest.approx(said, abs=1e-12)
    assert [each.observed.value for each in found.bins] == pytest.approx(came, abs=1e-12)
    assert sum(each.observed.n for each in found.bins) == 1000
    weights = [each.observed.n / 1000 for each in found.bins]
    assert found.error.value == pytest.approx(float(np.abs(came - said) @ weights), abs=1e-12)


def test_slope_and_intercept_are_exactly_scikit_learn_s_regression() -> None:
    from sklearn.linear_model import LogisticRegression

    truth, scores = drawn(2000, 2, slope=0.6)
    found = calibration(truth, scores)
    assert found is not None and found.slope.low is not None and found.slope.high is not None
    odds = np.log(scores / (1 - scores))[:, None]
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(odds, truth)
    assert found.slope.value == pytest.approx(float(theirs.coef_[0, 0]), abs=1e-5)
    assert found.slope.low < 0.6 < found.slope.high < 1


def test_scores_that_are_too_low_throughout_show_in_the_intercept() -> None:
    truth, scores = drawn(4000, 3, shift=0.7)
    found = calibration(truth, scores)
    assert found is not None and found.intercept.low is not None and found.intercept.high is not None
    assert found.intercept.low < 0.7 < found.intercept.high and found.intercept.low > 0
    assert found.slope.low is not None and found.slope.low < 1 < (found.slope.high or 0)


def test_the_error_is_a_mean_over_rows_on_paper() -> None:
    """Two scores, 0.2 and 0.6, of twenty rows each; a half of either came true: gaps 0.3 and 0.1."""
    scores = np.repeat([0.2, 0.6], 20)
    found = calibration(np.tile([True, False], 20), scores)
    assert found is not None
    assert found.error.value == pytest.approx(0.2)
    assert [(round(each.predicted, 2), each.observed.value, each.observed.n) for each in found.bins] == [
        (0.2, 0.5, 20),
        (0.6, 0.5, 20),
    ]


def test_the_interval_of_the_slope_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(200):
        found = calibration(*drawn(300, seed))
        assert found is not None and found.slope.low is not None and found.slope.high is not None
        held += found.slope.low <= 1 <= found.slope.high
    assert 180 <= held <= 198


def test_the_interval_of_the_error_narrows_with_the_rows_and_holds_the_point() -> None:
    widths = []
    for n in (200, 20_000):
        error = getattr(calibration(*drawn(n, 5, slope=0.5)), "error")  # noqa: B009
        assert error.low <= error.value <= error.high
        widths.append(error.high - error.low)
    assert widths[1] < widths[0] / 5


@pytest.mark.parametrize(
    ("truth", "scores"),
    [
        ([True] * 9 + [False] * 50, [0.5] * 59),
        ([True, False] * 30, [-0.1, 0.5] * 30),
        ([True, False] * 30, [1.5, 0.5] * 30),
    ],
)
def test_what_is_no_probability_or_too_rare_has_no_calibration(
    truth: list[bool], scores: list[float]
) -> None:
    assert calibration(np.array(truth), np.array(scores)) is None


def test_a_perfect_separation_has_no_slope_but_an_error() -> None:
    truth = np.arange(40) < 20
    found = calibration(truth, np.where(truth, 0.9, 0.1))
    assert found is not None and found.error.value == pytest.approx(0.1)
    assert found.slope.value is None or found.slope.high is None or found.slope.high > 1


DECISIONS = {"true_positives": 30, "false_positives": 10, "false_negatives": 5, "true_negatives": 55}


def test_the_cost_of_a_decision_on_paper() -> None:
    """10 false alarms at 2 and 5 misses at 20 over 100 decisions: 120 / 100."""
    found = Matrix(2, 20).expected(DECISIONS)
    assert (found.value, found.n) == (1.2, 100)
    spread = (85 * 1.2**2 + 10 * 0.8**2 + 5 * 18.8**2) / 99
    assert found.low is not None and found.value is not None
    assert found.value - found.low == pytest.approx(1.959963984540054 * (spread / 100) ** 0.5)


def test_the_rise_of_the_cost_has_the_errors_of_both_periods() -> None:
    before = Matrix(2, 20).expected(DECISIONS)
    now = Matrix(2, 20).expected({**DECISIONS, "false_negatives": 15, "true_positives": 20})
    risen = rise(before, now)
    assert risen.value == pytest.approx(2.0) and risen.n == 200
    assert risen.low is not None and risen.high is not None and risen.low < 2 < risen.high
    assert Matrix(1, 1).expected(dict.fromkeys(DECISIONS, 0)).value is None
