"""A sensitive column that is also a feature, or score, decision or outcome, is told twice: by its values and by its groups. Pure.

Its values count all rows and its groups those with a decision, so whoever takes one from the other knows how many of a group have
none. The column is told only where no number below ten can come of that, and else hidden whole: the groups go before.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from monitoring.counting.answers import Table
from monitoring.counting.documents import COMBINATIONS
from monitoring.counting.naming import named
from monitoring.counting.plans import CATEGORICAL, NUMERIC, Cells
from monitoring.counting.suppressing import is_small

TRUTHS = {"false": 0.0, "true": 1.0}


def is_safe(cells: Cells, counts: Sequence[int], missing: int, table: Table) -> bool:
    """Whether wherever a cell of the column meets a group, each outcome with each decision, and with none, counts nobody or ten.

    Then all that the column and its groups say is a sum of such numbers. table: of every value, also of those without a name.
    Where the groups do not make up the cells, as an empty text does not, nothing is known and it is not safe.
    """
    names, met = named(table), dict[tuple[int, str | None], list[int]]()
    for who, decided in table.items():
        at = place_of(cells, who)
        if at is None:
            return False
        row = met.setdefault((at, who if who in names else None), [0] * (len(COMBINATIONS) + 1))
        for (label, decision), n in decided.items():
            row[-1 if decision is None else COMBINATIONS.index((label, decision))] += n
    sums = [0] * (cells.size + 1)
    for (at, _name), row in met.items():
        sums[at] += sum(row)
    return sums == [*counts, missing] and not any(is_small(n) for row in met.values() for n in row)


def place_of(cells: Cells, group: str | None) -> int | None:
    """The cell in which the rows of a group lie, that of the missing values behind the others; None where nobody can say."""
    if group is None:
        return cells.size
    if cells.kind == CATEGORICAL:
        return cells.values.index(group) if group in cells.values else cells.size - 1
    try:
        number = TRUTHS[group] if group in TRUTHS else float(group)
    except ValueError:
        return None
    if not math.isfinite(number):
        return cells.size
    if cells.kind == NUMERIC:
        return bisect_right(cells.edges, number)
    return cells.values.index(number) if number in cells.values else cells.size - 1
