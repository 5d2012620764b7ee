"""What is wrong with the pairs of groups in a document of counts, held against the groups of each column. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitoring.counting.crossing import MOST_GROUPS, is_whole
from monitoring.counting.documents import COMBINATIONS
from monitoring.counting.suppressing import SMALLEST, is_small
from monitoring.data.faults import Fault
from monitoring.engines.counts import CROSS, pairs_of

FIELDS = {"of", "groups", "hidden"}
MOST_PEOPLE = 10**12
Named = Mapping[str | None, Sequence[int]]


def pairs_faults(document: Mapping[str, Any], sensitive: Sequence[str]) -> Iterator[Fault]:
    """Of a document whose columns and groups are sound. One of version 1 tells no pairs."""
    if "crossed" not in document:
        return
    found, attributes = document["crossed"], {each["name"]: each for each in document["sensitive"]}
    wanted = [list(pair) for pair in pairs_of(sensitive)]
    named = [each.get("of") for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    if not isinstance(found, list) or len(named) < len(found) or any(of not in wanted for of in named):
        yield Fault("counts_pairs")
        return
    for of in wanted:
        each_of = [each for each in found if each["of"] == of]
        rule = _wrong(each_of, [attributes[name] for name in of])
        if rule:
            yield Fault(rule, None, CROSS.join(of), params={"smallest": SMALLEST})


def _wrong(found: Sequence[Mapping[str, Any]], attributes: Sequence[Mapping[str, Any]]) -> str:
    """The first rule that a pair of columns breaks, or ""."""
    every = [[group["group"] for group in each["groups"]] for each in attributes]
    if not found:  # more pairs than are compared are left out
        return "" if len(every[0]) * len(every[1]) > MOST_GROUPS else "counts_missing_pair"
    if len(found) > 1 or not _is_shaped(found[0], every):
        return "counts_pairs"
    [pair] = found
    hidden, told = [set(side) for side in pair["hidden"]], _told(pair)
    if hidden == [set(side) for side in every]:
        return "counts_open_pair" if told else ""
    if not all(map(is_whole, attributes)):
        return "counts_open_pair"
    if hidden[0] and (min(map(len, hidden)) < 2 or (None, None) in told):
        return "counts_open_pair"
    if any(both[0] in hidden[0] and both[1] in hidden[1] for both in told):
        return "counts_pairs"
    if any(is_small(n) for counts in told.values() for n in counts):
        return "counts_open_pair"
    return _wrong_sums(told, hidden, [_counts(each) for each in attributes])


def _is_shaped(pair: Mapping[str, Any], every: Sequence[Sequence[str | None]]) -> bool:
    """Groups and hidden ones are those of the two columns, each once, and counts are whole numbers."""
    if set(pair) != FIELDS or not isinstance(pair["groups"], list) or not isinstance(pair["hidden"], list):
        return False
    if len(pair["hidden"]) != 2 or not all(isinstance(side, list) for side in pair["hidden"]):
        return False
    sides = all(_are_of(side, names) for side, names in zip(pair["hidden"], every, strict=True))
    if not sides or bool(pair["hidden"][0]) != bool(pair["hidden"][1]):
        return False
    return all(_is_group(each, every) for each in pair["groups"]) and len(_told(pair)) == len(pair["groups"])


def _are_of(side: Sequence[object], names: Sequence[str | None]) -> bool:
    return all(name in names for name in side) and all(side.count(name) == 1 for name in side)


def _is_group(group: object, every: Sequence[Sequence[str | None]]) -> bool:
    if not isinstance(group, dict) or set(group) != {"group", "counts"}:
        return False
    name, counts = group["group"], group["counts"]
    whole = isinstance(counts, list) and len(counts) == len(COMBINATIONS) and all(map(_is_count, counts))
    if name is None:
        return whole
    of_both = isinstance(name, list) and len(name) == 2 and None not in name
    return whole and of_both and all(each in names for each, names in zip(name, every, strict=True))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PEOPLE


def _told(pair: Mapping[str, Any]) -> dict[tuple[str | None, str | None], list[int]]:
    """Counts by both groups; those of rows where one is unknown under two unknown ones."""
    return {tuple(each["group"] or (None, None)): each["counts"] for each in pair["groups"]}


def _counts(attribute: Mapping[str, Any]) -> dict[str | None, list[int]]:
    return {group["group"]: group["counts"] for group in attribute["groups"]}


def _wrong_sums(
    told: Mapping[tuple[str | None, str | None], Sequence[int]],
    hidden: Sequence[set[str | None]],
    by_group: Sequence[Named],
) -> str:
    """Nothing is left of a group whose pairs all stand there; what is left of another counts nobody or at least ten."""
    for side, groups in enumerate(by_group):
        for name, counts in groups.items():
            if name is None:
                continue
            lines = [row for both, row in told.items() if both[side] == name]
            left = [n - sum(row[at] for row in lines) for at, n in enumerate(counts)]
            all_stand_there = name not in hidden[side] and None not in by_group[1 - side]
            if min(left) < 0 or (any(left) and all_stand_there):
                return "counts_pair_sums"
            if any(map(is_small, left)):
                return "counts_open_pair"
    together = [sum(column) for column in zip(*told.values(), strict=True)] or [0] * len(COMBINATIONS)
    every = [sum(column) for column in zip(*by_group[0].values(), strict=True)]
    return "counts_pair_sums" if together != every and not hidden[0] else ""
