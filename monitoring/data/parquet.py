"""Reads an uploaded Parquet file into canonical columns, and believes nothing that its footer says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.data.faults import VALUE_LIMIT, Fault, Found, Unreadable, broken
from monitoring.data.intake import Limits, Rows, check_names

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 65_536
SHOWN = 40
"""Characters of a person's value that a message repeats."""


def open_parquet(source: Path, limits: Limits) -> Rows:
    """Schema and batches of the file. Raises Unreadable, also while the batches are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source, page_checksum_verification=True)
        found = file.schema_arrow
    except (pa.ArrowException, OSError) as damaged:
        raise broken("not_parquet") from damaged
    check_names(found.names, limits)
    _check_size(file.metadata, limits)
    _check_types(found)
    schema = pa.schema([pa.field(each.name, _type(each)) for each in found])
    _check_declared(file, schema, limits)
    return Rows(schema, _batches(file, schema), "parquet")


def _check_size(metadata: Any, limits: Limits) -> None:
    """What the file unpacks to counts, or a few kilobytes could fill the disk."""
    unpacked = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if unpacked > limits.max_bytes:
        raise broken("too_many_bytes", found=unpacked, limit=limits.max_bytes)
    if metadata.num_rows > limits.max_rows:
        raise broken("too_many_rows", found=metadata.num_rows, limit=limits.max_rows)


def _check_types(found: pa.Schema) -> None:
    """Raises Unreadable, which names every nested column and every type that no check can read."""
    wrong = [told for each in found if isinstance(told := _understood(each), Fault)]
    if wrong:
        raise Unreadable(*wrong)


def _type(field: pa.Field) -> pa.DataType:
    """The canonical type of a column that is sound."""
    kind = _understood(field)
    assert not isinstance(kind, Fault)
    return kind


def _understood(field: pa.Field) -> pa.DataType | Fault:
    import pyarrow as pa
    import pyarrow.types as kinds

    kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
    if kinds.is_nested(kind):
        return Fault("nested_column", column=field.name, params={"type": str(kind)})
    families = (
        (kinds.is_boolean, pa.bool_()),
        (kinds.is_uint64, pa.float64()),
        (kinds.is_integer, pa.int64()),
        (kinds.is_floating, pa.float64()),
        (kinds.is_decimal, pa.float64()),
        (kinds.is_null, pa.float64()),
        (kinds.is_date, pa.date32()),
        (kinds.is_string, pa.string()),
        (kinds.is_large_string, pa.string()),
        (kinds.is_string_view, pa.string()),
    )
    if kinds.is_timestamp(kind):
        return pa.timestamp("us", "UTC" if kind.tz else None)
    for belongs, canonical in families:
        if belongs(kind):
            return canonical
    return Fault("unsupported_type", column=field.name, params={"type": str(kind)})


def _check_declared(file: Any, schema: pa.Schema, limits: Limits) -> None:
    """Raises Unreadable with the rows whose values are not what the dataset says of their column: numbers, or the time.

    Where a column has the wrong type, every value of it is wrong.
    """
    wrong = {name: "not_numeric" for name in limits.numeric if not _is_numeric(schema.field(name).type)}
    if limits.time:
        wrong[limits.time] = "" if _is_time(schema.field(limits.time).type) else "not_time"
    found = Found()
    row = 0
    for batch in (
        file.iter_batches(batch_size=BATCH_ROWS, columns=list(wrong), use_threads=False) if wrong else ()
    ):
        for name, rule in wrong.items():
            values = batch.column(batch.schema.get_field_index(name))
            if name == limits.time:
                _note(found, "time_missing", name, values.is_null(), row)
            if rule:
                _note(found, rule, name, values.is_valid(), row, values)
        row += batch.num_rows
    empty = [
        Fault(rule, 1, name, params={"value": ""})
        for name, rule in wrong.items()
        if rule and not found.counts[rule]
    ]
    for fault in empty:
        found.add(fault)
    if found.counts:
        raise found.told()


def _is_numeric(kind: pa.DataType) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_boolean(kind))


def _is_time(kind: pa.DataType) -> bool:
    """A day or a moment in every row: a row without one belongs to no period."""
    import pyarrow.types as kinds

    return bool(kinds.is_date(kind) or kinds.is_timestamp(kind))


def _note(
    found: Found, rule: str, name: str, at: pa.Array, before: int, values: pa.Array | None = None
) -> None:
    """The rows of a batch of which `at` is true. before: rows already read."""
    import pyarrow.compute as pc

    if not at.true_count:
        return
    named = pc.indices_nonzero(at)[: found.room].to_pylist()
    told = ((place, _told(values, place)) for place in named)
    found.add_rows(
        rule, [Fault(rule, before + place + 1, name, params=said) for place, said in told], at.true_count
    )


def _told(values: pa.Array | None, place: int) -> dict[str, object]:
    return {} if values is None else {"value": str(values[place].as_py())[:SHOWN], "type": str(values.type)}


def _batches(file: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    declared, readable = file.metadata.num_rows, 0
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            columns = [_cast(batch.column(at), field.type) for at, field in enumerate(schema)]
            _check_values(columns, schema, readable)
            readable += batch.num_rows
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
    except MemoryError as bomb:  # whatever the footer said
        raise broken("took_too_much") from bomb
    except (pa.ArrowException, OSError) as damaged:
        raise broken("damaged_parquet", readable=readable) from damaged
    if readable != declared:
        raise broken("footer_lies", declared=declared, readable=readable)


def _check_values(columns: Sequence[pa.Array], schema: pa.Schema, before: int) -> None:
    """Raises Unreadable for a text longer than a CSV file may hold. before: rows already read."""
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    for field, values in zip(schema, columns, strict=True):
        if kinds.is_string(field.type) and values.nbytes > VALUE_LIMIT:
            too_long = pc.greater(pc.binary_length(values), VALUE_LIMIT)
            at = too_long.index(True).as_py()
            if at >= 0:
                raise Unreadable(
                    Fault("value_too_long", before + at + 1, field.name, params={"limit": VALUE_LIMIT})
                )


def _cast(values: pa.Array, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if kinds.is_dictionary(values.type):
        values = values.dictionary_decode()
    found = values.cast(kind, safe=not kinds.is_timestamp(kind) and not kinds.is_floating(kind))
    return pc.if_else(pc.is_nan(found), pa.scalar(None, kind), found) if kinds.is_floating(kind) else found
