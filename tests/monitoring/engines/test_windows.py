"""DuckDB reads the file that it is named, and does nothing else with it or with any other."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines.counted.engine import of_window
from monitoring.engines.windows import NotAQuestion, locked, question

BEYOND = [
    "SELECT * FROM read_csv('{other}')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM glob('{folder}/*')",
    "COPY (SELECT 1) TO '{other}'",
    "COPY (SELECT 1) TO '{file}' (FORMAT parquet)",
    "ATTACH '{folder}/new.db'",
    "EXPORT DATABASE '{folder}/all'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access=true",
    "SET lock_configuration=false",
    "SET allowed_directories=['/']",
]
WRITES = [
    "COPY (SELECT 1 AS x) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "SELECT 1; COPY (SELECT 1 AS x) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "CREATE TABLE copied AS SELECT 1",
    "PRAGMA database_list",
]


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "other.csv").write_text("a\n1\n")
    pq.write_table(pa.table({"a": [1, 2, 3]}), tmp_path / "rows.parquet")
    return {"file": tmp_path / "rows.parquet", "other": tmp_path / "other.csv", "folder": tmp_path}


@pytest.mark.parametrize("beyond", BEYOND)
def test_the_connection_reads_the_named_file_and_reaches_nothing_else(
    places: dict[str, Path], beyond: str
) -> None:
    with locked(places["file"]) as connection, pytest.raises(duckdb.Error):
        connection.execute(beyond.format(**places))
    assert {each.name for each in places["folder"].iterdir()} == {"other.csv", "rows.parquet"}


@pytest.mark.parametrize("writes", WRITES)
def test_an_engine_asks_questions_only_for_the_named_file_could_be_written(
    places: dict[str, Path], writes: str
) -> None:
    before, sql = places["file"].read_bytes(), writes.format(**places)
    with of_window(places["file"]) as engine, pytest.raises(NotAQuestion):
        engine.rows(sql)
    assert places["file"].read_bytes() == before


def test_a_question_stays_as_it_is() -> None:
    asked = "WITH few AS (SELECT 1 AS x) SELECT x FROM few -- ;"
    assert question(asked) == asked
