"""What a document tells of score, decision and outcome: how their columns are cut, and which of their counts may leave. Pure.

The groups of a sensitive column give away how many rows have each outcome and each decision. These totals are taken as known:
what a column tells may not, taken away from them, leave a count of 1 to 9. So where the totals are small the column is hidden
whole, and else its small cells hide among those of the same decision or outcome.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from monitoring.counting import suppressing
from monitoring.counting.plans import CATEGORICAL, NUMERIC, Cells
from monitoring.counting.suppressing import is_small
from monitoring.engines.direction import is_true

Shown = list[int | None]
"""The cells of a column, and last the missing values; None = hidden."""
Totals = Mapping[tuple[bool | None, bool | None], int]
"""How many rows have an outcome and a decision."""


def totals(table: Mapping[Any, Totals]) -> Totals:
    """Of the groups of one sensitive column, all together."""
    found: dict[tuple[bool | None, bool | None], int] = {}
    for decided in table.values():
        for both, n in decided.items():
            found[both] = found.get(both, 0) + n
    return found


def shown(
    role: str, cells: Cells, counts: Sequence[int], missing: int, known: Totals | None, favourable: str
) -> Shown:
    """What may be told of one column. known: what the groups give away; None where the document tells of no groups."""
    if known is None:
        return suppressing.cells([*counts, missing])
    if role == "score":
        return _of_score(cells, counts, missing, known)
    return _of_result(role, cells, counts, missing, known, favourable)


def parts(role: str, known: Totals) -> dict[bool | None, int]:
    """Rows by decision, or by outcome. None = unknown."""
    at = 1 if role == "prediction" else 0
    return {value: sum(n for both, n in known.items() if both[at] is value) for value in (None, False, True)}


def place_of(cells: Cells, favourable: str) -> int | None:
    """The one cell in which rows with the favourable value lie; None where several could be it."""
    if cells.kind == CATEGORICAL:
        named = {favourable, as_number(favourable), str(is_true(favourable)).lower()}
        found = [at for at, value in enumerate(cells.values) if value in named]
        return (found or [cells.size - 1])[0] if len(found) < 2 else None
    try:
        number = float(favourable)
    except ValueError:
        return None
    if cells.kind == NUMERIC:
        return bisect_right(cells.edges, number)
    return cells.values.index(number) if number in cells.values else cells.size - 1


def as_number(value: str) -> str:
    """A number as a category is written: 1 for 1.0."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() else repr(number)


def _of_result(
    role: str, cells: Cells, counts: Sequence[int], missing: int, known: Totals, favourable: str
) -> Shown:
    """The cell of the favourable value may hold others as well: its rest is one more cell of the others."""
    nothing: Shown = [None] * (len(counts) + 1)
    given = parts(role, known)
    undecided = [n for (_label, decision), n in known.items() if decision is None]
    decided = sum(known.values()) - sum(undecided)
    outcomes = undecided if role == "label" else []
    at = place_of(cells, favourable)
    rest = -1 if at is None else counts[at] - given[True]
    if (
        missing != given[None]
        or rest < 0
        or any(map(is_small, (*given.values(), *outcomes, sum(undecided), decided)))
    ):
        return nothing
    others = [n for place, n in enumerate(counts) if place != at]
    *told, of_rest = suppressing.cells([*others, rest])
    told.insert(at or 0, None if of_rest is None else counts[at or 0])
    return [*told, missing]


def _of_score(cells: Cells, counts: Sequence[int], missing: int, known: Totals) -> Shown:
    """Where as many rows lie on one side of an edge as have one decision, the decision may follow from the score.

    Then each side hides its own small cells, for the groups give away how many rows it holds.
    """
    decided = parts("prediction", known)
    ends = _ends(cells, counts, missing, {decided[False], decided[True]} - {0})
    if not ends or any(map(is_small, decided.values())):
        return suppressing.cells([*counts, missing])
    ordered = len(counts) if cells.kind == NUMERIC else len(counts) - 1
    cuts = [0, *ends, ordered, *range(ordered + 1, len(counts) + 1), len(counts) + 1]
    every = [*counts, missing]
    pieces = [every[one:other] for one, other in pairwise(cuts)]
    if any(is_small(sum(piece)) for piece in pieces):
        return [None] * len(every)
    return [n for piece in pieces for n in suppressing.cells(piece)]


def _ends(cells: Cells, counts: Sequence[int], missing: int, decided: set[int]) -> list[int]:
    """After which cells, in their order, as many rows have come as have one decision; the others may lie on either side."""
    ordered = len(counts) if cells.kind == NUMERIC else len(counts) - 1
    elsewhere = sum(counts[ordered:])
    sides = {0, elsewhere, missing, elsewhere + missing}
    found = []
    for end in range(1, ordered):
        both = sum(counts[:end]), sum(counts[end:ordered])
        if any(side + more in decided for side in both for more in sides):
            found.append(end)
    return found
