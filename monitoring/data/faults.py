"""What is wrong with an uploaded file: plain facts, which the service turns into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_SHOWN = 20
"""A page and a refusal of the API name so many; the report of the file names the others."""
MOST_NAMED = 1_000
"""What is broken beyond them is counted by kind."""
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
    """The file cannot become a data period; nothing of it was kept.

    counts: how many faults of each kind there are, those that are not named included. is_whole: whether the file was
    looked at to its end.
    """

    def __init__(
        self, *faults: Fault, counts: Mapping[str, int] | None = None, is_whole: bool = True
    ) -> None:
        super().__init__(faults)
        self.faults: Sequence[Fault] = faults
        self.counts = dict(counts if counts is not None else Counter(fault.rule for fault in faults))
        self.is_whole = is_whole


def broken(rule: str, **params: object) -> Unreadable:
    """A refusal of the file as a whole."""
    return Unreadable(Fault(rule, params=params))


@dataclass
class Found:
    """Faults as they are met: the first thousand by name, every one in the counts. No more than that is held."""

    named: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def room(self) -> int:
        """How many more are named."""
        return MOST_NAMED - len(self.named)

    def add(self, fault: Fault) -> None:
        self.counts[fault.rule] += 1
        if self.room > 0:
            self.named.append(fault)

    def add_rows(self, rule: str, faults: Iterable[Fault], count: int) -> None:
        """Faults of one rule. faults: those that are named, `room` of them at most; count: how many there are."""
        if count:
            self.counts[rule] += count
            self.named += faults

    def told(self, *, is_whole: bool = True) -> Unreadable:
        return Unreadable(*self.named, counts=self.counts, is_whole=is_whole)


def collected(faults: Iterable[Fault], *, is_whole: bool = True) -> Unreadable:
    """All that is wrong: the first thousand by name, every one of them in the counts."""
    found = Found()
    for fault in faults:
        found.add(fault)
    return found.told(is_whole=is_whole)
