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
    hides_undecided = is_small(undecided) or is_small(
        sum(map(sum, table.values()))
    )  # each gives the other away
    if not hidden and not hides_undecided:
        return hidden, False
    larger = sorted((name for name in table if name not in hidden), key=lambda name: sum(table[name]))
    while larger and not _hides(hidden, table):
        hidden.add(larger.pop(0))
    return hidden, hides_undecided


Pair = tuple[str | None, str | None]
Sides = tuple[set[str | None], set[str | None]]


def pairs(table: Mapping[Pair, Row]) -> Sides:
    """Which groups of the one attribute and which of the other: where both meet, the pair is hidden.

    table: per pair of groups its counts over the same cells, of two attributes of which every group is told. So whoever takes the
    told pairs away from a group knows what its hidden ones count together. The hidden pairs are a whole block, and in each cell
    every line of it counts nobody or at least ten: then every hidden count may be any number in a range at least ten wide, or is
    itself nobody or at least ten. (Of a block with lines r, c and total t a count lies between max(0, r + c - t) and min(r, c),
    and that range is as wide as the least of r, c, t - r and t - c.)
    """
    small = [both for both, row in table.items() if any(map(is_small, row))]
    hidden: Sides = {one for one, _other in small}, {other for _one, other in small}
    every: Sides = {one for one, _other in table}, {other for _one, other in table}
    while small and hidden != every:
        side = _too_narrow(table, hidden)
        if side is None:
            break
        side = side if every[side] - hidden[side] else 1 - side
        hidden[side].add(min(every[side] - hidden[side], key=lambda name: _size(table, side, name)))
    return hidden


def _too_narrow(table: Mapping[Pair, Row], hidden: Sides) -> int | None:
    """The attribute of which the block needs one more group, or None."""
    for side in (0, 1):
        lines: dict[str | None, list[Row]] = {}
        for both, row in table.items():
            if both[0] in hidden[0] and both[1] in hidden[1]:
                lines.setdefault(both[1 - side], []).append(row)
        sums = [sum(column) for rows in lines.values() for column in zip(*rows, strict=True)]
        if len(hidden[side]) < 2 or any(map(is_small, sums)):
            return side
    return None


def _size(table: Mapping[Pair, Row], side: int, name: str | None) -> tuple[int, bool, str]:
    """How many rows a group has; the same ones in the same order."""
    return sum(sum(row) for both, row in table.items() if both[side] == name), name is None, name or ""


def _hides(hidden: set[str | None], table: Mapping[str | None, Row]) -> bool:
    together = [sum(column) for column in zip(*(table[name] for name in hidden), strict=True)]
    return len(hidden) > 1 and not any(map(is_small, together))
