"""Reading canonical Parquet: named columns only, one locked connection per file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines import spilling
from monitoring.engines.refusals import MissingColumns

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

MEMORY_LIMIT = "1GB"
BATCH_ROWS = 65_536


@contextmanager
def reading(source: Path | pa.Table, threads: int = 1) -> Iterator[duckdb.DuckDBPyRelation]:
    """Canonical Parquet or an Arrow table as a DuckDB relation, on a connection that may read nothing else."""
    with connected(source, threads) as connection:
        yield relation_of(connection, source)


def connected(source: Path | pa.Table, threads: int = 1) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A connection for this source, and for tables that are already in memory. To open one takes some 15 ms."""
    return locked(*([source] if isinstance(source, Path) else []), threads=threads)


def relation_of(connection: duckdb.DuckDBPyConnection, source: Path | pa.Table) -> duckdb.DuckDBPyRelation:
    if isinstance(source, Path):
        return connection.read_parquet(str(source.resolve()))
    return connection.from_arrow(source)


@contextmanager
def locked(*paths: Path, threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may read these files and nothing else. What is asked of it goes through `question`."""
    import duckdb

    with spilling.folder() as spill, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit='{MEMORY_LIMIT}'; SET threads={threads}")
        connection.execute(f"SET temp_directory={text(spill)}")
        connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
        if paths:
            connection.execute(f"SET allowed_paths=[{', '.join(map(literal, paths))}]")
        connection.execute("SET enable_external_access=false; SET lock_configuration=true")
        yield connection


class NotAQuestion(Exception):
    """A statement that does not only read."""


def question(sql: str) -> str:
    """The same SQL, if it is one question: DuckDB lets whoever may read a file write it too. Raises NotAQuestion."""
    import duckdb

    statements = duckdb.extract_statements(sql)
    if [each.type for each in statements] != [duckdb.StatementType.SELECT]:
        raise NotAQuestion
    return sql


def literal(path: Path) -> str:
    """A file as SQL."""
    return text(str(path.resolve()))


def text(words: str) -> str:
    """Words as SQL."""
    return "'" + words.replace("'", "''") + "'"


def quoted(column: str) -> str:
    """A column name as SQL: names come from people's files."""
    return '"' + column.replace('"', '""') + '"'


def column_types(source: Path | pa.Table) -> dict[str, pa.DataType]:
    """Arrow type of every column, in the order of the file or the table."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(source) if isinstance(source, Path) else source.schema
    return {field.name: field.type for field in schema}


def read_columns(source: Path | pa.Table, columns: Sequence[str]) -> pa.Table:
    """These columns alone, all rows in their order, one thread."""
    import pyarrow.parquet as pq

    if isinstance(source, Path):
        return pq.read_table(source, columns=list(columns), use_threads=False)
    return source.select(list(columns))


def row_count(path: Path) -> int:
    """Rows as the footer declares them; intake has proven that they are there."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def require_columns(
    source: Path | pa.Table, columns: Sequence[str], where: str = "window"
) -> dict[str, pa.DataType]:
    """Types of all its columns. Raises MissingColumns when one of `columns` is not there."""
    types = column_types(source)
    missing = [name for name in columns if name not in types]
    if missing:
        raise MissingColumns(missing, where)
    return types


def read_column(path: Path, column: str, rows: np.ndarray | None = None) -> pa.ChunkedArray:
    """One column, whole or at the given row numbers."""
    import pyarrow.parquet as pq

    values = pq.read_table(path, columns=[column]).column(0)
    return values if rows is None else values.take(rows)


def chosen_rows(total: int, budget: int, seed: int) -> np.ndarray | None:
    """Sorted numbers of a seeded sample of rows without replacement; None when all rows fit the budget."""
    import numpy as np

    if total <= budget:
        return None
    return np.sort(np.random.default_rng(seed).choice(total, size=budget, replace=False))
