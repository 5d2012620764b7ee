"""Reads XGBoost's universal binary JSON with every length checked: its own reader trusts what the file says.

Format: https://ubjson.org, the draft-12 subset that XGBoost writes (big-endian, optimised arrays).
"""

from __future__ import annotations

import struct
from typing import Any

NUMBERS = {b"i": "b", b"U": "B", b"I": "h", b"l": "i", b"L": "q", b"d": "f", b"D": "d"}
CONSTANTS: dict[bytes, bool | None] = {b"T": True, b"F": False, b"Z": None}
DEEPEST = 32
MOST_PARTS = 1_000_000
"""Lists and objects of one model. A forest of a thousand trees has some twenty thousand."""


class NotUbjson(Exception):
    """The bytes are cut short, nested too deep, of too many parts, or of another format."""


def loads(content: bytes) -> Any:
    """The value in the bytes; optimised arrays become tuples of numbers. Raises NotUbjson."""
    try:
        reader = _Reader(content)
        value = reader.value(reader.take(1), 0)
    except (struct.error, UnicodeDecodeError, OverflowError) as broken:
        raise NotUbjson from broken
    if reader.at != len(content):
        raise NotUbjson
    return value


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0
        self.parts = 0

    def take(self, size: int) -> bytes:
        """The next bytes. Raises NotUbjson past the end."""
        if size < 0 or self.at + size > len(self.content):
            raise NotUbjson
        self.at += size
        return self.content[self.at - size : self.at]

    def value(self, mark: bytes, depth: int) -> Any:
        """The value that a type mark announces."""
        if depth > DEEPEST:
            raise NotUbjson
        if mark in CONSTANTS:
            return CONSTANTS[mark]
        if mark in NUMBERS:
            return self._numbers(mark, 1)[0]
        if mark == b"S":
            return self._text()
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise NotUbjson
        if mark == b"{":
            return self._object(depth + 1)
        if mark == b"[":
            return self._array(depth + 1)
        raise NotUbjson

    def _numbers(self, mark: bytes, count: int) -> tuple[Any, ...]:
        kind = NUMBERS[mark]
        size = struct.calcsize(kind)
        return struct.unpack(f">{count}{kind}", self.take(size * count))

    def _length(self) -> int:
        mark = self.take(1)
        if mark not in NUMBERS or mark in (b"d", b"D"):
            raise NotUbjson
        length: int = self._numbers(mark, 1)[0]
        if not 0 <= length <= len(self.content):
            raise NotUbjson
        return length

    def _text(self) -> str:
        return self.take(self._length()).decode()

    def _object(self, depth: int) -> dict[str, Any]:
        found = {}
        while (mark := self.take(1)) != b"}":
            self.at -= len(mark)
            key = self._text()
            found[key] = self.value(self.take(1), depth)
        return found

    def _array(self, depth: int) -> list[Any] | tuple[Any, ...]:
        mark = self.take(1)
        if mark == b"$":
            kind, counted = self.take(1), self.take(1)
            if counted != b"#" or kind not in NUMBERS:
                raise NotUbjson
            return self._numbers(kind, self._length())
        if mark == b"#":
            return [self.value(self.take(1), depth) for _ in range(self._length())]
        found = []
        while mark != b"]":
            found.append(self.value(mark, depth))
            mark = self.take(1)
        return found
