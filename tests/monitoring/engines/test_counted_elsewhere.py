"""Another holder of the rows, PostgreSQL or Spark, counts what DuckDB counts: asked in its own words, it answers with counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.counting.answers import Answers, of_lines
from monitoring.counting.asking import statement
from monitoring.counting.plans import Cells, over
from monitoring.engines.counted.engine import Engine, of_window
from monitoring.engines.counted.profile import profile
from tests.elsewhere import held

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("elsewhere")]

ENGINES = ("postgresql", "spark")
SEED = 20261128
ODD = 'te"x`t {1} \\ '
LARGEST = 2**63 - 1
NUMBERS = ("normal", "whole", "few", "gaps", "money", "single", "zero", "large")
EDGES = {
    "normal": [-1.0, 0.0, 0.1, 0.30000000000000004, 1.5],
    "whole": [0.0, 7.0, 199.0],
    "few": [1.0, 2.0],
    "gaps": [-1e300, -2.0, 5e-324, 2.0],
    "money": [0.1, 10.25, 1e4],
    "single": [0.1, 0.5],
    "zero": [0.0],
    "large": [float(2**53), float(2**53 + 2), float(LARGEST)],
}


WORDS_HELD = ["ә", "b'c", "", "d\\e", "1.0", "1", "007", " a ", 'q"r', "{source}", "true", "%s", None]


def at_edges(rng: np.random.Generator, n: int) -> np.ndarray:
    """Normal numbers; some lie exactly at an edge, just before it and just behind it."""
    values, edges = rng.normal(0, 1, n), EDGES["normal"]
    beside = [np.nextafter(edges, way) for way in (-math.inf, math.inf)]
    values[: 3 * len(edges)] = [*edges, *beside[0], *beside[1]]
    return values


def with_gaps(rng: np.random.Generator, n: int) -> list[float | None]:
    values: list[float | None] = rng.normal(0, 2, n).tolist()
    for at, by, gap in ((0, 7, math.nan), (3, 11, math.inf), (5, 13, -math.inf), (6, 17, None)):
        values[at::by] = [gap] * len(values[at::by])
    return values


def table(n: int = 4000) -> pa.Table:
    """Values of every kind that a column may hold."""
    rng = np.random.default_rng(SEED)
    large = [2**53, 2**53 + 1, 2**53 + 2, 2**53 + 3, LARGEST, -LARGEST, 2**62 + 1, None]
    return pa.table(
        {
            "normal": at_edges(rng, n),
            "whole": rng.integers(-5, 200, n),
            "few": rng.integers(0, 6, n).astype(float),
            "gaps": with_gaps(rng, n),
            "money": [Decimal(int(each)) / 100 for each in rng.integers(-10, 2_000_000, n)],
            "single": pa.array(rng.choice(np.float32([0.1, 0.25, 0.5, 1e-3]), n), pa.float32()),
            "zero": rng.choice([0.0, -0.0, 1.0, -1.0, 12345678.0, 1e-300], n),
            "large": pa.array([large[at] for at in rng.integers(0, len(large), n)], pa.int64()),
            ODD: [WORDS_HELD[at] for at in rng.integers(0, len(WORDS_HELD), n)],
            "Ұ select": rng.choice([1.0, 2.0, 2.5, 1e7, math.nan, -0.0], n),
            "day": [date(2024, 1, 1 + int(each)) for each in rng.integers(0, 28, n)],
            "truth": [(True, False, None)[at] for at in rng.integers(0, 3, n)],
        }
    )


CATEGORIES = (ODD, "Ұ select", "day", "truth", "money", "large")
PLAN: dict[str, Any] = {
    "columns": [
        *({"name": name, "kind": "numeric", "edges": edges} for name, edges in EDGES.items()),
        {"name": "few", "kind": "few", "values": [0.0, 2.0, 5.0]},
        {"name": "zero", "kind": "few", "values": [0.0, 1e-300, 12345678.0]},
        {
            "name": ODD,
            "kind": "categorical",
            "values": ["", " a ", "007", "1", "b'c", "d\\e", 'q"r', "{source}", "ә"],
        },
        {"name": "Ұ select", "kind": "categorical", "values": ["0", "1", "10000000", "2.5", "nan"]},
        {"name": "day", "kind": "categorical", "values": ["2024-01-01", "2024-01-28"]},
        {"name": "truth", "kind": "categorical", "values": ["true"]},
        {"name": "large", "kind": "categorical", "values": [str(2**53 + 1), str(-LARGEST)]},
    ],
    "is_cut": True,
    "sensitive": [ODD, "truth", "few", "day"],
    "label": "few",
    "prediction": "truth",
    "favourable": "1",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elsewhere") / "rows.parquet"
    pq.write_table(table(), path)
    return path


@pytest.fixture(params=ENGINES)
def elsewhere(request: pytest.FixtureRequest, file: Path) -> Iterator[Engine]:
    with held(request, request.param, file) as engine:
        yield engine


def test_it_counts_below_every_edge_the_same(file, elsewhere):
    with of_window(file) as ours:
        assert elsewhere.below(EDGES) == ours.below(EDGES) == Engine.below(ours, EDGES)


def test_it_counts_categories_and_numbers_by_value_the_same(file, elsewhere):
    columns = [
        *(Cells(name, "categorical", values=("1", "a", "2024-01-01", "nan", "0")) for name in CATEGORIES),
        Cells("zero", "few", values=(0.0, 1.0)),
    ]
    with of_window(file) as ours:
        assert over(elsewhere, columns) == over(ours, columns)
        for name in NUMBERS:
            assert elsewhere.categories(name, as_number=True) == ours.categories(name, as_number=True)
            assert elsewhere.has_at_most(name, 20) == ours.has_at_most(name, 20)


def test_what_it_tells_of_a_column_is_what_duckdb_tells(file, elsewhere):
    types = {field.name: field.type for field in pq.read_schema(file)}
    names = [name for name in NUMBERS if name != "money"]
    with of_window(file) as ours:
        here, there = profile(ours, types, names), profile(elsewhere, types, names)
    for name in names:
        one, other = here[name], there[name]
        assert (one.kind, one.rows, one.n, one.values) == (other.kind, other.rows, other.n, other.values)
        assert (one.low, one.high) == (other.low, other.high)
        assert (one.mean, one.spread) == pytest.approx((other.mean, other.spread), rel=1e-9)


def answered(engine: Engine, plan: dict[str, Any]) -> Answers:
    return of_lines(engine.rows(statement(engine, "any", plan)), plan)


def same(one: Answers, other: Answers) -> None:
    """Every count exactly; sums of floating numbers up to the order in which they were added."""
    assert (one.rows, one.counts, one.tables) == (other.rows, other.counts, other.tables)
    assert one.profiles.keys() == other.profiles.keys()
    for place, figures in one.profiles.items():
        assert figures == pytest.approx(other.profiles[place], rel=1e-9, abs=1e-12), place


def test_one_statement_asks_for_everything_and_is_answered_the_same(file, elsewhere):
    with of_window(file) as ours:
        here = answered(ours, PLAN)
    same(here, answered(elsewhere, PLAN))
    assert here.rows == 4000
    assert set(here.tables[0]) == {None, *WORDS_HELD} - {
        "",
        "1.0",
    }  # the empty word is nobody's group, and 1.0 is 1


FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 0.5, 1.0, math.nan, math.inf, -math.inf, 1e15, 1e16, 5e-324]),
    st.floats(-1e9, 1e9),
)
WHOLE = st.one_of(st.integers(-3, 3), st.integers(-(2**63), LARGEST))
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=4)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
MONEY = st.decimals(Decimal("-9999999.99"), Decimal("9999999.99"), places=2)


NAMES = st.text(st.sampled_from("aЖ\"`'\\{}; $%"), min_size=1, max_size=5)
KINDS = (
    (FLOATS, pa.float64()),
    (WHOLE, pa.int64()),
    (MONEY, pa.decimal128(9, 2)),
    (WORDS, pa.string()),
    (DAYS, pa.date32()),
    (st.booleans(), pa.bool_()),
)


@st.composite
def made(draw: st.DrawFn) -> tuple[pa.Table, dict[str, Any]]:
    """A few rows, and a plan whose edges and values are taken from them."""
    n = draw(st.integers(1, 12))
    names = draw(st.lists(NAMES, min_size=len(KINDS), max_size=len(KINDS), unique=True))
    columns = {
        name: pa.array(draw(st.lists(st.none() | values, min_size=n, max_size=n)), kind)
        for name, (values, kind) in zip(names, KINDS, strict=True)
    }
    _floating, whole, _money, words, days, truth = names
    roles = {"sensitive": [words, days, whole], "prediction": truth}
    roles["label"] = draw(st.sampled_from([whole, truth, words]))
    favourable = draw(st.sampled_from(["1", "0", "a"]))
    rows = pa.table(columns)
    return rows, {"columns": cells_from(rows, names), "is_cut": True, "favourable": favourable, **roles}


def cells_from(rows: pa.Table, names: list[str]) -> list[dict[str, Any]]:
    held_values = {
        name: [each for each in rows.column(name).to_pylist() if each is not None] for name in names
    }
    found: list[dict[str, Any]] = []
    for name in names[:3]:
        edges = sorted({float(each) for each in held_values[name] if math.isfinite(each)})
        found += [
            {"name": name, "kind": "numeric", "edges": edges},
            {"name": name, "kind": "few", "values": edges[::2]},
        ]
    for name in names[3:5]:
        values = sorted({str(each) for each in held_values[name]})[::2]
        found.append({"name": name, "kind": "categorical", "values": values})
    return found


@pytest.mark.parametrize(("name", "examples"), [("postgresql", 30), ("spark", 4)])
def test_whatever_the_rows_are_the_counts_are_the_same(request, tmp_path, name, examples):
    path = tmp_path / "rows.parquet"

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(made())
    def counts_are_the_same(drawn: tuple[pa.Table, dict[str, Any]]) -> None:
        rows, plan = drawn
        pq.write_table(rows, path)
        with of_window(path) as ours, held(request, name, path) as theirs:
            same(answered(ours, plan), answered(theirs, plan))

    counts_are_the_same()
