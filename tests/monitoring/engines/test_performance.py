"""Performance: scikit-learn's figures, intervals checked by hand, and every way to say outcome and answer."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import performance
from monitoring.engines.outcomes import Asked, Outcomes, read
from monitoring.engines.ranking import Area, area, delong_variance, fall, separation
from monitoring.engines.refusals import CannotMeasure, MissingColumns

pytestmark = pytest.mark.slow  # importing scikit-learn alone takes that long


def table(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def outcomes(truth: list[bool], decisions: list[bool] | None, scores: list[float] | None) -> Outcomes:
    given = None if decisions is None else np.array(decisions)
    return Outcomes(np.array(truth), given, None if scores is None else np.array(scores), len(truth), 0, 0)


def drawn(n: int, shift: float, seed: int) -> Outcomes:
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.4
    scores = 1 / (1 + np.exp(-rng.normal(truth * shift - shift / 2)))
    return Outcomes(truth, scores >= 0.5, scores, n, 0, 0)


def test_the_figures_are_exactly_scikit_learn_s() -> None:
    from scipy.stats import ks_2samp
    from sklearn.metrics import (
        accuracy_score,
        balanced_accuracy_score,
        brier_score_loss,
        precision_score,
        recall_score,
        roc_auc_score,
    )

    seen = drawn(1000, 1.5, 1)
    found = performance.measure(seen, seen).periods["current"]

    assert found.accuracy is not None and found.auc is not None and found.brier is not None
    assert found.accuracy.value == accuracy_score(seen.truth, seen.decisions)
    assert found.auc.value == roc_auc_score(seen.truth, seen.scores)
    assert found.brier.value == brier_score_loss(seen.truth, seen.scores)
    assert found.gini is not None and found.ks is not None and found.decisions is not None
    assert seen.scores is not None
    assert found.gini.value == 2 * roc_auc_score(seen.truth, seen.scores) - 1
    apart = ks_2samp(seen.scores[seen.truth], seen.scores[~seen.truth], method="asymp")
    assert found.ks.value == apart.statistic
    assert found.decisions.balanced_accuracy.value == balanced_accuracy_score(seen.truth, seen.decisions)
    assert found.decisions.precision.value == precision_score(seen.truth, seen.decisions)
    assert found.decisions.true_positive_rate.value == recall_score(seen.truth, seen.decisions)
    assert found.decisions.true_negative_rate.value == recall_score(~seen.truth, ~seen.decisions)


def test_delong_s_variance_on_paper() -> None:
    """Events score 3 and 1, others 2 and 0. Placements: events beat 1 and 1/2 of the others, others lose to 1/2 and 1."""
    truth, scores = np.array([True, True, False, False]), np.array([3.0, 1.0, 2.0, 0.0])

    # Variance of (1, 1/2) is 1/8, divided by two rows; the same for the others.
    assert delong_variance(truth, scores) == 1 / 16 + 1 / 16


def test_delong_s_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Two normal samples one standard deviation apart: the area is Phi(1 / sqrt 2) = 0.7602."""
    rng, held = np.random.default_rng(5), 0
    for _ in range(400):
        scores = np.concatenate([rng.normal(1, 1, 60), rng.normal(0, 1, 90)])
        its = area(np.arange(150) < 60, scores).estimate()
        assert its.low is not None and its.high is not None
        held += its.low <= 0.7602 <= its.high
    assert 0.92 <= held / 400 <= 0.98


def test_a_ranking_without_a_mistake_is_not_certain() -> None:
    perfect = area(np.arange(40) < 20, -np.arange(40.0)).estimate()

    assert perfect.value == 1.0 and perfect.high == 1.0
    assert perfect.low == pytest.approx(1 - 3 / 20)


def test_a_rare_outcome_gives_no_area() -> None:
    assert area(np.arange(100) < 9, np.arange(100.0)) == Area(None, None, 100)
    assert fall(Area(0.8, 0.1, 50), Area(None, None, 20)).value is None


def test_the_fall_adds_both_errors() -> None:
    found = fall(Area(0.8, 0.03, 100), Area(0.7, 0.04, 50))

    assert (found.value, found.n) == (pytest.approx(0.1), 150)
    assert found.high == pytest.approx(0.1 + 1.959963984540054 * 0.05)


def test_four_rows_on_paper() -> None:
    """Three of four right before, two of four now; the Brier score is the mean of the squared errors."""
    before = outcomes([True, True, False, False], [True, True, False, True], [0.9, 0.8, 0.1, 0.6])
    now = outcomes([True, True, False, False], [True, False, False, True], [0.9, 0.3, 0.1, 0.6])

    found = performance.measure(before, now)

    assert found.falls["accuracy"].value == 0.25
    assert found.periods["reference"].brier is not None
    assert found.periods["reference"].brier.value == pytest.approx((0.01 + 0.04 + 0.01 + 0.36) / 4)
    assert found.falls["brier"].value == pytest.approx((0.49 - 0.04) / 4)
    assert found.falls["auc"].value is None  # two rows of an outcome rank nothing
    assert found.periods["current"].base_rate.value == 0.5


def test_right_and_wrong_decisions_on_paper() -> None:
    """Of five: two events, one of them found; three others, one of them taken for an event."""
    seen = outcomes([True, True, False, False, False], [True, False, True, False, False], None)

    found = performance.measure(seen, seen).periods["current"].decisions

    assert found is not None
    counts = (found.true_positives, found.false_positives, found.false_negatives, found.true_negatives)
    assert counts == (1, 1, 1, 2)
    assert (found.true_positive_rate.value, found.true_positive_rate.n) == (0.5, 2)
    assert (found.false_positive_rate.value, found.false_positive_rate.n) == (1 / 3, 3)
    assert (found.false_negative_rate.value, found.precision.value) == (0.5, 0.5)
    assert found.balanced_accuracy.value == pytest.approx((1 / 2 + 2 / 3) / 2)
    low, high = found.balanced_accuracy.low, found.balanced_accuracy.high
    assert low is not None and high is not None and 0 < low < 7 / 12 < high < 1


def test_where_one_outcome_never_came_nothing_balanced_is_said() -> None:
    seen = outcomes([False] * 40, [False] * 40, [0.1] * 40)

    found = performance.measure(seen, seen).periods["current"]

    assert found.decisions is not None and found.ks is not None and found.gini is not None
    assert (found.decisions.balanced_accuracy.value, found.decisions.precision.value) == (None, None)
    assert (found.ks.value, found.gini.value, found.ks.n) == (None, None, 40)


def test_the_band_of_the_separation_holds_the_truth() -> None:
    """Two normal samples one standard deviation apart: the largest distance is 2 Phi(1/2) - 1 = 0.3829."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        scores = np.concatenate([rng.normal(1, 1, 80), rng.normal(0, 1, 120)])
        its = separation(np.arange(200) < 80, scores)
        assert its.low is not None and its.high is not None and its.low <= 0.3829 <= its.high


def test_scores_that_are_no_probabilities_have_no_brier_score() -> None:
    found = performance.measure(
        outcomes([True, False], None, [3.0, -1.0]), outcomes([True, False], None, [3.0, -1.0])
    )

    assert found.periods["current"].brier is None and found.periods["current"].accuracy is None
    assert set(found.falls) == {"auc", "gini", "ks"}


@pytest.mark.parametrize(
    ("said", "columns"),
    [
        (Asked("y", "1", score="s", threshold=0.5), {"y": [1, 0, 1]}),
        (Asked("y", "yes", score="s", threshold=0.5, high_score="favourable"), {"y": ["yes", "no", "yes"]}),
        (Asked("y", "true", score="s", threshold=0.5), {"y": [True, False, True]}),
        (Asked("y", "0", score="s", threshold=0.5), {"y": [1.0, 0.0, 1.0]}),
        (Asked("y", "2", score="s", threshold=0.5, high_score="favourable"), {"y": [2, 1, 2]}),
    ],
)
def test_outcomes_are_read_however_they_are_written(
    tmp_path: Path, said: Asked, columns: dict[str, list[object]]
) -> None:
    """A high score stands for the favourable outcome, or for the other one when the favourable one is 0; a word needs it said."""
    path = table(tmp_path / "x.parquet", **columns, s=[0.9, 0.2, 0.4])

    found = read(path, said)

    assert found.truth.tolist() == [True, False, True]
    assert found.decisions is not None and found.decisions.tolist() == [True, False, False]


def test_a_column_of_decisions_speaks_before_a_column_of_scores(tmp_path: Path) -> None:
    path = table(tmp_path / "x.parquet", y=[1, 0], p=[0, 1], s=[0.9, 0.1])

    found = read(path, Asked("y", "1", "p", "s", 0.5))

    assert found.decisions is not None and found.decisions.tolist() == [False, True]
    own = read(path, Asked("y", "1", "p", "", 0.5), np.array([0.9, 0.1]))
    assert own.decisions is not None and own.decisions.tolist() == [True, False]


def test_rows_without_outcome_or_answer_are_counted_and_left_out(tmp_path: Path) -> None:
    path = table(tmp_path / "x.parquet", y=[1, 0, None, 1], s=[0.9, 0.1, 0.5, math.nan])

    found = read(path, Asked("y", score="s", threshold=0.5))

    assert (found.truth.tolist(), found.rows) == ([True, False], 4)
    assert (found.without_label, found.without_answer) == (1, 1)


def test_what_cannot_be_answered_is_refused_by_name(tmp_path: Path) -> None:
    path = table(tmp_path / "x.parquet", y=[1, 2, 3], s=["a", "b", "c"], z=["a", "b", "a"])
    for asked, rule in [
        (Asked("y", "1"), "not_two_outcomes"),
        (Asked("z", "yes"), "favourable_never_seen"),
        (Asked("z", "a", score="s"), "not_numeric"),
    ]:
        with pytest.raises(CannotMeasure) as refused:
            read(path, asked)
        assert refused.value.rule == rule
    with pytest.raises(MissingColumns):
        read(path, Asked("nobody"))
    with pytest.raises(CannotMeasure) as empty:
        performance.measure(outcomes([], None, None), outcomes([True], None, None))
    assert empty.value.params == {"period": "reference"}


def test_hostile_names_are_names(tmp_path: Path) -> None:
    evil = 'y"; DROP TABLE x; --'
    path = table(tmp_path / "x.parquet", **{evil: [1, 0], "s'": [0.9, 0.2]})

    assert read(path, Asked(evil, score="s'", threshold=0.5)).truth.tolist() == [True, False]
