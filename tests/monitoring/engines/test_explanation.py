"""SHAP values: equal to shap's own, adding up, and with their uncertainty."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shap

from monitoring.engines import boosters, explanation
from monitoring.engines.rankings import kendall_w
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import canonical_json

from .conftest import FEATURES, Trained


def test_native_values_are_those_of_the_tree_explainer(
    applications: pd.DataFrame, xgboost_model: Trained, lightgbm_model: Trained
) -> None:
    rows = applications[list(FEATURES)].astype(float).to_numpy()[:300]
    for trained in (xgboost_model, lightgbm_model):
        ours = boosters.load(trained.path, trained.format, FEATURES).contributions(rows)
        theirs = np.asarray(shap.TreeExplainer(trained.booster).shap_values(rows))
        assert np.abs(ours[:, :-1] - theirs).max() <= 1e-5


def test_what_is_explained_adds_up_and_is_ranked(whole: Path, xgboost_model: Trained) -> None:
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    found = explanation.measure(whole, model, seed=3)

    assert found.additivity_error < 1e-5
    assert found.top[0] == "gdlin"
    assert [each.rank for each in found.importances] == list(range(1, 10))
    assert sum(each.share for each in found.importances) == pytest.approx(1)
    for each in found.importances:
        assert each.mean_abs.low is not None and each.mean_abs.value is not None
        assert each.mean_abs.low <= each.mean_abs.value <= (each.mean_abs.high or 0)
        assert each.mean_abs.n == 1989
    assert found.agreement is not None and found.agreement > 0.9
    assert found.libraries["shap"] == version("shap")


def test_sensitive_attributes_that_are_no_inputs_carry_exactly_nothing(
    whole: Path, xgboost_model: Trained
) -> None:
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    found = explanation.measure(whole, model, sensitive=("race",))

    assert (found.sensitive_share.value, found.sensitive_share.high, found.sensitive_inputs) == (0.0, 0.0, [])


def test_a_sensitive_input_carries_its_share(whole: Path, xgboost_model: Trained) -> None:
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    found = explanation.measure(whole, model, sensitive=("dep", "race"))

    share = next(each.share for each in found.importances if each.feature == "dep")
    assert found.sensitive_inputs == ["dep"]
    assert found.sensitive_share.value == pytest.approx(share)
    assert (found.sensitive_share.low or 0) < share < (found.sensitive_share.high or 0)


def test_a_large_window_is_sampled_and_the_same_seed_gives_the_same_bytes(
    whole: Path, lightgbm_model: Trained
) -> None:
    model = boosters.load(lightgbm_model.path, "lightgbm_text", FEATURES)

    results = [explanation.measure(whole, model, seed=seed, sample=500) for seed in (1, 1, 2)]

    assert results[0].rows == {"total": 1989, "explained": 500}
    assert canonical_json(results[0].to_dict()) == canonical_json(results[1].to_dict())
    assert canonical_json(results[0].to_dict()) != canonical_json(results[2].to_dict())


def test_a_skops_model_goes_through_shap_itself(
    applications: pd.DataFrame, whole: Path, tmp_path: Path
) -> None:
    import skops.io
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = applications[list(FEATURES)].astype(float).to_numpy()
    fitted = HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(rows, applications.approve)
    skops.io.dump(fitted, tmp_path / "model.skops")
    model = boosters.load(tmp_path / "model.skops", "skops", FEATURES)

    found = explanation.measure(whole, model, sample=200)

    assert np.array_equal(model.scores(rows), fitted.predict_proba(rows)[:, 1])
    assert found.engine == "shap.TreeExplainer"
    assert found.additivity_error < 1e-6


def test_full_agreement_is_one_and_opposite_rankings_agree_in_nothing() -> None:
    assert kendall_w(np.array([[3.0, 2, 1], [30, 20, 10]])) == 1
    assert kendall_w(np.array([[3.0, 2, 1], [1, 2, 3]])) == 0
    assert kendall_w(np.array([[0.0, 0], [0, 0]])) is None
    assert kendall_w(np.array([[1.0], [2]])) is None


def test_agreement_is_the_worked_example_of_siegel() -> None:
    """Three executives rank six applicants: W = 0.16 (Siegel 1956, table 9.3)."""
    ranks = np.array([[1.0, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])

    assert round(kendall_w(ranks) or 0, 2) == 0.16


def test_a_window_without_rows_is_refused(tmp_path: Path, xgboost_model: Trained) -> None:
    pq.write_table(
        pa.table({name: pa.array([], pa.float64()) for name in FEATURES}), tmp_path / "none.parquet"
    )
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    with pytest.raises(CannotMeasure) as refused:
        explanation.measure(tmp_path / "none.parquet", model)

    assert refused.value.rule == "no_rows"
