"""Pure decisions of this room: what has changed between two returns, and which reminder is due. Knows no Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One model that both returns have. columns: (column, former value, value now)."""

    row: Row
    columns: Sequence[tuple[str, Any, Any]]


@dataclass(frozen=True)
class Changes:
    """What a return says differently from the one before it."""

    new: Sequence[Row]
    gone: Sequence[Row]
    changed: Sequence[Change]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)


def compare(before: Iterable[Row], now: Iterable[Row], columns: Collection[str]) -> Changes:
    """Models are known by their number; what else than `columns` moved is no change."""
    former, present = {row["number"]: row for row in before}, {row["number"]: row for row in now}
    both = [(former[number], row) for number, row in present.items() if number in former]
    changed = [Change(row, _moved(was, row, columns)) for was, row in both]
    return Changes(
        new=[row for number, row in present.items() if number not in former],
        gone=[row for number, row in former.items() if number not in present],
        changed=[change for change in changed if change.columns],
    )


def _moved(was: Row, row: Row, columns: Collection[str]) -> list[tuple[str, Any, Any]]:
    return [
        (column, was.get(column), row.get(column)) for column in columns if was.get(column) != row.get(column)
    ]


def reminder_due(due_on: date, on: date, days: Iterable[int]) -> int | None:
    """The latest of the reminders that have come, in days after `due_on`; None before the first.

    Whoever was not reached on earlier days gets one message, not all of them.
    """
    come = [each for each in days if (on - due_on).days >= each]
    return max(come, default=None)
