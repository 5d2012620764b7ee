"""What is wrong with the names of groups in a document of counts, and with a sensitive column that it tells twice. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from monitoring.counting.crossing import is_whole
from monitoring.counting.plans import cells_of
from monitoring.counting.suppressing import SMALLEST, is_small
from monitoring.counting.twice import place_of
from monitoring.data.faults import Fault
from monitoring.shielding.looks import looks

PROFILE = {"low", "high", "mean", "spread"}


def names_faults(document: Mapping[str, Any], declared: Collection[str]) -> Iterator[Fault]:
    """Of a document whose groups are sound. What looks personal as rows looks so as names of groups."""
    for each in document["sensitive"]:
        names = [group["group"] for group in each["groups"] if group["group"] is not None]
        look = None if each["name"] in declared else looks(each["name"], names)
        if look:
            yield Fault(look.rule, None, each["name"], params=look.facts)
        elif not _may_be_large(each, document["rows"]):
            yield Fault("counts_small_groups", None, each["name"], params={"smallest": SMALLEST})


def _may_be_large(attribute: Mapping[str, Any], rows: int) -> bool:
    """Whether every group with a name can have ten people: those told have them, and for the hidden ones enough rows are left."""
    told = [group for group in attribute["groups"] if group["counts"] is not None]
    if any(group["group"] is not None and sum(group["counts"]) < SMALLEST for group in told):
        return False
    left = rows - sum(sum(group["counts"]) for group in told) - (attribute["undecided"] or 0)
    hidden = [
        group for group in attribute["groups"] if group["counts"] is None and group["group"] is not None
    ]
    return len(hidden) * SMALLEST <= left


def values_faults(document: Mapping[str, Any], declared: Collection[str]) -> Iterator[Fault]:
    """Of a document whose columns are sound: values of a feature, score, decision or outcome that look personal."""
    told = {each["name"] for each in document["sensitive"]}
    for column in (*document["columns"], *document.get("roles", [])):
        name, values = column["name"], cells_of(column).values
        look = None if name in told or name in declared else looks(name, values)
        if look:
            yield Fault(look.rule, None, name, params=look.facts)


def twice_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Of a document whose columns, groups and roles are sound: a sensitive column that is told twice and gives people away."""
    attributes = {each["name"]: each for each in document["sensitive"]}
    for column in (*document["columns"], *document.get("roles", [])):
        attribute = attributes.get(column["name"])
        if attribute and attribute["groups"] and _is_open(column, attribute):
            yield Fault("counts_open_twice", None, column["name"], params={"smallest": SMALLEST})


def _is_open(column: Mapping[str, Any], attribute: Mapping[str, Any]) -> bool:
    """Beside a column that is not hidden whole nothing is hidden, and no cell is small once its groups are taken away.

    What is left of a cell are those without a decision, and those of groups without a name.
    """
    every = [*column["counts"], column["missing"]]
    if set(every) == {None}:
        return bool(PROFILE & set(column))
    if None in every or not is_whole(attribute):
        return True
    cells, left = cells_of(column), list(every)
    for group in attribute["groups"]:
        if group["group"] is not None:
            at = place_of(cells, group["group"])
            if at is None:
                return True
            left[at] -= sum(group["counts"])
    return any(n < 0 or is_small(n) for n in left)
