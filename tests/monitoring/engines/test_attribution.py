"""Whether an explanation stays: over seeds and backgrounds, against the reference, and of a stand-in for a closed model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shap

from monitoring.engines import boosters, explanation, surrogate
from monitoring.engines.attribution import Stability, distance, ndcg, stability
from monitoring.engines.explanation import ExplanationResult
from monitoring.engines.refusals import CannotMeasure

from .conftest import FEATURES, Trained, written


def explained(trained: Trained, current: Path, reference: Path | None) -> ExplanationResult:
    model = boosters.load(trained.path, trained.format, FEATURES)
    return explanation.measure(current, model, reference=reference, seed=1)


def test_both_libraries_models_are_stable_over_ten_rankings(
    reference: Path, current: Path, xgboost_model: Trained, lightgbm_model: Trained
) -> None:
    for trained in (xgboost_model, lightgbm_model):
        found = explained(trained, current, reference).stability
        assert (found.status, found.rankings, found.agreement.n) == ("measured", 10, 10)
        assert found.agreement.value is not None and found.agreement.value > 0.8
        assert (found.agreement.low or 0) <= found.agreement.value <= (found.agreement.high or 0)


def test_values_against_each_background_are_those_of_shap(
    applications: pd.DataFrame, xgboost_model: Trained
) -> None:
    rows = applications[list(FEATURES)].astype(float).to_numpy()
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)
    for background in (rows[100:150], rows[300:340]):
        ours = model.contributions_against(rows[:20], background)
        # what the values of a row add up to: its output less the mean output of the background
        wanted = model.margins(rows[:20]) - model.margins(background).mean()
        assert ours.sum(axis=1) == pytest.approx(wanted, abs=1e-4)
        theirs = shap.TreeExplainer(xgboost_model.booster, background, feature_perturbation="interventional")
        assert np.abs(ours - theirs.shap_values(rows[:20], check_additivity=False)).max() == 0


def test_a_ranking_that_follows_the_draw_is_unstable() -> None:
    """A model of noise: each draw puts other features first."""

    class Noise:
        features = [f"x{at}" for at in range(12)]

        def contributions_against(self, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
            return np.random.default_rng(int(rows.sum() * 1e6) % 2**32).random(rows.shape)

    rows = np.random.default_rng(3).random((500, 12))
    found = stability(Noise(), [rows, rows], 1)  # type: ignore[arg-type]
    assert found.agreement.value is not None and found.agreement.value < 0.5


def test_a_model_that_the_library_cannot_explain_so_is_said_to_be() -> None:
    class Closed:
        features = ["x"]

        def contributions_against(self, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
            raise NotImplementedError

    found = stability(Closed(), [np.zeros((3, 1))], 1)  # type: ignore[arg-type]
    assert found == Stability("not_supported", found.agreement, 0) and found.agreement.value is None


def test_the_same_data_period_moves_nothing(current: Path, xgboost_model: Trained) -> None:
    found = explained(xgboost_model, current, current).moved
    assert found is not None
    assert (found.distance.value, found.ndcg.value, found.top_kept, found.left) == (0.0, 1.0, 1.0, [])


def test_people_without_the_leading_trait_move_the_attribution(
    applications: pd.DataFrame, whole: Path, xgboost_model: Trained, tmp_path: Path
) -> None:
    """All meet the guidelines now: the feature that led is the same for everybody."""
    even = applications.assign(obrat=30.0, hrat=20.0, loanprc=0.5)
    found = explained(xgboost_model, written(even, tmp_path / "even.parquet"), whole).moved
    same = explained(xgboost_model, whole, whole).moved
    assert found is not None and same is not None
    assert found.distance.low is not None and found.distance.low > 0.05
    assert found.ndcg.value is not None and found.ndcg.value < 1
    assert found.rows == 2 * 1989 and found.distance.n == 2 * 1989


def test_without_a_reference_nothing_is_said_of_it(current: Path, xgboost_model: Trained) -> None:
    assert explained(xgboost_model, current, None).moved is None


def test_distance_and_order_on_paper() -> None:
    """Shares (1, 0) and (0, 1) have nothing in common; sklearn's and scipy's own values otherwise."""
    from scipy.spatial.distance import jensenshannon
    from sklearn.metrics import ndcg_score

    assert distance(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1
    before, now = np.array([5.0, 3.0, 1.0]), np.array([3.0, 5.0, 1.0])
    assert distance(before, now) == jensenshannon(before, now, base=2)
    assert ndcg(before, now) == ndcg_score([before], [now])
    # 3 first, 5 second, 1 third, over the best order: (3 + 5 / log2 3 + 1 / 2) / (5 + 3 / log2 3 + 1 / 2)
    assert ndcg(before, now) == pytest.approx((3.5 + 5 / np.log2(3)) / (5.5 + 3 / np.log2(3)))
    assert (distance(np.zeros(2), np.zeros(2)), distance(np.zeros(2), before[:2])) == (0.0, 1.0)


@pytest.fixture
def scored(applications: pd.DataFrame, xgboost_model: Trained, tmp_path: Path) -> Path:
    """What a vendor's model answered; the model itself stays with the vendor."""
    rows = applications[[*FEATURES, "race"]].astype(dict.fromkeys(FEATURES, float))
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)
    answers = model.scores(rows[list(FEATURES)].to_numpy())
    return written(
        rows.assign(score=answers, granted=(answers >= 0.85).astype(int)), tmp_path / "scored.parquet"
    )


def test_a_stand_in_repeats_a_closed_model_and_says_how_truly(
    scored: Path, whole: Path, xgboost_model: Trained
) -> None:
    asked = {"score": "score", "prediction": "", "favourable": "1", "seed": 1}
    stand_in = surrogate.fitted(scored, [*FEATURES, "race"], **asked)
    assert stand_in.fidelity.value is not None and stand_in.fidelity.value > 0.9
    assert (stand_in.fidelity.low or 0) < stand_in.fidelity.value < (stand_in.fidelity.high or 0)
    found = explanation.measure(scored, stand_in, sensitive=("race",), seed=1)
    of_model = explained(xgboost_model, whole, None)
    assert found.top[0] == of_model.top[0] == "gdlin"
    assert found.fidelity == stand_in.fidelity and found.engine.startswith(
        "lightgbm pred_contrib of a surrogate"
    )
    assert found.sensitive_inputs == ["race"] and (found.sensitive_share.value or 0) < 0.01
    assert found.stability.status == "measured"


def test_a_stand_in_for_decisions_reads_the_column_of_decisions(scored: Path) -> None:
    asked = {"score": "", "prediction": "granted", "favourable": "1", "seed": 1}
    assert (surrogate.fitted(scored, FEATURES, **asked).fidelity.value or 0) > 0.7


def test_answers_without_a_rule_have_no_faithful_stand_in(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    pq.write_table(pa.table({"x": rng.random(400), "score": rng.random(400)}), tmp_path / "noise.parquet")
    asked = {"score": "score", "prediction": "", "favourable": "1", "seed": 1}
    found = surrogate.fitted(tmp_path / "noise.parquet", ["x"], **asked)
    assert found.fidelity.value is not None and found.fidelity.value < 0.1


def test_the_same_answer_for_everybody_and_too_few_answers_say_nothing(tmp_path: Path) -> None:
    asked = {"score": "score", "prediction": "", "favourable": "1", "seed": 1}
    pq.write_table(pa.table({"x": list(range(60)), "score": [0.5] * 60}), tmp_path / "same.parquet")
    assert surrogate.fitted(tmp_path / "same.parquet", ["x"], **asked).fidelity.value is None
    pq.write_table(pa.table({"x": [1, 2], "score": [0.1, 0.2]}), tmp_path / "few.parquet")
    with pytest.raises(CannotMeasure):
        surrogate.fitted(tmp_path / "few.parquet", ["x"], **asked)
