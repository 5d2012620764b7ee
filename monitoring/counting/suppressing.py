"""Which counts may not leave the firm: fewer than ten people in a cell, and whatever would give such a cell away. Pure.

A cell of 1 to 9 is hidden (None). An empty cell stays 0: it counts nobody. Whoever knows the total must not be able to take
the rest away from it, so a hidden cell is never alone and the hidden cells together count at least ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SMALLEST = 10
"""A convention of statistical offices, not a rule of the law."""

Row = tuple[int, ...]


def is_small(n: int) -> bool:
    return 0 < n < SMALLEST


def cells(counts: Sequence[int]) -> list[int | None]:
    """The parts of a known total, the small ones hidden and as many of the next larger ones as hide them."""
    hidden = {at for at, n in enumerate(counts) if is_small(n)}
    if hidden:
        larger = sorted((n, at) for at, n in enumerate(counts) if n and at not in hidden)
        for _n, at in larger:
            if len(hidden) > 1 and sum(counts[each] for each in hidden) >= SMALLEST:
                break
            hidden.add(at)
    return [None if at in hidden else n for at, n in enumerate(counts)]


def groups(table: Mapping[str | None, Row], undecided: int) -> tuple[set[str | None], bool]:
    """The groups to hide whole, and whether the number of undecided rows is hidden.

    table: per group its counts over the same cells. The sums over all groups may be known from another attribute, so at least
    two groups are hidden and what they count together is in every cell nobody or at least ten; else all groups are.
    """
    hidden = {name for name, row in table.items() if any(map(is_small, row))}
    hides_undecided = is_small(undecided)
    if not hidden and not hides_undecided:
        return hidden, False
    larger = sorted((name for name in table if name not in hidden), key=lambda name: sum(table[name]))
    while larger and not _hides(hidden, table):
        hidden.add(larger.pop(0))
    return hidden, hides_undecided


def _hides(hidden: set[str | None], table: Mapping[str | None, Row]) -> bool:
    together = [sum(column) for column in zip(*(table[name] for name in hidden), strict=True)]
    return len(hidden) > 1 and not any(map(is_small, together))
