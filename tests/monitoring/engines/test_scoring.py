"""Scores are the library's own, in the version's order of columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import boosters, scoring
from monitoring.engines.refusals import CannotMeasure, MissingColumns, Refused

from .conftest import FEATURES, Trained


def test_xgboost_scores_are_the_library_s_own(
    applications: pd.DataFrame, whole: Path, xgboost_model: Trained
) -> None:
    import xgboost

    direct = xgboost_model.booster.predict(xgboost.DMatrix(applications[list(FEATURES)].astype(float)))
    for path, kind in (
        (xgboost_model.path, "xgboost_json"),
        (xgboost_model.path.with_suffix(".ubj"), "xgboost_ubj"),
    ):
        model = boosters.load(path, kind, FEATURES)
        assert np.array_equal(scoring.score_window(whole, model), direct.astype(float))


def test_lightgbm_scores_are_the_library_s_own(
    applications: pd.DataFrame, whole: Path, lightgbm_model: Trained
) -> None:
    model = boosters.load(lightgbm_model.path, "lightgbm_text", FEATURES)

    direct = lightgbm_model.booster.predict(applications[list(FEATURES)].astype(float))

    assert np.array_equal(scoring.score_window(whole, model), direct)


def test_progress_reaches_the_end(whole: Path, xgboost_model: Trained) -> None:
    heard: list[tuple[int, str]] = []
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    scoring.score_window(whole, model, lambda percent, phase: heard.append((percent, phase)))

    assert heard[-1] == (100, "scoring")


def test_a_missing_feature_is_named(tmp_path: Path, xgboost_model: Trained) -> None:
    pq.write_table(pa.table({"hrat": [1.0]}), tmp_path / "few.parquet")
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    with pytest.raises(MissingColumns) as refused:
        scoring.score_window(tmp_path / "few.parquet", model)

    assert refused.value.columns == list(FEATURES[1:])


def test_features_of_text_are_refused(tmp_path: Path, xgboost_model: Trained) -> None:
    columns = {name: [1.0] for name in FEATURES} | {"dep": ["two"]}
    pq.write_table(pa.table(columns), tmp_path / "text.parquet")
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)

    with pytest.raises(CannotMeasure) as refused:
        scoring.score_window(tmp_path / "text.parquet", model)

    assert (refused.value.rule, refused.value.params) == ("not_numeric", {"columns": ["dep"]})


@pytest.mark.parametrize("declared", [FEATURES[:-1], FEATURES[::-1]])
def test_a_version_that_names_other_features_than_its_artefact_is_refused(
    xgboost_model: Trained, lightgbm_model: Trained, declared: tuple[str, ...]
) -> None:
    for model in (xgboost_model, lightgbm_model):
        with pytest.raises(CannotMeasure) as refused:
            boosters.load(model.path, model.format, declared)
        assert refused.value.rule == "features_disagree"


def test_a_model_of_several_classes_is_refused(tmp_path: Path) -> None:
    import xgboost

    rows = np.random.default_rng(0).normal(size=(60, 2))
    matrix = xgboost.DMatrix(rows, np.arange(60) % 3, feature_names=["a", "b"])
    settings = {"objective": "multi:softprob", "num_class": 3, "nthread": 1}
    xgboost.train(settings, matrix, 2).save_model(tmp_path / "three.json")

    with pytest.raises(CannotMeasure) as refused:
        boosters.load(tmp_path / "three.json", "xgboost_json", ("a", "b")).scores(rows)

    assert (refused.value.rule, refused.value.params) == ("not_binary", {"outputs": 3})


@pytest.mark.parametrize("kind", ["xgboost_json", "xgboost_ubj", "lightgbm_text"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04junk", b"tree\nversion=v4\n", b"{L\x00\x00"])
def test_an_unreadable_artefact_is_refused(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "model"
    path.write_bytes(content)

    with pytest.raises(Refused):
        boosters.load(path, kind, ("a",))


def test_a_format_without_a_scorer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotMeasure) as refused:
        boosters.load(tmp_path / "model.onnx", "onnx", ("a",))

    assert refused.value.rule == "format_not_supported"
