"""Rows of JSON become canonical columns in two passes: first what each column holds, then the rows.

Types are kept as JSON has them: a number in quotes stays text. Every row has the columns of the first one; what is
missing is null. Numbers, true and false, and text never mix in one column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.data.csv_diagnosis import SHOWN, raw_identifier
from monitoring.data.csv_values import BOOL, DATE, FLOAT, INT, TEXT, TIME, looks_like_time
from monitoring.data.faults import VALUE_LIMIT, Fault, broken, collected
from monitoring.data.intake import Limits, Rows, check_names
from monitoring.data.json_reading import Row, rows

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 8_192
LARGEST = 1 << 63
DAY = len("2026-11-22")
FAMILIES = {bool: "boolean", int: "number", float: "number", str: "text"}


@dataclass
class Held:
    """What one column holds. kinds: the types that were seen; is_time: the dataset says that it holds the time.

    pseudonyms: how they are made, where the dataset says that it holds such.
    """

    name: str
    is_numeric: bool
    is_time: bool
    pseudonyms: str = ""
    kinds: set[type] = field(default_factory=set)
    has_moments: bool = False

    def fault(self, row: int, value: Any) -> Fault | None:
        """What is wrong with a value; what is right is remembered."""
        if self.pseudonyms:
            raw = raw_identifier(self.pseudonyms, row, self.name, value)
            if raw:
                return raw
        if value is None:
            return Fault("time_missing", row, self.name) if self.is_time else None
        rule, params = self._wrong(value)
        if rule:
            return Fault(rule, row, self.name, None, {"value": str(value)[:SHOWN], **params})
        self.kinds.add(type(value))
        self.has_moments = self.has_moments or (self.is_time and len(value.strip()) > DAY)
        return None

    def _wrong(self, value: Any) -> tuple[str, dict[str, object]]:
        if isinstance(value, dict | list):
            return "nested_column", {"type": "object" if isinstance(value, dict) else "array"}
        if self.is_time and not (isinstance(value, str) and looks_like_time(value)):
            return "not_time", {}
        if self.is_numeric and isinstance(value, str):
            return "not_numeric", {}
        if isinstance(value, str):
            return _wrong_text(value) or self._mixed(value)
        if isinf(value) if isinstance(value, float) else not -LARGEST <= value < LARGEST:
            return "number_too_large", {}
        return self._mixed(value)

    def _mixed(self, value: Any) -> tuple[str, dict[str, object]]:
        before = next(iter(self.kinds), type(value))
        return ("" if FAMILIES[before] == FAMILIES[type(value)] else "mixed_types"), {}

    @property
    def type(self) -> str:
        """A column that is null throughout holds no numbers."""
        if self.is_time:
            return TIME if self.has_moments else DATE
        if not self.kinds or float in self.kinds:
            return FLOAT
        return {bool: BOOL, int: INT, str: TEXT}[next(iter(self.kinds))]


def open_json(source: Path, limits: Limits) -> Rows:
    """Schema and batches of the file. Raises Unreadable, which names the rows and columns."""
    import pyarrow as pa

    columns: list[Held] = []
    found = collected(_looked_at(source, limits, columns))
    if found.faults:
        raise found
    if not columns:
        raise broken("no_rows")
    types = {
        INT: pa.int64(),
        FLOAT: pa.float64(),
        BOOL: pa.bool_(),
        DATE: pa.date32(),
        TIME: pa.timestamp("us"),
        TEXT: pa.string(),
    }
    schema = pa.schema([pa.field(each.name, types[each.type]) for each in columns])
    return Rows(schema, _batches(source, schema), "json")


def _looked_at(source: Path, limits: Limits, columns: list[Held]) -> Iterator[Fault]:
    """Every fault of every row. columns: filled on the way."""
    names: dict[str, Held] = {}
    for number, row in rows(source):
        if number > limits.max_rows:
            raise broken("too_many_rows", limit=limits.max_rows)
        if isinstance(row, Fault):
            yield row
            continue
        if not names:
            check_names(list(row), limits)
            names = {name: _held(name, limits) for name in row}
            columns.extend(names.values())
        yield from _faults_of(number, row, names)


def _held(name: str, limits: Limits) -> Held:
    pseudonyms = limits.rule.pseudonyms if name == limits.rule.identifier else ""
    return Held(name, name in limits.numeric, name == limits.time, pseudonyms)


def _faults_of(number: int, row: Row, names: dict[str, Held]) -> Iterator[Fault]:
    for name, column in names.items():
        fault = column.fault(number, row[name]) if name in row else Fault("key_missing", number, name)
        if fault:
            yield fault
    if len(row) > len(names) or not row.keys() <= names.keys():
        yield from (Fault("key_unknown", number, name[:200]) for name in row if name not in names)


def _wrong_text(value: str) -> tuple[str, dict[str, object]] | None:
    if len(value) > VALUE_LIMIT:
        return "value_too_long", {"limit": VALUE_LIMIT, "value": ""}
    if "\x00" in value:
        return "binary_bytes", {"value": ""}
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        return "half_a_letter", {"value": ""}
    return None


def _batches(source: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    held: list[Row] = []
    for _number, row in rows(source):
        assert isinstance(row, dict)  # the first pass has seen them all
        held.append(row)
        if len(held) == BATCH_ROWS:
            yield _batch(held, schema)
            held = []
    if held:
        yield _batch(held, schema)


def _batch(held: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.types as kinds

    arrays = []
    for each in schema:
        values = [row[each.name] for row in held]
        if kinds.is_date(each.type) or kinds.is_timestamp(each.type):
            arrays.append(pa.array([value.strip() for value in values], pa.string()).cast(each.type))
        elif kinds.is_floating(each.type):
            arrays.append(pa.array([None if value is None else float(value) for value in values], each.type))
        else:
            arrays.append(pa.array(values, each.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
