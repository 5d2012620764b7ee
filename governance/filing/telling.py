"""Rows of a return and what changed in them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.filing.rules import Changes
from governance.filing.words import COLUMNS, said

SHOWN = ("risk_degree", "autonomy_degree", "tier", "origin", "vendor", "status")


@dataclass(frozen=True)
class Spoken:
    """One model of a return. requirements: (status, number) of those that are red or missing; None = not computed."""

    number: str
    name: str
    words: Mapping[str, str]
    registered_on: date | None
    permission: str
    requirements: list[tuple[str, int]] | None


@dataclass(frozen=True)
class Moved:
    """One change: which model, which column, what it was and is."""

    model: str
    column: str
    was: str
    now: str


def spoken(rows: Iterable[Mapping[str, Any]]) -> list[Spoken]:
    return [
        Spoken(
            number=row["number"],
            name=row["name"],
            words={column: said(column, row[column]) for column in SHOWN},
            registered_on=date.fromisoformat(row["registered_on"]) if row["registered_on"] else None,
            permission=row["permission"],
            requirements=None
            if row["requirements"] is None
            else [(status, number) for status, number in row["requirements"].items() if number],
        )
        for row in rows
    ]


def moved(changes: Changes) -> list[Moved]:
    return [
        Moved(
            f"{change.row['number']} {change.row['name']}",
            str(COLUMNS[column]),
            said(column, was),
            said(column, now),
        )
        for change in changes.changed
        for column, was, now in change.columns
    ]
