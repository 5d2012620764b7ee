"""Says where a CSV file is broken: slower than the reader, but it names the row, the column and the byte."""

from __future__ import annotations

import codecs
import csv
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitoring.data.csv_values import looks_like_time, looks_numeric
from monitoring.data.faults import VALUE_LIMIT, Fault, Unreadable, collected
from monitoring.shielding.pseudonyms import FORMS

CHUNK = 1 << 20
SHOWN = 40
"""Characters of a person's value that a message repeats."""
PATIENCE = 120.0
"""Seconds after which a file that is broken in millions of places is not looked at any further."""


@dataclass(frozen=True)
class Declared:
    """What the dataset says of one column. position: from 0; kind: numeric, time, or how its pseudonyms are made."""

    position: int
    name: str
    kind: str
    decimal_comma: bool = False

    def fault(self, row: int, value: str) -> Fault | None:
        """What is wrong with the field of this column in one row; an identifier is not repeated."""
        if self.kind in FORMS:
            return raw_identifier(self.kind, row, self.name, value)
        if self.kind == "time":
            rule = "not_time" if value.strip() else "time_missing"
            fits = looks_like_time(value)
        else:
            rule, fits = "not_numeric", looks_numeric(value, decimal_comma=self.decimal_comma)
        return None if fits else Fault(rule, row, self.name, None, {"value": value.strip()[:SHOWN]})


def raw_identifier(kind: str, row: int, column: str, value: object) -> Fault | None:
    """What is wrong with an identifier that must be a pseudonym of this kind."""
    form = FORMS[kind]
    is_one = isinstance(value, str) and re.fullmatch(form.pattern, value) is not None
    return None if is_one else Fault(form.rule, row, column)


def check_text(source: Path) -> None:
    """Raises Unreadable for bytes that are no UTF-8, for zero bytes and for a quote that is never closed."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, lines, quotes = 0, 1, 0
    with source.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as bad:
                before = chunk[: max(0, bad.start - waiting)]
                byte = f"0x{bad.object[bad.start]:02x}"
                at = offset - waiting + bad.start
                raise Unreadable(
                    Fault("not_utf8", lines + before.count(b"\n"), None, at, {"byte": byte})
                ) from bad
            if b"\x00" in chunk:
                zero = chunk.index(b"\x00")
                raise Unreadable(
                    Fault("binary_bytes", lines + chunk[:zero].count(b"\n"), None, offset + zero)
                )
            if not chunk:
                break
            offset, lines, quotes = (
                offset + len(chunk),
                lines + chunk.count(b"\n"),
                quotes + chunk.count(b'"'),
            )
    if quotes % 2:
        _check_quotes(source)


def _check_quotes(source: Path) -> None:
    """An odd number of quotes is harmless inside a field and swallows the rest of the file at the start of one."""
    rows = 0
    try:
        with source.open(encoding="utf-8-sig", newline="") as text:
            for _ in csv.reader(text, strict=True):
                rows += 1
    except csv.Error as unclosed:
        raise Unreadable(Fault("unclosed_quote", row=rows + 1)) from unclosed


def diagnose(
    source: Path,
    delimiter: str,
    width: int,
    declared: Sequence[Declared] = (),
) -> Unreadable:
    """All broken rows: a wrong number of fields, or a value that is not what its column is declared to be."""
    until = time.monotonic() + PATIENCE
    is_whole = True

    def patiently() -> Iterator[Fault]:
        nonlocal is_whole
        for fault in _faults(source, delimiter, width, declared):
            yield fault
            if time.monotonic() > until:
                is_whole = False
                return

    found = collected(patiently())
    found.is_whole = is_whole
    return found


def _faults(source: Path, delimiter: str, width: int, declared: Sequence[Declared]) -> Iterator[Fault]:
    csv.field_size_limit(VALUE_LIMIT)
    row = 0
    try:
        with source.open(encoding="utf-8-sig", newline="") as text:
            for row, fields in enumerate(csv.reader(text, delimiter=delimiter), start=1):
                if fields and len(fields) != width:
                    yield Fault(
                        "wrong_field_count", row, None, None, {"found": len(fields), "expected": width}
                    )
                elif fields and row > 1:
                    told = (each.fault(row, fields[each.position]) for each in declared)
                    yield from (fault for fault in told if fault)
    except csv.Error as refused:
        if "field limit" in str(refused):
            yield Fault("value_too_long", row=row + 1, params={"limit": VALUE_LIMIT})
        else:
            yield Fault("broken_csv", row=row + 1, params={"reason": str(refused)[:200]})
