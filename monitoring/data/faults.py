"""What is wrong with an uploaded file: plain facts, which the service turns into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_FAULTS = 20
"""A file broken in a thousand places is told of the first twenty."""
VALUE_LIMIT = 1 << 20
"""A longer value is no value of a column, but a quotation mark left open or a few bytes that unpack to gigabytes."""


@dataclass(frozen=True)
class Fault:
    """One broken rule. row: as a spreadsheet counts, the header is row 1 (Parquet: the first row of data is 1).

    offset: of a byte in the file, from 0.
    """

    rule: str
    row: int | None = None
    column: str | None = None
    offset: int | None = None
    params: dict[str, object] = field(default_factory=dict)


class Unreadable(Exception):
    """The file cannot become a data period; nothing of it was kept."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults: Sequence[Fault] = faults


def broken(rule: str, **params: object) -> Unreadable:
    """A refusal of the file as a whole."""
    return Unreadable(Fault(rule, params=params))
