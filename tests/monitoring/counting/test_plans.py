"""The cells that a reference freezes: none of them says who is in it, and the same rows always give the same ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.counting import plans
from monitoring.counting.apart import cells_apart
from monitoring.counting.suppressing import SMALLEST
from monitoring.engines.counted.engine import of_window
from monitoring.engines.own_process import TookTooMuch

SEED = 20261128


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(SEED)
    n = 3000
    gaps = rng.normal(0, 1, n)
    gaps[::7], gaps[3::11] = np.nan, np.inf
    columns = {
        "normal": rng.normal(0, 1, n),
        "tied": np.where(rng.random(n) < 0.9, 0.0, rng.lognormal(0, 2, n)),
        "gaps": gaps,
        "few": [*[1.0] * 1500, *[2.0] * 1491, *[3.0] * 9],
        "region": [*["north"] * 2000, *["south"] * 991, *["one house"] * 9],
        "code": [*[7.0] * 1500, *[8.0] * 1500],
        "constant": [5.0] * n,
    }
    path = tmp_path_factory.mktemp("plans") / "reference.parquet"
    pq.write_table(pa.table(columns), path)
    return path


FEATURES = ["normal", "tied", "gaps", "few", "region", "code", "constant"]
CATEGORICAL = ["region", "code"]


@pytest.fixture(scope="module")
def cells(file: Path) -> dict[str, plans.Cells]:
    return {each.name: each for each in cells_apart(file, FEATURES, CATEGORICAL)[0]}


def test_every_cell_of_a_number_holds_at_least_ten_rows(file, cells):
    with of_window(file) as engine:
        found = plans.over(engine, list(cells.values()))
    for name in ("normal", "tied", "gaps"):
        counts, missing = found[name]
        assert len(counts) == cells[name].size and min(counts) >= SMALLEST
        assert sum(counts) + missing == 3000
    assert found["gaps"][1] == len({*range(0, 3000, 7), *range(3, 3000, 11)})


def test_there_are_as_many_parts_as_sturges_rule_makes(cells):
    assert cells["normal"].size == 13  # log2(3000) = 11.55, rounded up, and one
    assert cells["tied"].size < 13


def test_counts_over_cells_are_those_of_numpy(file, cells):
    values = pq.read_table(file, columns=["normal"]).column(0).to_numpy()
    ends = [-np.inf, *cells["normal"].edges, np.inf]
    with of_window(file) as engine:
        counts, _missing = plans.over(engine, [cells["normal"]])["normal"]
    assert counts == np.histogram(values, ends)[0].tolist()


def test_a_value_that_fewer_than_ten_rows_have_is_not_named(file, cells):
    assert (cells["few"].kind, cells["few"].values) == ("few", (1.0, 2.0))
    assert cells["region"].values == ("north", "south")
    with of_window(file) as engine:
        assert plans.over(engine, [cells["region"]])["region"] == ([2000, 991, 9], 0)


def test_a_category_that_is_a_number_is_named_without_a_point(cells):
    """One file holds 7, another 7.0, because it has a gap: it is the same category."""
    assert cells["code"].values == ("7", "8")


def test_a_constant_has_one_value(cells):
    assert cells["constant"].values == (5.0,)


def test_the_same_rows_in_another_order_give_the_same_cells(file, cells, tmp_path):
    table = pq.read_table(file)
    order = np.random.default_rng(SEED).permutation(table.num_rows)
    pq.write_table(table.take(order), tmp_path / "other.parquet")
    assert {
        each.name: each for each in cells_apart(tmp_path / "other.parquet", FEATURES, CATEGORICAL)[0]
    } == cells


def test_a_plan_survives_its_written_form(cells):
    assert {name: plans.cells_of(each.as_dict()) for name, each in cells.items()} == cells


def test_a_reference_that_cannot_be_cut_is_said(file):
    with pytest.raises(TookTooMuch):
        cells_apart(file, ["nowhere"], [])


def test_of_score_decision_and_outcome_those_are_cut_that_have_a_value(tmp_path):
    """A decision of two values is cut by value, whatever holds it; an outcome that is to come is left out."""
    path = tmp_path / "own.parquet"
    columns = {"x": [1.0] * 50, "p": [n / 50 for n in range(50)], "says": ["no"] * 20 + ["yes"] * 30}
    pq.write_table(pa.table({**columns, "paid": pa.nulls(50)}), path)

    [_feature], own = cells_apart(path, ["x"], [], ["p", "says", "paid", "gone"])
    assert [(each.name, each.kind) for each in own] == [("p", "numeric"), ("says", "categorical")]
    assert own[1].values == ("no", "yes")
