"""What is wrong with a document of counts: pure, every broken place named. Nothing in it is believed because the firm says so."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from monitoring.counting import shares
from monitoring.counting.crossing import MOST_GROUPS
from monitoring.counting.documents import COMBINATIONS, FORMAT, LARGEST, VERSIONS, canonical
from monitoring.counting.plans import CATEGORICAL, FEW, MOST_VALUES, NUMERIC, Cells, cells_of
from monitoring.counting.suppressing import SMALLEST, is_small
from monitoring.data.faults import Fault, Unreadable, broken
from monitoring.data.groups_faults import names_faults, twice_faults, values_faults
from monitoring.data.pairs_faults import pairs_faults
from monitoring.data.roles_faults import roles_faults
from monitoring.engines.counted.dialects import DIALECTS

FIELDS = {"format", "version", "file", "rows", "smallest", "favourable", "columns", "sensitive"}
SINCE = {1: frozenset(), 2: frozenset({"crossed"}), 3: frozenset({"crossed", "roles"})}
SINCE[4] = SINCE[3]
OPTIONAL = {"counted_by", "explanation"}
"""The engine that answered in place of a file; what the firm states of its explanations."""
COLUMN = {"name", "kind", "counts", "missing"}
PROFILE = {"low", "high", "mean", "spread"}
ATTRIBUTE = {"name", "groups", "undecided"}
MOST_ROWS = 10**12
MOST_EDGES = 100
LONGEST_VALUE = 200


@dataclass(frozen=True)
class Expected:
    """What the dataset says. cells: those that the reference froze; None where the document brings its own.

    roles: score, prediction and label by column; role_cells: as cells. declared: columns that may look personal.
    """

    features: Sequence[str]
    categorical: Sequence[str]
    sensitive: Sequence[str]
    favourable: str
    cells: Mapping[str, Cells] | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    role_cells: Mapping[str, Cells] | None = None
    declared: Sequence[str] = ()


def parsed(content: bytes) -> dict[str, Any]:
    """The document as JSON that means one thing only. Raises Unreadable."""
    if len(content) > LARGEST:
        raise broken("counts_too_large", found=len(content), limit=LARGEST)
    try:
        found = json.loads(content, object_pairs_hook=_once, parse_constant=_no_constant)
        canonical(found)  # half a character cannot be written
    except (ValueError, RecursionError):
        raise broken("not_json") from None
    if not isinstance(found, dict):
        raise broken("not_counts")
    return found


def refuse(document: Mapping[str, Any], expected: Expected) -> None:
    """Raises Unreadable with every fault."""
    if document.get("format") != FORMAT:
        raise broken("not_counts")
    if document.get("version") not in VERSIONS or isinstance(document["version"], bool):
        raise broken("unknown_counts_version", known=", ".join(map(str, VERSIONS)))
    faults = list(_shape(document)) or [
        *_columns(document, expected),
        *(_attributes(document, expected) or _of_groups(document, expected)),
        *_stated(document, expected),
    ]
    faults = faults or list(values_faults(document, expected.declared))
    if faults:
        raise Unreadable(*faults)


def _of_groups(document: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    """What can be held against sound groups."""
    yield from pairs_faults(document, expected.sensitive)

    def wrong(each: Mapping[str, Any]) -> str:
        return _wrong_counts(each, document["rows"], expected.role_cells)

    yield from names_faults(document, expected.declared)
    own = list(roles_faults(document, expected.roles, wrong))
    yield from own or twice_faults(document)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _value in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _no_constant(name: str) -> float:
    raise ValueError(name)


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_ROWS


def is_figure(value: object) -> bool:
    """A finite number; whole ones may not be longer than a float can hold."""
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) <= 2**1000
    return isinstance(value, float) and math.isfinite(value)


def _shape(document: Mapping[str, Any]) -> Iterator[Fault]:
    wanted = FIELDS | SINCE[document["version"]]
    if set(document) - OPTIONAL != wanted:
        fields = sorted(set(document) - OPTIONAL ^ wanted)
        yield Fault("counts_fields", params={"fields": [each[:LONGEST_VALUE] for each in fields]})
        return
    file = document["file"]
    is_file = isinstance(file, dict) and set(file) == {"sha256", "size"} and is_count(file["size"])
    digest = file["sha256"] if is_file else ""
    if not (isinstance(digest, str) and len(digest) == 64 and set(digest) <= set("0123456789abcdef")):
        yield Fault("counts_file")
    if not is_count(document["rows"]) or document["rows"] < SMALLEST:
        yield Fault("counts_rows", params={"limit": SMALLEST})
    if document["smallest"] != SMALLEST:
        yield Fault("counts_smallest", params={"limit": SMALLEST})
    for part, least in (("columns", COLUMN), ("sensitive", ATTRIBUTE)):
        each_of = document[part]
        named = isinstance(each_of, list) and all(
            isinstance(each, dict) and least <= set(each) for each in each_of
        )
        if not named or not all(isinstance(each["name"], str) for each in each_of):
            yield Fault("counts_entries", params={"part": part})


def _stated(document: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    if document.get("counted_by", "duckdb") not in tuple(DIALECTS):
        yield Fault("counts_counted_by", params={"known": ", ".join(DIALECTS)})
    if "explanation" in document:
        rule = shares.wrong(document["explanation"], expected.features, document["rows"])
        if rule:
            yield Fault(rule, params={"smallest": SMALLEST})


def _names(found: Sequence[Mapping[str, Any]], wanted: Sequence[str]) -> Iterator[Fault]:
    names = [each["name"] for each in found]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Fault("duplicate_column", None, name[:LONGEST_VALUE])
        if name not in wanted:
            yield Fault("counts_unknown_column", None, name[:LONGEST_VALUE])
    for name in wanted:
        if name not in names:
            yield Fault("counts_missing_column", None, name)


def _columns(document: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    named = list(_names(document["columns"], expected.features))
    yield from named
    if not named:
        for each in document["columns"]:
            rule = _wrong_column(each, document["rows"], expected)
            if rule:
                yield Fault(rule, None, each["name"], params={"limit": MOST_VALUES, "smallest": SMALLEST})


def _wrong_column(each: Mapping[str, Any], rows: int, expected: Expected) -> str:
    """The first rule that a column breaks, or ""."""
    kinds = (CATEGORICAL,) if each["name"] in expected.categorical else (NUMERIC, FEW)
    place = "edges" if each["kind"] == NUMERIC else "values"
    if each["kind"] not in kinds or not isinstance(each.get(place), list):
        return "counts_kind"
    profile = PROFILE & set(each)
    if set(each) - COLUMN - PROFILE - {place} or (
        profile and (profile != PROFILE or each["kind"] == CATEGORICAL)
    ):
        return "counts_entries_of_column"
    if profile and not _is_profile(each):
        return "counts_profile"
    return _wrong_counts(each, rows, expected.cells)


def _wrong_counts(each: Mapping[str, Any], rows: int, frozen: Mapping[str, Cells] | None) -> str:
    """The first rule that cells and counts of a column break, or ""."""
    place = "edges" if each["kind"] == NUMERIC else "values"
    if each["kind"] not in (NUMERIC, FEW, CATEGORICAL) or not isinstance(each.get(place), list):
        return "counts_kind"
    wrong = _wrong_cells(each["kind"], each[place])
    if wrong:
        return wrong
    cells = cells_of(each)
    if frozen is not None and frozen.get(each["name"]) != cells:
        return "counts_other_cells"
    if not isinstance(each["counts"], list) or len(each["counts"]) != cells.size:
        return "counts_number_of_cells"
    return _wrong_sum([*each["counts"], each["missing"]], rows)


def _wrong_cells(kind: str, cut: Sequence[Any]) -> str:
    if len(cut) > (MOST_EDGES if kind == NUMERIC else MOST_VALUES):
        return "counts_too_many_values"
    if kind == CATEGORICAL:
        plain = all(isinstance(each, str) and len(each) <= LONGEST_VALUE for each in cut)
        return "" if plain and len(set(cut)) == len(cut) else "counts_values"
    if not all(map(is_figure, cut)) or any(one >= other for one, other in pairwise(cut)):
        return "counts_edges"
    return ""


def _is_profile(each: Mapping[str, Any]) -> bool:
    numbers = all(is_figure(each[key]) for key in PROFILE)
    return numbers and each["low"] <= each["high"] and each["spread"] >= 0


def _wrong_sum(counts: Sequence[Any], rows: int) -> str:
    """Cells that make up all rows: whole numbers, none of them small, and what is hidden hides itself."""
    shown = [n for n in counts if n is not None]
    if not all(map(is_count, shown)):
        return "counts_not_whole"
    if any(map(is_small, shown)):
        return "counts_small_cell"
    hidden, rest = len(counts) - len(shown), rows - sum(shown)
    if rest < 0 or (rest and not hidden):
        return "counts_sum"
    return "counts_hidden_alone" if hidden and (hidden < 2 or rest < SMALLEST) else ""


def _attributes(document: Mapping[str, Any], expected: Expected) -> list[Fault]:
    return list(_of_attributes(document, expected))


def _of_attributes(document: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    found = document["sensitive"]
    if document["favourable"] != expected.favourable:
        yield Fault("counts_favourable", params={"expected": expected.favourable})
    named = list(_names(found, expected.sensitive))
    yield from named
    wrong = {} if named else {each["name"]: _wrong_attribute(each, document["rows"]) for each in found}
    for name, rule in wrong.items():
        if rule:
            yield Fault(rule, None, name, params={"limit": MOST_GROUPS, "smallest": SMALLEST})
    if (
        not named
        and not any(wrong.values())
        and len({tuple(_totals(each)) for each in found if _is_whole(each)}) > 1
    ):
        yield Fault("counts_totals")


def _wrong_attribute(each: Mapping[str, Any], rows: int) -> str:
    """The first rule that a sensitive attribute breaks, or ""."""
    groups = each["groups"]
    if set(each) != ATTRIBUTE or not isinstance(groups, list) or not all(map(_is_group, groups)):
        return "counts_groups"
    names = [group["group"] for group in groups]
    if len(names) > MOST_GROUPS:
        return "counts_too_many_groups"
    if len(set(names)) < len(names):
        return "counts_groups"
    shown = [group["counts"] for group in groups if group["counts"] is not None]
    flat = [n for counts in shown for n in counts]
    if groups and not shown:  # nothing is told but the names
        return _wrong_sum([None, None, each["undecided"]], rows)
    hidden = [None] * (len(groups) - len(shown))
    return _wrong_sum([*flat, *hidden, each["undecided"]], rows)


def _is_group(group: object) -> bool:
    if not isinstance(group, dict) or set(group) != {"group", "counts"}:
        return False
    name, counts = group["group"], group["counts"]
    named = name is None or (isinstance(name, str) and 0 < len(name) <= LONGEST_VALUE and name.isprintable())
    return named and (counts is None or (isinstance(counts, list) and len(counts) == len(COMBINATIONS)))


def _is_whole(each: Mapping[str, Any]) -> bool:
    return all(group["counts"] is not None for group in each["groups"])


def _totals(each: Mapping[str, Any]) -> list[int]:
    """What all groups count together, combination by combination."""
    return [sum(column) for column in zip(*(group["counts"] for group in each["groups"]), strict=True)]
