"""What is wrong with score, decision and outcome in a document of counts, held against what the groups give away. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from monitoring.counting.crossing import is_whole
from monitoring.counting.documents import COMBINATIONS
from monitoring.counting.plans import MOST_VALUES, cells_of
from monitoring.counting.roles import parts, place_of
from monitoring.counting.suppressing import SMALLEST, is_small
from monitoring.data.faults import Fault

LONGEST_NAME = 200
Wrong = Callable[[Mapping[str, Any]], str]
"""The rule that the cells and counts of a column break, or ""."""


def roles_faults(document: Mapping[str, Any], roles: Mapping[str, str], wrong: Wrong) -> Iterator[Fault]:
    """Of a document whose groups are sound; an earlier one tells no roles. roles: by column."""
    found = document.get("roles", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) and _is_named(each) for each in found):
        yield Fault("counts_entries", params={"part": "roles"})
        return
    names = [each["name"] for each in found]
    for each in found:
        name = each["name"]
        if names.count(name) > 1:
            yield Fault("duplicate_column", None, name[:LONGEST_NAME])
        elif roles.get(name) != each["role"]:
            yield Fault("counts_unknown_column", None, name[:LONGEST_NAME])
        elif rule := wrong({key: value for key, value in each.items() if key != "role"}) or _open(
            each, document
        ):
            yield Fault(rule, None, name, params={"limit": MOST_VALUES, "smallest": SMALLEST})


def _is_named(each: Mapping[str, Any]) -> bool:
    """A column without mean and range: those are told of features alone."""
    place = {"edges", "values"} & set(each)
    fields = {"role", "name", "kind", "counts", "missing", *place}
    return set(each) == fields and isinstance(each["name"], str) and isinstance(each["role"], str)


def _open(each: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Whether a column disagrees with the groups, or fewer than ten people could be computed from both together."""
    attributes = document["sensitive"]
    if each["role"] == "score" or not attributes or {*each["counts"], each["missing"]} == {None}:
        return ""
    if any(attribute["undecided"] is None for attribute in attributes):
        return "counts_open_role"
    whole = next(filter(is_whole, attributes), None)
    if whole is None:
        return ""
    at = place_of(cells_of(each), document["favourable"])
    if at is None or each["missing"] is None:
        return "counts_open_role"
    left = _left(each, at, whole)
    if min(left) < 0:
        return "counts_role_sums"
    return "counts_open_role" if any(map(is_small, left)) else ""


def _left(each: Mapping[str, Any], at: int, whole: Mapping[str, Any]) -> list[int]:
    """What is left of the column once all groups are taken away from it: -1 where something has to be nothing, and is not.

    at: the cell in which the favourable value lies. Of outcomes those of rows without a decision are left as well.
    """
    decided, counts, told = each["role"] == "prediction", each["counts"], _totals(whole)
    given = parts(each["role"], {**told, (None, None): whole["undecided"] if decided else 0})
    missing = each["missing"] - given[None]
    rest = 0 if counts[at] is None else counts[at] - given[True]
    if whole["undecided"] and not decided:
        return [missing, rest]
    others = [n for place, n in enumerate(counts) if place != at]
    hidden = given[False] - rest - sum(n for n in others if n is not None)
    is_whole_column = None not in counts
    return [-1 if missing else 0, rest, -1 if is_whole_column and hidden else hidden]


def _totals(whole: Mapping[str, Any]) -> dict[tuple[bool | None, bool | None], int]:
    """Rows by outcome and decision, all groups together."""
    columns = zip(*(group["counts"] for group in whole["groups"]), strict=True)
    sums = [sum(column) for column in columns] or [0] * len(COMBINATIONS)
    return dict(zip(COMBINATIONS, sums, strict=True))
