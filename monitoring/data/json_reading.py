"""Rows of JSON one at a time: an array of objects, or one object a line (NDJSON). Never more than a row is held."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from monitoring.data.faults import Fault

ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")
LINES = (".ndjson", ".jsonl")
LONGEST_ROW = 8 << 20
"""Bytes. A longer one is no row, but a bracket that is never closed."""
CHUNK = 1 << 20
BETWEEN = " \t\r\n"

Row = dict[str, Any]


class _Twice(ValueError):
    """A name that an object has twice: which of the two values is meant, nobody can say."""


def is_json(head: bytes, name: str) -> bool:
    """Whether a file is rows of JSON. A document of counts is one object, and neither."""
    return name.lower().endswith(LINES) or ARRAY.match(head) is not None


def rows(source: Path) -> Iterator[tuple[int, Row | Fault]]:
    """Each row with its number, the first is 1; a fault in place of one that is no row."""
    with source.open("rb") as file:
        is_array = ARRAY.match(file.read(4096)) is not None
    read = _of_array(source) if is_array else _of_lines(source)
    for number, row in enumerate(read, 1):
        if isinstance(row, dict):
            yield number, row
        elif isinstance(row, Fault):
            yield number, Fault(row.rule, number, row.column, row.offset, row.params)
        else:
            yield number, Fault("not_an_object", number)


def _of_lines(source: Path) -> Iterator[Any]:
    """A broken line is a fault, and the next one is read."""
    with source.open("rb") as file:
        line = file.readline(LONGEST_ROW + 1).removeprefix(codecs.BOM_UTF8)
        while line:
            if len(line) > LONGEST_ROW:
                yield Fault("value_too_long", params={"limit": LONGEST_ROW})
                return
            if line.strip():
                yield _understood(line)
            line = file.readline(LONGEST_ROW + 1)


def _understood(line: bytes) -> Any:
    try:
        return DECODER.decode(line.decode())
    except UnicodeDecodeError:
        return Fault("not_utf8")
    except (ValueError, RecursionError) as broken:
        return _fault(broken)


def _of_array(source: Path) -> Iterator[Any]:
    """Up to its end or the first place that is no JSON: behind that, nobody knows where a row begins."""
    try:
        yield from _each(_Text(source))
    except _Stop as stop:
        yield stop.fault


def _each(text: _Text) -> Iterator[Any]:
    """Raises _Stop."""
    text.skip("[")
    while text.next() != "]":
        yield text.value()
        if text.next() == ",":
            text.skip(",")
        elif text.next() != "]":
            raise _Stop(Fault("broken_json", params={"reason": "a comma or ] is missing"}))
    text.skip("]")
    if text.next():
        raise _Stop(Fault("broken_json", params={"reason": "there is something behind the ]"}))


class _Stop(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _Text:
    """The text of a file, of which a window of one row is held."""

    def __init__(self, source: Path) -> None:
        self._chunks = _decoded(source)
        self._held, self._at, self._is_whole = "", 0, False

    def next(self) -> str:
        """The next character that means something; "" at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in BETWEEN:
                    return self._held[self._at]
                self._at += 1
            if not self._more():
                return ""

    def skip(self, what: str) -> None:
        if self.next() == what:
            self._at += 1

    def value(self) -> Any:
        """Raises _Stop where there is none."""
        while True:
            try:
                found, self._at = DECODER.raw_decode(self._held, self._at)
                return found
            except _Twice as twice:
                raise _Stop(_fault(twice)) from twice
            except (ValueError, RecursionError) as broken:
                if len(self._held) - self._at > LONGEST_ROW:
                    raise _Stop(Fault("value_too_long", params={"limit": LONGEST_ROW})) from broken
                if isinstance(broken, RecursionError) or not self._more():
                    raise _Stop(_fault(broken)) from broken

    def _more(self) -> bool:
        try:
            chunk = next(self._chunks, "")
        except UnicodeDecodeError as bad:
            raise _Stop(Fault("not_utf8")) from bad
        self._held, self._at = self._held[self._at :] + chunk, 0
        return bool(chunk)


def _decoded(source: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _fault(broken: Exception) -> Fault:
    if isinstance(broken, _Twice):
        return Fault("duplicate_column", column=str(broken))
    reason = broken.msg if isinstance(broken, json.JSONDecodeError) else str(broken)
    return Fault("broken_json", params={"reason": reason[:200]})


def _once(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1)[:200])
    return row


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number of JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
