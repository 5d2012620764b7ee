"""scikit-learn's models: trees and linear ones explained exactly, all others by permutations of a small sample that is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shap
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import AdaBoostClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from monitoring.engines import boosters, explanation, one_decision, scoring
from monitoring.engines.boosters import Model
from monitoring.engines.explainers import PERMUTATIONS, SEED, explainer_of, parted
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import canonical_json

from .conftest import FEATURES, written


@pytest.fixture
def rows(applications: pd.DataFrame) -> np.ndarray:
    return np.nan_to_num(applications[list(FEATURES)].to_numpy(dtype=float))


@pytest.fixture
def period(applications: pd.DataFrame, rows: np.ndarray, tmp_path: Path) -> Path:
    cases = [f"A-{at:04}" for at in range(len(rows))]
    return written(
        pd.DataFrame(rows, columns=list(FEATURES)).assign(number=cases), tmp_path / "period.parquet"
    )


@pytest.fixture
def kept(applications: pd.DataFrame, rows: np.ndarray, tmp_path: Path):
    """Fits a classifier, and opens it again as a version's file is opened."""
    import skops.io

    def fitted(classifier: Any) -> Model:
        skops.io.dump(classifier.fit(rows, applications.approve), tmp_path / "model.skops")
        return boosters.load(tmp_path / "model.skops", "skops", FEATURES)

    return fitted


@pytest.mark.parametrize(
    ("classifier", "name"),
    [
        (LogisticRegression(max_iter=2_000), "shap.LinearExplainer"),
        (LinearDiscriminantAnalysis(), "shap.LinearExplainer"),
        (make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()), "shap.LinearExplainer"),
        (RandomForestClassifier(5, max_depth=4, random_state=0), "shap.TreeExplainer"),
        (
            make_pipeline(StandardScaler(), HistGradientBoostingClassifier(max_iter=5, random_state=0)),
            "shap.TreeExplainer",
        ),
        (GaussianNB(), "shap.PermutationExplainer"),
        (make_pipeline(PolynomialFeatures(), LogisticRegression(C=0.001)), "shap.PermutationExplainer"),
    ],
)
def test_every_kind_of_classifier_is_explained_and_adds_up(
    kept, period: Path, classifier: Any, name: str
) -> None:
    model = kept(classifier)
    found = explanation.measure(period, model, seed=1, sample=300)
    assert found.engine == model.explainer.name == name
    assert found.additivity_error < 1e-8
    assert found.rows == {"total": 1989, "explained": min(300, model.explainer.rows)}
    assert (found.stability.status, found.stability.rankings) == ("measured", 5)


def test_linear_values_are_those_of_the_linear_explainer(
    applications: pd.DataFrame, rows: np.ndarray, kept
) -> None:
    model = kept(LogisticRegression(max_iter=2_000))
    found = model.against(rows).contributions(rows[:50])
    fitted = LogisticRegression(max_iter=2_000).fit(rows, applications.approve)
    # a linear model on paper: the weight times the distance from the mean of the background
    assert found[:, :-1] == pytest.approx(fitted.coef_[0] * (rows[:50] - rows.mean(axis=0)), abs=1e-9)
    assert found.sum(axis=1) == pytest.approx(fitted.decision_function(rows[:50]), abs=1e-9)
    theirs = shap.LinearExplainer(fitted, shap.maskers.Independent(rows, max_samples=len(rows)))
    assert np.array_equal(found[:, :-1], theirs.shap_values(rows[:50]))
    assert np.array_equal(model.contributions_against(rows[:50], rows), found[:, :-1])


def test_behind_a_scaler_the_values_are_those_of_the_last_step(
    applications: pd.DataFrame, rows: np.ndarray, kept
) -> None:
    classifier = make_pipeline(StandardScaler(), LogisticRegression())
    found = kept(classifier).against(rows).contributions(rows[:50])
    scaled = classifier[:-1].transform(rows)
    theirs = shap.LinearExplainer(
        classifier[-1], shap.maskers.Independent(scaled, max_samples=len(scaled))
    ).shap_values(scaled[:50])
    assert np.array_equal(found[:, :-1], theirs)


def test_other_values_are_those_of_the_permutation_explainer(
    applications: pd.DataFrame, rows: np.ndarray, kept
) -> None:
    model = kept(GaussianNB())
    found = model.against(rows[100:140]).contributions(rows[:20])
    fitted = GaussianNB().fit(rows, applications.approve)
    theirs = shap.PermutationExplainer(
        lambda given: fitted.predict_proba(given)[:, 1],
        shap.maskers.Independent(rows[100:140], max_samples=40),
        seed=SEED,
    )(rows[:20], max_evals=PERMUTATIONS * (2 * len(FEATURES) + 1), silent=True)
    assert np.array_equal(found[:, :-1], theirs.values)
    assert found[:, -1] == pytest.approx(fitted.predict_proba(rows[100:140])[:, 1].mean(), abs=1e-12)


def test_permutations_say_of_how_many_rows_they_are_and_repeat_to_the_byte(kept, period: Path) -> None:
    model = kept(AdaBoostClassifier(n_estimators=3, random_state=0))
    results = [explanation.measure(period, model, seed=1).to_dict() for _ in range(2)]
    method = results[0]["method"]
    assert (method["name"], method["explained_rows"], method["background_rows"]) == (
        "shap_permutation",
        100,
        50,
    )
    assert results[0]["rows"]["explained"] == 100 and method["permutations"] == PERMUTATIONS
    assert canonical_json(results[0]) == canonical_json(results[1])


def test_a_tree_needs_no_background_and_names_none(kept, period: Path) -> None:
    model = kept(RandomForestClassifier(3, max_depth=3, random_state=0))
    method = explanation.measure(period, model, seed=1, sample=100).to_dict()["method"]
    assert "name" not in method and "background_rows" not in method


def test_splits_on_sets_of_categories_are_left_to_permutations(
    applications: pd.DataFrame, rows: np.ndarray
) -> None:
    """shap reads such a tree as if it split on numbers, so its values would not add up."""
    sets = HistGradientBoostingClassifier(max_iter=3, categorical_features=[FEATURES.index("dep")])
    assert explainer_of(sets.fit(rows, applications.approve)).name == "shap.PermutationExplainer"


def test_a_pipeline_is_only_parted_where_each_feature_keeps_its_column(applications, rows) -> None:
    mixed = make_pipeline(PolynomialFeatures(), LogisticRegression(C=0.001)).fit(rows, applications.approve)
    alone = make_pipeline("passthrough", GaussianNB()).fit(rows, applications.approve)
    flagged = make_pipeline(SimpleImputer(add_indicator=True), GaussianNB()).fit(rows, applications.approve)
    assert parted(mixed) == ([], mixed) and parted(flagged) == ([], flagged)
    assert parted(alone) == ([], alone[-1])


@pytest.mark.parametrize("classifier", [LogisticRegression(max_iter=2_000), GaussianNB()])
def test_missing_values_that_a_model_does_not_take_are_told(
    kept, rows: np.ndarray, tmp_path: Path, classifier: Any
) -> None:
    holes = rows.copy()
    holes[::3, 0] = np.nan
    gaps = pd.DataFrame(holes, columns=list(FEATURES)).assign(number=[str(at) for at in range(len(rows))])
    path = written(gaps, tmp_path / "gaps.parquet")
    for asked in (
        lambda model: explanation.measure(path, model, seed=1),
        lambda model: one_decision.explain(path, model, identifier="number", case="3", inputs={}),
        lambda model: scoring.score_window(path, model),  # fairness and performance
    ):
        with pytest.raises(CannotMeasure) as refused:
            asked(kept(classifier))
        assert refused.value.rule == "missing_not_taken"


def test_a_model_fitted_to_names_is_asked_by_names_and_in_its_order(
    applications: pd.DataFrame, rows: np.ndarray, tmp_path: Path
) -> None:
    import skops.io

    named = pd.DataFrame(rows, columns=list(FEATURES))
    fitted = LogisticRegression(max_iter=2_000).fit(named, applications.approve)
    skops.io.dump(fitted, tmp_path / "named.skops")
    model = boosters.load(tmp_path / "named.skops", "skops", FEATURES)
    assert np.array_equal(model.scores(rows), fitted.predict_proba(named)[:, 1])
    with pytest.raises(CannotMeasure) as refused:
        boosters.load(tmp_path / "named.skops", "skops", FEATURES[::-1])
    assert refused.value.rule == "features_disagree"


@pytest.mark.parametrize("classifier", [make_pipeline(StandardScaler(), LogisticRegression()), GaussianNB()])
def test_one_decision_adds_up_and_is_that_of_the_whole_period(kept, period: Path, classifier: Any) -> None:
    model = kept(classifier)
    found = one_decision.explain(period, model, identifier="number", case="A-0041", inputs={}, seed=1)
    values = {each.feature: each.contribution for each in found.contributions}
    assert found.error < 1e-8 and set(values) == set(FEATURES)
    grounded = explanation.grounded(model, period, 1)
    row = the_row(period, 41)
    assert [values[name] for name in FEATURES] == grounded.contributions(row)[0, :-1].tolist()


def the_row(period: Path, place: int) -> np.ndarray:
    return pd.read_parquet(period)[list(FEATURES)].to_numpy(dtype=float)[[place]]


def test_an_imputer_before_a_linear_model_takes_missing_values(
    applications: pd.DataFrame, tmp_path: Path
) -> None:
    import skops.io

    gaps = applications[list(FEATURES)].to_numpy(dtype=float)
    gaps[::7, 0] = np.nan
    classifier = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())
    skops.io.dump(classifier.fit(gaps, applications.approve), tmp_path / "model.skops")
    model = boosters.load(tmp_path / "model.skops", "skops", FEATURES)
    path = written(pd.DataFrame(gaps, columns=list(FEATURES)), tmp_path / "gaps.parquet")
    found = explanation.measure(path, model, seed=1)
    assert found.additivity_error < 1e-9 and found.rows["explained"] == len(gaps)
