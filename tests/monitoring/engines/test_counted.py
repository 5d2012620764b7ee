"""Counts of all rows give what the rows give: Evidently's own figures, without holding a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from scipy.stats import wasserstein_distance

from monitoring.counting.plans import Cells, cut
from monitoring.engines.columns import Pair
from monitoring.engines.counted.ascending import moved, of_held_window
from monitoring.engines.counted.engine import Engine, of_window
from monitoring.engines.counted.layouts import layouts, sturges
from monitoring.engines.counted.profile import profile
from monitoring.engines.drift_statistics import layout

NUMBERS = ("normal", "skewed", "whole", "few", "gaps")
SEED = 20261128


def rows(n: int, shift: float) -> dict[str, np.ndarray]:
    """Numbers of every kind that a window may hold: ties, few values, missing and infinite ones, and text."""
    rng = np.random.default_rng([SEED, int(shift * 10)])
    gaps = rng.normal(shift, 2, n)
    gaps[::7], gaps[3::11], gaps[5::13] = np.nan, np.inf, -np.inf
    return {
        "normal": rng.normal(shift, 1, n),
        "skewed": rng.lognormal(shift, 1.5, n),
        "whole": rng.integers(0, 200 + int(10 * shift), n),
        "few": rng.integers(0, 6 + int(2 * shift), n).astype(float),
        "gaps": gaps,
        'te"xt': rng.choice(["ә", "b'c", "", "d"], n, p=[0.4 - shift / 10, 0.3 + shift / 10, 0.2, 0.1]),
    }


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    paths = []
    for name, n, shift in (("reference", 30_000, 0.0), ("current", 20_000, 0.5)):
        paths.append(tmp_path_factory.mktemp("counted") / f"{name}.parquet")
        pq.write_table(pa.table(rows(n, shift)), paths[-1])
    return paths[0], paths[1]


def counted(windows, columns, method: str):
    types = {field.name: field.type for field in pq.read_schema(windows[0])}
    with of_window(windows[0]) as one, of_window(windows[1]) as other:
        first = profile(one, types, columns)
        second = profile(other, types, columns, of=first)
        pairs = {name: (first[name], second[name]) for name in columns}
        return pairs, layouts(one, other, pairs, dict.fromkeys(columns, method))


def held(path: Path, column: str) -> np.ndarray:
    values = pq.read_table(path, columns=[column]).column(0).to_numpy()
    return values[np.isfinite(values)].astype(float) if column in NUMBERS else values.astype(object)


@pytest.mark.parametrize("method", ["psi", "jensenshannon"])
def test_the_score_over_counts_is_the_score_over_the_rows(windows, method):
    columns = [*NUMBERS, 'te"xt']
    _pairs, found = counted(windows, columns, method)

    for column in columns:
        whole = layout(*(held(path, column) for path in windows), method, categorical=column not in NUMBERS)
        assert found[column].score == pytest.approx(whole.score(), abs=1e-12), column


def test_psi_over_deciles_is_the_same_over_counts_and_over_the_rows(windows):
    _pairs, found = counted(windows, NUMBERS, "psi_deciles")

    for column in NUMBERS:
        whole = layout(*(held(path, column) for path in windows), "psi_deciles", categorical=False)
        assert found[column].score == pytest.approx(whole.score(), abs=1e-12), column


def test_deciles_by_hand():
    """0…99: nine cells of ten and one of nine without the largest; half of the current rows lie in the last cell."""
    one, other = np.arange(100), np.concatenate([np.arange(0, 100, 2), np.full(50, 95)])
    found = layout(one, other, "psi_deciles", categorical=False)

    assert found.reference.tolist() == [10] * 10
    assert found.current.tolist() == [5] * 9 + [55]
    assert found.score() == pytest.approx(9 * (0.05 - 0.1) * np.log(0.5) + 0.45 * np.log(5.5))


def test_tied_deciles_are_one_edge_and_what_lies_beyond_the_largest_value_has_a_cell():
    one, other = np.repeat([0, 1, 9], [60, 20, 20]), np.repeat([0, 1, 9, 12], [60, 20, 10, 10])
    found = layout(one, other, "psi_deciles", categorical=False)

    assert found.reference.tolist() == [60, 20, 20, 0]
    assert found.current.tolist() == [60, 20, 10, 10]


def test_columns_that_are_held_answer_as_duckdb_does(windows):
    edges = {column: [-1.0, 0.0, 0.5, 7.0, 199.0] for column in NUMBERS}
    types = {field.name: field.type for field in pq.read_schema(windows[0])}
    columns = [*NUMBERS, 'te"xt']
    with of_window(windows[0]) as scanned, of_held_window(windows[0]) as sorted_:
        assert sorted_.below(edges) == scanned.below(edges)
        assert cut(sorted_, columns, ['te"xt']) == cut(scanned, columns, ['te"xt'])
        here, there = (profile(each, types, columns) for each in (sorted_, scanned))
        for parts in (3, 7, 16):
            shares = [step / parts for step in range(1, parts)]
            assert sorted_.places("gaps", shares) == scanned.places("gaps", shares)

    for column in columns:
        one, other = here[column], there[column]
        assert (one.kind, one.rows, one.n, one.values) == (other.kind, other.rows, other.n, other.values)
        assert (one.low, one.high) == (other.low, other.high)
        assert (one.mean, one.spread) == pytest.approx((other.mean, other.spread), rel=1e-9)


def test_a_column_without_a_number_is_held_as_well(tmp_path):
    pq.write_table(pa.table({"x": pa.array([None] * 10, pa.float64())}), tmp_path / "x")
    with of_window(tmp_path / "x") as scanned, of_held_window(tmp_path / "x") as sorted_:
        for engine in (scanned, sorted_):
            assert engine.sums(["x"]) == (10, [(0, None, None, None, None)])
            assert engine.has_at_most("x", 20) and engine.places("x", [0.5]) == []
            assert cut(engine, ["x"], []) == [Cells("x", "few")]


@pytest.mark.parametrize(("n", "m"), [(1, 1), (5, 3), (1000, 1000), (20_000, 7_777)])
def test_quantiles_of_two_samples_lie_as_far_apart_as_scipy_says(n, m):
    rng = np.random.default_rng([n, m])
    for one, other in (
        (rng.normal(0, 1, n), rng.normal(0.3, 2, m)),
        (rng.integers(0, 9, n), rng.integers(2, 7, m)),
    ):
        ours = moved(np.sort(one).astype(float), np.sort(other).astype(float))
        assert ours == pytest.approx(wasserstein_distance(one, other), rel=1e-12)


def test_wasserstein_over_a_thousand_parts_is_within_the_error_it_states(tmp_path):
    """Of a window that cannot be held the parts stand for the values; 0.3 % and better, 1 % where the tail is long."""
    paths = [tmp_path / "one.parquet", tmp_path / "other.parquet"]
    for path, shift in zip(paths, (0.0, 0.5), strict=True):
        pq.write_table(pa.table(rows(250_000, shift)), path)
    _pairs, found = counted(paths, NUMBERS, "wasserstein")

    for column in NUMBERS:
        whole = layout(*(held(path, column) for path in paths), "wasserstein", categorical=False).score()
        assert abs(found[column].score - whole) <= found[column].error, column
        assert found[column].score == pytest.approx(whole, rel=0.01), column


@pytest.mark.slow
@pytest.mark.parametrize("method", ["psi", "jensenshannon"])
def test_the_score_over_counts_is_evidently_s(windows, method):
    from monitoring.engines.evidently_report import value_drift

    _pairs, found = counted(windows, NUMBERS, method)
    for column in NUMBERS:
        pair = Pair(column, "numeric", *(held(path, column) for path in windows), 0.0, 0.0)
        assert found[column].score == pytest.approx(value_drift(pair, method, 0.1).score, abs=1e-9), column


@pytest.mark.parametrize("n", [1, 2, 1000, 1024, 50_000])
@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.7, 12.9), (5.0, 5.0), (1e-9, 1e9)])
def test_edges_are_those_of_numpy(n, low, high):
    values = np.linspace(low, high, n) if n > 1 else np.array([low])
    there = sturges(float(values.min()), float(values.max()), n)

    assert there == np.histogram_bin_edges(values, bins="sturges").tolist()


def test_what_is_told_of_a_column_is_what_its_rows_say(windows):
    types = {field.name: field.type for field in pq.read_schema(windows[0])}
    with of_window(windows[0]) as engine:
        told = profile(engine, types, [*NUMBERS, 'te"xt'])

    for column in NUMBERS:
        values = held(windows[0], column)
        one = told[column]
        assert (one.rows, one.n, one.low, one.high) == (30_000, len(values), values.min(), values.max())
        assert (one.mean, one.spread) == pytest.approx((values.mean(), values.std()), rel=1e-9)
        assert one.missing == pytest.approx(1 - len(values) / 30_000)
    assert [told[column].kind for column in NUMBERS] == ["numeric", "numeric", "numeric", "few", "numeric"]
    assert told['te"xt'].values == {
        word: int(n)
        for word, n in zip(*np.unique(held(windows[0], 'te"xt'), return_counts=True), strict=True)
    }


# --- another holder of the rows


class Postgres(Engine):
    """A table in PostgreSQL, by the portable form alone."""

    def rows(self, query):
        with connection.cursor() as cursor:
            cursor.execute(query.format(source="counted_rows").replace("%", "%%"))
            return cursor.fetchall()


@pytest.fixture
def in_postgres(windows, db):
    """The reference as a table; the runtime role may make none, so it is a list of values."""
    table = pq.read_table(windows[0])
    columns = list(table.column_names)
    arrays = ", ".join(["%s::float8[]" if name in NUMBERS else "%s::text[]" for name in columns])
    named = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    values = [table.column(name).to_pylist() for name in columns]

    class There(Postgres):
        def rows(self, query):
            source = f"(SELECT * FROM unnest({arrays}) AS t ({named})) AS counted_rows"
            with connection.cursor() as cursor:
                cursor.execute(
                    query.replace("%", "%%").format(source=source), values * query.count("{source}")
                )
                return cursor.fetchall()

    return There()


def test_postgresql_counts_the_same_in_the_portable_form(windows, in_postgres):
    types = {field.name: field.type for field in pq.read_schema(windows[0])}
    columns = [*NUMBERS, 'te"xt']
    edges = {"normal": [-1.0, 0.0, 0.5], "whole": [0.0, 7.0, 199.0], "gaps": [-2.0, 2.0]}
    with of_window(windows[0]) as ours:
        here, there = profile(ours, types, columns), profile(in_postgres, types, columns)
        assert ours.below(edges) == in_postgres.below(edges) == Engine.below(ours, edges)

    for column in columns:
        one, other = here[column], there[column]
        assert (one.kind, one.rows, one.n, one.values) == (other.kind, other.rows, other.n, other.values)
        assert (one.low, one.high) == (other.low, other.high)
        assert (one.mean, one.spread) == pytest.approx((other.mean, other.spread), rel=1e-9)
