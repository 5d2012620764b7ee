"""Robustness: every share of turned decisions is what a plain loop over the library's own model finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from monitoring.engines import boosters, robustness
from monitoring.engines.intervals import wilson
from monitoring.engines.perturbations import nearest_others, noisy, spreads, towards
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import digest

from .conftest import FEATURES, Trained, written

SHARES = {"noise_share": 0.1, "step_share": 0.1}


def measured(window: Path, trained: Trained, **said: Any) -> dict[str, Any]:
    model = boosters.load(trained.path, trained.format, trained.features)
    asked = {"threshold": 0.5, "seed": 1, **SHARES, **said}
    return robustness.measure(window, model, **asked).to_dict()


def flips(result: dict[str, Any], change: str, feature: str) -> Any:
    return next(each for each in result["flips"] if (each["change"], each["feature"]) == (change, feature))


@pytest.fixture(scope="module")
def rows(applications: pd.DataFrame) -> np.ndarray:
    return applications[list(FEATURES)].astype(float).to_numpy()


@pytest.fixture(scope="module")
def found(whole: Path, xgboost_model: Trained) -> dict[str, Any]:
    return measured(whole, xgboost_model)


def turned(trained: Trained, before: np.ndarray, after: np.ndarray) -> int:
    if trained.format == "lightgbm_text":
        scores = [trained.booster.predict(each, num_threads=1) for each in (before, after)]
    else:
        names = trained.booster.feature_names
        scores = [
            trained.booster.predict(xgboost.DMatrix(each, feature_names=names)) for each in (before, after)
        ]
    return int(((scores[0] >= 0.5) != (scores[1] >= 0.5)).sum())


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_a_missing_or_extreme_feature_turns_what_a_plain_loop_finds(
    library: str, whole: Path, rows: np.ndarray, request: pytest.FixtureRequest
) -> None:
    trained = request.getfixturevalue(f"{library}_model")
    result = measured(whole, trained)
    for at, name in enumerate(FEATURES):
        there = rows[np.isfinite(rows[:, at])]
        low, high = np.quantile(there[:, at], [0.001, 0.999])
        for change, value in (("missing", np.nan), ("low", low), ("high", high)):
            changed = there.copy()
            changed[:, at] = value
            expected = wilson(turned(trained, there, changed), len(there))
            ours = flips(result, change, name)["flipped"]
            assert (ours["value"], ours["n"]) == (pytest.approx(expected.value), len(there)), (change, name)
            assert (ours["low"], ours["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert flips(result, "missing", "obrat")["flipped"]["value"] > 0


def test_noise_in_all_features_turns_what_a_plain_sum_finds(
    found: dict[str, Any], rows: np.ndarray, xgboost_model: Trained
) -> None:
    changed = rows.copy()
    for at in range(rows.shape[1]):
        values = rows[np.isfinite(rows[:, at]), at]
        low, high = np.quantile(values, [0.01, 0.99])
        spread = values[(values >= low) & (values <= high)].std()
        changed[:, at] += 0.1 * spread * np.random.default_rng([1, at]).standard_normal(len(rows))
        if (values == values.round()).all():
            changed[:, at] = changed[:, at].round()
    ours = flips(found, "noise", "")["flipped"]
    assert ours["value"] == pytest.approx(turned(xgboost_model, rows, changed) / len(rows))
    assert ours["n"] == len(rows) == found["rows"]["sampled"]


def test_noise_without_spread_turns_nothing(whole: Path, xgboost_model: Trained) -> None:
    still = measured(whole, xgboost_model, noise_share=0.0)
    assert {each["flipped"]["value"] for each in still["flips"] if each["change"] == "noise"} == {0.0}


def test_the_nearest_row_of_the_other_decision_is_the_one_a_plain_search_finds(rows: np.ndarray) -> None:
    few = rows[:120]
    decided = np.arange(120) % 3 == 0
    spread = spreads(few)
    near = nearest_others(few, decided, spread)
    for at in range(120):
        others = np.flatnonzero(decided != decided[at])
        apart = np.nan_to_num((few[others] - few[at]) / np.where(spread > 0, spread, np.inf))
        assert near[at] == others[(apart**2).sum(axis=1).argmin()]
    assert (nearest_others(few, np.ones(120, dtype=bool), spread) == -1).all()


def test_going_the_whole_way_to_the_other_decision_turns_every_decision(
    whole: Path, xgboost_model: Trained
) -> None:
    near = flips(measured(whole, xgboost_model, step_share=1.0), "neighbour", "")
    assert near["flipped"]["value"] > 0.99  # where one of the two is missing a value, the row keeps its own


def test_what_is_whole_stays_whole_and_what_is_missing_stays_missing() -> None:
    values = np.array([[0.0, 1.5], [1.0, np.nan], [3.0, 2.5], [1.0, 4.0]])
    changed = noisy(values, np.array([1.0, 1.0]), 0.7, seed=4)
    assert (changed[:, 0] == changed[:, 0].round()).all() and (changed[:, 1] != values[:, 1]).all()
    assert np.isnan(changed[1, 1])
    moved = towards(values, values[[2, 2, 0, 0]], 0.5)
    assert (moved[0].tolist(), moved[1, 0]) == ([2.0, 2.0], 2.0) and np.isnan(moved[1, 1])


def test_a_code_for_not_known_is_no_spread(rows: np.ndarray) -> None:
    gdlin = rows[:, [FEATURES.index("gdlin")]]
    assert gdlin.max() == 666
    assert spreads(gdlin)[0] < 0.5 < gdlin.std()


def test_at_most_two_thousand_rows_are_drawn_by_the_seed(
    tmp_path: Path, applications: pd.DataFrame, xgboost_model: Trained
) -> None:
    large = written(pd.concat([applications, applications]), tmp_path / "large.parquet")
    first, again, other = (measured(large, xgboost_model, seed=seed) for seed in (1, 1, 2))
    assert first["rows"] == {"total": 3978, "sampled": 2000} and first["seed"] == 1
    assert digest(first) == digest(again) != digest(other)


def test_where_all_are_decided_alike_there_is_no_neighbour(whole: Path, xgboost_model: Trained) -> None:
    near = flips(measured(whole, xgboost_model, threshold=0.0), "neighbour", "")
    assert (near["status"], near["flipped"]["value"]) == ("nothing_to_change", None)


def skops_of(fitted: Any, path: Path) -> Trained:
    skops.io.dump(fitted, path)
    return Trained(path, "skops", fitted)


def test_a_model_of_scikit_learn_is_asked_too_and_may_refuse_what_is_missing(
    tmp_path: Path, applications: pd.DataFrame
) -> None:
    whole_rows = applications.dropna(subset=list(FEATURES))
    window = written(whole_rows, tmp_path / "whole.parquet")
    values = whole_rows[list(FEATURES)].astype(float).to_numpy()
    linear = skops_of(LogisticRegression(max_iter=2000).fit(values, whole_rows.approve), tmp_path / "l.skops")
    trees = skops_of(
        HistGradientBoostingClassifier(max_iter=20).fit(values, whole_rows.approve), tmp_path / "t.skops"
    )
    assert {flips(measured(window, linear), "missing", name)["status"] for name in FEATURES} == {"refused"}
    assert flips(measured(window, linear), "noise", "")["status"] == "measured"
    changed = values.copy()
    changed[:, 1] = np.nan
    before, after = (trees.booster.predict_proba(each)[:, 1] >= 0.5 for each in (values, changed))
    ours = flips(measured(window, trees), "missing", "obrat")
    assert ours["flipped"]["value"] == pytest.approx((before != after).mean())


def test_missing_values_for_a_model_that_takes_none_are_a_refusal(
    tmp_path: Path, applications: pd.DataFrame, whole: Path
) -> None:
    there = applications.dropna(subset=list(FEATURES))
    fitted = LogisticRegression(max_iter=2000).fit(there[list(FEATURES)].to_numpy(), there.approve)
    with pytest.raises(CannotMeasure) as refused:
        measured(whole, skops_of(fitted, tmp_path / "l.skops"))
    assert refused.value.rule == "missing_not_taken"
