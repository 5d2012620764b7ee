"""Writes canonical Parquet: fixed settings, fixed row groups, no metadata of anybody's tool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.data.faults import Fault, Unreadable, broken
from monitoring.engines.windows import quoted, reading

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 122_880
"""DuckDB's own row group, so that its scans align."""
COUNTED_AT_ONCE = 8
YEARS = (1900, 2200)
"""A time outside of these years is a mistake of whoever wrote the file."""


def write(
    schema: pa.Schema, batches: Iterator[pa.RecordBatch], path: Path, max_rows: int
) -> tuple[int, dict[str, int]]:
    """Rows written and nulls per column. Raises Unreadable for more rows than `max_rows`."""
    import pyarrow.parquet as pq

    rows, nulls = 0, dict.fromkeys(schema.names, 0)
    with pq.ParquetWriter(
        path,
        schema,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        data_page_size=1 << 20,
        store_schema=False,
    ) as writer:
        for group in _groups(schema, batches):
            rows += group.num_rows
            if rows > max_rows:
                raise broken("too_many_rows", limit=max_rows)
            for name in schema.names:
                nulls[name] += group.column(name).null_count
            writer.write_table(group, row_group_size=ROW_GROUP)
    return rows, nulls


def _groups(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in groups of one size, however the reader happened to cut them."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    waiting = 0
    for batch in batches:
        held.append(batch)
        waiting += batch.num_rows
        while waiting >= ROW_GROUP:
            table = pa.Table.from_batches(held, schema)
            yield table.slice(0, ROW_GROUP).combine_chunks()
            held = table.slice(ROW_GROUP).to_batches()
            waiting -= ROW_GROUP
    if waiting:
        yield pa.Table.from_batches(held, schema).combine_chunks()


def distinct_counts(path: Path, names: Sequence[str]) -> dict[str, int]:
    """How many different values each column holds, nulls not counted.

    A few columns at a time: to count them all at once, all their values would be held in memory.
    """
    found: list[int] = []
    with reading(path) as rows:
        for at in range(0, len(names), COUNTED_AT_ONCE):
            asked = ", ".join(f"count(DISTINCT {quoted(name)})" for name in names[at : at + COUNTED_AT_ONCE])
            found += rows.aggregate(asked).fetchall()[0]
    return dict(zip(names, found, strict=True))


def span(path: Path, time: str) -> tuple[str, str]:
    """The first and the last day of the column `time`, as ISO dates. Raises Unreadable for years nobody lives in."""
    name = quoted(time)
    days = ", ".join(f"CAST(CAST({each}({name}) AS DATE) AS VARCHAR)" for each in ("min", "max"))
    years = f"year(min({name})), year(max({name}))"
    with reading(path) as rows:
        [(first, last, oldest, newest)] = rows.aggregate(f"{days}, {years}").fetchall()
    if oldest < YEARS[0] or newest > YEARS[1]:
        raise Unreadable(Fault("time_out_of_range", column=time, params={"first": first, "last": last}))
    return first, last
