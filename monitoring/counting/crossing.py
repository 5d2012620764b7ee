"""Groups of two sensitive columns at once, as a document of counts tells them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from monitoring.counting import suppressing
from monitoring.counting.answers import Decided, PairTable
from monitoring.counting.documents import COMBINATIONS
from monitoring.counting.suppressing import Row
from monitoring.engines.counts import CROSS

MOST_GROUPS = 200
Who = TypeVar("Who")


def rows_of(table: Mapping[Who, Decided]) -> dict[Who, Row]:
    """The six counts of each group that has a decision at all."""
    rows = {who: tuple(each.get(both, 0) for both in COMBINATIONS) for who, each in table.items()}
    return {who: counts for who, counts in rows.items() if any(counts)}


def unknown_last(who: str | None) -> tuple[bool, str]:
    return who is None, who or ""


def is_whole(attribute: Mapping[str, Any]) -> bool:
    """Whether a document tells every group of a sensitive column, and how many rows have no decision."""
    return attribute["undecided"] is not None and all(
        group["counts"] is not None for group in attribute["groups"]
    )


def pair(of: Sequence[str], table: PairTable, are_whole: bool) -> dict[str, Any] | None:
    """What the document says of two columns; None for more groups than are compared, as from rows.

    are_whole: whether every group of both columns is told by itself; else their pairs could give the hidden ones away, and none
    is told. Where one of both groups is unknown the rows are told together, and only if no pair is hidden.
    """
    rows = rows_of(table)
    known = {both: counts for both, counts in rows.items() if None not in both}
    unknown = [counts for both, counts in rows.items() if None in both]
    if len(known) + bool(unknown) > MOST_GROUPS:
        return None
    every = {one for one, _other in rows}, {other for _one, other in rows}
    hidden = suppressing.pairs(rows) if are_whole else every
    told = {
        both: counts for both, counts in known.items() if not (both[0] in hidden[0] and both[1] in hidden[1])
    }
    groups: list[dict[str, Any]] = [
        {"group": list(both), "counts": list(told[both])} for both in sorted(told, key=_named)
    ]
    if unknown and not hidden[0]:
        groups.append({"group": None, "counts": [sum(column) for column in zip(*unknown, strict=True)]})
    return {"of": list(of), "groups": groups, "hidden": [sorted(side, key=unknown_last) for side in hidden]}


def _named(both: tuple[str | None, str | None]) -> str:
    return CROSS.join(name or "" for name in both)
