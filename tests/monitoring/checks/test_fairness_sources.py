"""Where the decisions that fairness counts come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.checks import measure
from monitoring.checks.check import Inputs

COUNTS = {"g": [["a", None, True, 40], ["b", None, True, 30], ["b", None, False, 10]]}
ONNX = {"artefact": Path("model.onnx"), "artefact_format": "onnx", "threshold": 0.5}


@pytest.fixture
def window(tmp_path: Path) -> Path:
    table = pa.table({"g": ["a"] * 40 + ["b"] * 40, "p": [1] * 70 + [0] * 10, "s": [0.9] * 70 + [0.2] * 10})
    pq.write_table(table, tmp_path / "window.parquet")
    return tmp_path / "window.parquet"


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ({"counts": COUNTS, "prediction": "p"}, "counts"),
        ({"prediction": "p"}, "prediction"),
        ({"score": "s", "threshold": 0.5}, "score"),
        ({"prediction": "p", **ONNX}, "prediction"),
    ],
)
def test_every_source_gives_the_same_ratio(window: Path, given: dict[str, Any], source: str) -> None:
    result = measure("fairness", Inputs(current=window, sensitive=("g",), **given))

    assert result["source"] == source
    assert result["attributes"][0]["gaps"]["demographic_parity_ratio"]["value"] == 0.75


def test_a_score_without_a_threshold_decides_nothing(window: Path) -> None:
    result = measure("fairness", Inputs(current=window, sensitive=("g",), score="s"))

    assert result["not_applicable"] == ["decision"]
