"""Columns that are taken in although they look personal, as a person writes them: one a line, column: reason. Pure."""

from __future__ import annotations


class Misread(Exception):
    """A line that says nothing that is understood; its number from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read(text: str) -> dict[str, str]:
    """Column → reason. Raises Misread."""
    found: dict[str, str] = {}
    for at, line in enumerate(text.splitlines(), start=1):
        column, _colon, reason = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not column or not reason or column in found:
            raise Misread(at)
        found[column] = reason
    return found
