"""Counts of all rows give what the rows give: Evidently's own figures, without holding a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from monitoring.engines.columns import Pair
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
        assert found[column].layout.score() == pytest.approx(whole.score(), abs=1e-12), column


def test_wasserstein_over_a_thousand_parts_is_within_the_error_it_states(tmp_path):
    """Above 200,000 rows the parts stand for the values; 0.3 % and better, 1 % where the tail is long."""
    paths = [tmp_path / "one.parquet", tmp_path / "other.parquet"]
    for path, shift in zip(paths, (0.0, 0.5), strict=True):
        pq.write_table(pa.table(rows(250_000, shift)), path)
    _pairs, found = counted(paths, NUMBERS, "wasserstein")

    for column in NUMBERS:
        whole = layout(*(held(path, column) for path in paths), "wasserstein", categorical=False).score()
        assert abs(found[column].layout.score() - whole) <= found[column].error, column
        assert found[column].layout.score() == pytest.approx(whole, rel=0.01), column


@pytest.mark.slow
@pytest.mark.parametrize("method", ["psi", "jensenshannon"])
def test_the_score_over_counts_is_evidently_s(windows, method):
    from monitoring.engines.evidently_report import value_drift

    _pairs, found = counted(windows, NUMBERS, method)
    for column in NUMBERS:
        pair = Pair(column, "numeric", *(held(path, column) for path in windows), 0.0, 0.0)
        assert found[column].layout.score() == pytest.approx(
            value_drift(pair, method, 0.1).score, abs=1e-9
        ), column


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
