"""Which groups of a sensitive column leave the firm by name: those of ten people or more, and none that looks personal. Pure.

Smaller groups are laid together with the rows whose group is unknown: one group without a name, which is hidden like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from monitoring.counting.answers import Decided, PairTable, Table
from monitoring.counting.crossing import rows_of
from monitoring.counting.refusing import CannotCount
from monitoring.counting.suppressing import SMALLEST
from monitoring.shielding.looks import looks

WORDS = {
    "name": "names of people",
    "email": "e-mail addresses",
    "iin": "IIN",
    "phone": "telephone numbers",
    "card": "card numbers",
}
Who = TypeVar("Who")


def require_groups(column: str, values: Iterable[object], declared: Collection[str]) -> None:
    """Raises CannotCount where values that would leave the firm look like those of single people, and nobody declared why they
    are none. values: groups, or the values of a column that has few."""
    look = None if column in declared else looks(column, values)
    if look:
        why = "by its header and its values" if look.by_header else "by its values"
        raise CannotCount(
            f"{column} looks like {WORDS[look.kind]} {why}: {look.found} of {look.of} different ones, such as {look.example}. "
            "These are not groups. Leave it out of what is counted, or declare it with a reason under “Protection of the rows” "
            "of the dataset and fetch the plan again."
        )


def named(table: Table) -> set[str]:
    """The groups of at least ten people with a decision."""
    return {who for who, row in rows_of(table).items() if who is not None and sum(row) >= SMALLEST}


def laid_together(table: Table, names: Collection[str]) -> Table:
    """The same rows; whoever belongs to no group with a name belongs to the one without."""
    return _added({who: who if who in names else None for who in table}, table)


def pairs_together(table: PairTable, names: Sequence[Collection[str]]) -> PairTable:
    """The same of two columns. names: of each."""
    one, other = names
    kept = {(a, b): (a if a in one else None, b if b in other else None) for a, b in table}
    return _added(kept, table)


def _added(kept: Mapping[Who, Who], table: Mapping[Who, Decided]) -> dict[Who, Decided]:
    found: dict[Who, Decided] = {}
    for who, decided in table.items():
        group = found.setdefault(kept[who], {})
        for both, n in decided.items():
            group[both] = group.get(both, 0) + n
    return found
