"""Reads an uploaded CSV file in two passes: first what type each column keeps to, then the rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.data.csv_diagnosis import Declared, check_text, diagnose
from monitoring.data.csv_values import ColumnType, converted, looks_numeric
from monitoring.data.faults import VALUE_LIMIT, Fault, Unreadable, broken
from monitoring.data.intake import Limits, Rows, check_names
from monitoring.shielding.pseudonyms import FORMS

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 50
BLOCK_BYTES = 4 << 20


@dataclass(frozen=True)
class Dialect:
    """How the file is cut into fields. names: the header, trimmed."""

    delimiter: str
    names: tuple[str, ...]
    has_rows: bool


def open_csv(source: Path, limits: Limits) -> Rows:
    """Schema and batches of the file. Raises Unreadable, naming the row."""
    import pyarrow as pa

    check_text(source)
    dialect = _dialect(source)
    if not dialect.has_rows:
        raise broken("no_rows")
    check_names(dialect.names, limits)
    if all(looks_numeric(name) for name in dialect.names):
        raise Unreadable(Fault("no_header", row=1, params={"found": list(dialect.names[:5])}))
    types = _column_types(source, dialect, limits)
    schema = pa.schema(
        [pa.field(name, kind.arrow()) for name, kind in zip(dialect.names, types, strict=True)]
    )
    facts = {
        "delimiter": dialect.delimiter,
        "decimal": "," if any(kind.decimal_comma for kind in types) else ".",
    }
    return Rows(schema, _typed(_texts(source, dialect, limits), schema, types), "csv", facts)


def _dialect(source: Path) -> Dialect:
    """The delimiter that cuts the first rows into the same, largest number of fields, and the header."""
    cut = {each: _first_rows(source, each) for each in DELIMITERS}
    best = max(DELIMITERS, key=lambda each: _evenness(cut[each]))
    if len(cut[best]) < 2:
        _check_first_rows(source, best)
    return Dialect(best, tuple(name.strip() for name in cut[best][0]), has_rows=len(cut[best]) > 1)


def _first_rows(source: Path, delimiter: str) -> list[list[str]]:
    """Up to the first that cannot be read."""
    csv.field_size_limit(VALUE_LIMIT)
    rows: list[list[str]] = []
    with source.open(encoding="utf-8-sig", newline="") as text, suppress(csv.Error):
        rows.extend(islice((row for row in csv.reader(text, delimiter=delimiter) if row), LOOKED_AT))
    return rows


def _check_first_rows(source: Path, delimiter: str) -> None:
    """Raises Unreadable where no row follows the header because none can be read, or where there is no header."""
    first = _first_rows(source, delimiter)
    found = diagnose(source, delimiter, len(first[0]) if first else 0)
    if found.faults:
        raise found
    if not first:
        raise broken("empty_file")


def _evenness(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """Share of rows as wide as the header, where the header has at least two fields; then its width."""
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0, width
    return sum(len(row) == width for row in rows) / len(rows), width


def _column_types(source: Path, dialect: Dialect, limits: Limits) -> list[ColumnType]:
    types = [ColumnType(semicolons=dialect.delimiter == ";") for _ in dialect.names]
    rows = 0
    for batch in _texts(source, dialect, limits):
        rows += batch.num_rows
        if rows > limits.max_rows:
            raise broken("too_many_rows", limit=limits.max_rows)
        for kind, values in zip(types, batch.columns, strict=True):
            kind.see(values)
    for name, kind in zip(dialect.names, types, strict=True):
        if name in limits.texts:
            kind.declare_text()
    wrong = list(_wrong(dialect, types, limits))
    if wrong:
        also = [*wrong, *_identifier(dialect, limits)]
        found = diagnose(source, dialect.delimiter, len(dialect.names), also)
        nowhere = [Fault(f"not_{each.kind}", column=each.name) for each in wrong]
        raise found if _is_named(found) else Unreadable(*nowhere)
    return types


def _wrong(dialect: Dialect, types: Sequence[ColumnType], limits: Limits) -> Iterator[Declared]:
    """The columns that are not what the dataset says of them."""
    for at, (name, kind) in enumerate(zip(dialect.names, types, strict=True)):
        if name in limits.numeric:
            kind.declare_numeric()
            if not kind.is_numeric:
                yield Declared(at, name, "numeric", kind.decimal_comma)
        if name == limits.time and not kind.is_time:
            yield Declared(at, name, "time")


def _declared(dialect: Dialect, limits: Limits) -> list[Declared]:
    """What the dataset says of the columns, where it is not known yet how the file writes its numbers."""
    comma = dialect.delimiter == ";"
    columns = [(at, name) for at, name in enumerate(dialect.names) if name in (*limits.numeric, limits.time)]
    told = [Declared(at, name, "time" if name == limits.time else "numeric", comma) for at, name in columns]
    return [*told, *_identifier(dialect, limits)]


def _is_named(found: Unreadable) -> bool:
    """Whether more is found than raw identifiers, for which no file is looked through a second time."""
    return bool(found.counts.keys() - {form.rule for form in FORMS.values()})


def _identifier(dialect: Dialect, limits: Limits) -> list[Declared]:
    """The column of pseudonyms, where the rows have one: told along where something else is wrong with the file."""
    rule = limits.rule
    return [
        Declared(at, name, rule.pseudonyms)
        for at, name in enumerate(dialect.names)
        if name == rule.identifier != ""
    ]


def _texts(source: Path, dialect: Dialect, limits: Limits) -> Iterator[pa.RecordBatch]:
    """Batches of text under positional names, empty fields as nulls. Raises Unreadable for a broken row."""
    import pyarrow as pa
    import pyarrow.csv as pc

    positions = [str(at) for at in range(len(dialect.names))]
    try:
        with pc.open_csv(
            source,
            read_options=pc.ReadOptions(
                column_names=positions, skip_rows_after_names=1, use_threads=False, block_size=BLOCK_BYTES
            ),
            parse_options=pc.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(positions, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        ) as reader:
            yield from reader
    except pa.ArrowInvalid as refused:
        found = diagnose(source, dialect.delimiter, len(dialect.names), _declared(dialect, limits))
        raise found if _is_named(found) else broken("broken_csv", reason=str(refused)[:200]) from refused


def _typed(
    texts: Iterator[pa.RecordBatch], schema: pa.Schema, types: Sequence[ColumnType]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    convert = partial(map, converted)
    for batch in texts:
        yield pa.RecordBatch.from_arrays(list(convert(batch.columns, types)), schema=schema)
