"""Reading canonical Parquet: named columns only, one locked connection per file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit='{MEMORY_LIMIT}'; SET threads={threads}")
        connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
        if isinstance(source, Path):
            literal = str(source.resolve()).replace("'", "''")
            connection.execute(f"SET allowed_paths=['{literal}']")
        connection.execute("SET enable_external_access=false; SET lock_configuration=true")
        if isinstance(source, Path):
            yield connection.read_parquet(str(source.resolve()))
        else:
            yield connection.from_arrow(source)


def quoted(column: str) -> str:
    """A column name as SQL: names come from people's files."""
    return '"' + column.replace('"', '""') + '"'


def column_types(path: Path) -> dict[str, pa.DataType]:
    """Arrow type of every column, in the order of the file."""
    import pyarrow.parquet as pq

    return {field.name: field.type for field in pq.read_schema(path)}


def row_count(path: Path) -> int:
    """Rows as the footer declares them; intake has proven that they are there."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def require_columns(path: Path, columns: Sequence[str], where: str = "window") -> dict[str, pa.DataType]:
    """Types of all columns of the file. Raises MissingColumns when one of `columns` is not there."""
    types = column_types(path)
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
