"""How many values a column needs before its drift is measured, the plan says: over rows, kept counts and large data alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.engines import drift as engine
from monitoring.engines.results import digest

DRIFT = CHECKS["drift"]


@pytest.fixture
def periods(tmp_path: Path) -> tuple[Path, Path]:
    """A reference of 200 rows and a current data period of 60."""
    rng = np.random.default_rng(1)
    paths = (tmp_path / "reference.parquet", tmp_path / "current.parquet")
    for path, rows in zip(paths, (200, 60), strict=True):
        pq.write_table(pa.table({"income": rng.normal(size=rows), "age": rng.normal(size=rows)}), path)
    return paths


def measured(periods: tuple[Path, Path], **limits: Any) -> dict[str, Any]:
    reference, current = periods
    return measure(
        "drift", Inputs(reference=reference, current=current, features=("income", "age"), limits=limits)
    )


@pytest.mark.parametrize("cells", ["evidently_equal", "frozen_baseline"])
def test_with_fewer_rows_than_the_plan_asks_for_nothing_is_said(periods, cells) -> None:
    enough, few = measured(periods, cells=cells), measured(periods, cells=cells, fewest_rows=61)
    assert [each["status"] for each in enough["features"]] == ["measured", "measured"]
    assert [each["status"] for each in few["features"]] == ["insufficient_data"] * 2
    assert DRIFT.judge(few, {"cells": cells, "fewest_rows": 61}).verdict == "insufficient_data"


def test_data_too_large_to_be_held_are_counted_by_the_same_rule(periods) -> None:
    said: dict[str, Any] = {"features": ["income"], "row_budget": 100}
    few = engine.measure(*periods, **said, fewest=61).to_dict()
    assert few["by_counts"] and few["features"][0]["status"] == "insufficient_data"
    assert engine.measure(*periods, **said).to_dict()["features"][0]["status"] == "measured"


def test_the_usual_number_leaves_every_result_as_it_was(periods) -> None:
    assert digest(measured(periods)) == digest(measured(periods, fewest_rows=50))
    assert digest(measured(periods)) == digest(measured(periods, fewest_rows=50.0))


def test_no_plan_has_a_column_of_nothing_compared(tmp_path, periods) -> None:
    pq.write_table(
        pa.table({"income": [1.0], "age": pa.array([None], pa.float64())}), tmp_path / "one.parquet"
    )
    found = measured((periods[0], tmp_path / "one.parquet"), fewest_rows=0)
    assert "measured" not in {each["status"] for each in found["features"]}


def test_another_number_needs_the_data_again() -> None:
    assert DRIFT.judge_again({"features": [], "measured": 0}, {}, {"fewest_rows": 100}) is None
