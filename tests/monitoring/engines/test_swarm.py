"""A sample of contributions for a picture: small, seeded, rounded, and told feature by feature, so that no row comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring.engines import boosters, explanation
from monitoring.engines.rankings import rank_error
from monitoring.engines.results import canonical_json
from monitoring.engines.swarm import places, swarms

from .conftest import FEATURES, Trained


def test_a_place_is_that_among_the_different_values() -> None:
    column = np.array([30.0, 10, 10, np.nan, 20, 50, 40])
    assert places(column)[[0, 1, 2, 4, 5, 6]].tolist() == [0.5, 0, 0, 0.25, 1, 0.75]
    assert np.isnan(places(column)[3])
    assert places(np.array([7.0, 7])).tolist() == [0.5, 0.5]
    assert set(places(np.arange(1000.0))) == {at / 20 for at in range(21)}


def test_points_are_rounded_and_each_feature_has_its_own_order() -> None:
    rows = np.column_stack([np.arange(60.0), np.arange(60.0)[::-1]])
    values = np.column_stack([np.arange(60.0) * 0.1, np.zeros(60)])
    values[0, 1] = -10.0
    first, second = swarms(["a", "b"], ["b", "a"], rows, values, 1)
    assert (first.feature, second.feature) == ("b", "a")
    # the largest contribution is 10, so all are multiples of 0.05
    assert first.points[0] == [-10.0, 1.0] and first.points[-1] == [0.0, 1.0]
    assert [each[0] for each in second.points] == pytest.approx(np.arange(60) * 0.1)
    for each in (first, second):
        assert each.points == sorted(each.points) and len(each.points) == 60


def test_the_sample_is_small_and_the_seed_chooses_it(whole: Path, xgboost_model: Trained) -> None:
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)
    found = [explanation.measure(whole, model, seed=seed) for seed in (1, 1, 2)]
    assert [each.feature for each in found[0].swarm] == [each.feature for each in found[0].importances]
    assert {len(each.points) for each in found[0].swarm} == {200}
    assert found[0].swarm == found[1].swarm != found[2].swarm
    assert len(canonical_json({"swarm": found[0].to_dict()["swarm"]})) < 60_000


def test_contributions_are_the_model_s_own_but_for_rounding(
    applications: pd.DataFrame, whole: Path, xgboost_model: Trained
) -> None:
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)
    values = model.contributions(applications[list(FEATURES)].to_numpy(dtype=float))[:, :-1]
    some = np.random.default_rng(4).permutation(len(values))[:200]
    [leading, *_others] = explanation.measure(whole, model, seed=4).swarm
    theirs = np.sort(values[some, FEATURES.index(leading.feature)])
    step = np.abs(values).max() / 200
    assert np.abs(np.array([each[0] for each in leading.points]) - theirs).max() <= step / 2 + 1e-9


def test_a_few_rows_are_no_crowd_and_many_features_are_cut() -> None:
    rows = np.random.default_rng(1).random((50, 15))
    names = [f"x{at}" for at in range(15)]
    assert [each.feature for each in swarms(names, names, rows, rows, 1)] == names[:12]
    assert swarms(names, names, rows[:49], rows[:49], 1) == []
    assert swarms(names, names, rows, np.zeros((50, 15)), 1) == []


def test_missing_values_have_no_place() -> None:
    rows = np.full((50, 1), np.nan)
    assert {each[1] for each in swarms(["x"], ["x"], rows, np.ones((50, 1)), 1)[0].points} == {None}


def test_the_error_of_a_ranking_on_paper() -> None:
    """Three draws of three features: first and second change places, then nothing moves. (1 + 1 + 0) / 3, then 0."""
    drawn = np.array([[3.0, 2, 1], [2, 3, 1], [2, 3, 1]])
    found = rank_error(drawn, [0, 1, 2], 500)
    assert (found.change.value, found.change.n, found.top) == (pytest.approx(1 / 3), 500, 3)
    assert rank_error(drawn, [2], 500).change.value == 0
    assert rank_error(drawn, [0], 500).change.value == 0.5


def test_more_rows_give_a_surer_ranking(whole: Path, lightgbm_model: Trained) -> None:
    model = boosters.load(lightgbm_model.path, "lightgbm_text", FEATURES)
    few, all_rows = (
        explanation.measure(whole, model, seed=1, sample=most).rank_error for most in (60, 2_000)
    )
    assert (few.change.n, all_rows.change.n, few.top) == (60, 1989, 9)
    assert (few.change.value or 0) > (all_rows.change.value or 0) > 0
