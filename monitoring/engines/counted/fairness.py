"""Fairness of a data period that is counts instead of rows: the groups whose counts left the firm are measured as from rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from monitoring.counting import documents
from monitoring.engines import fairness
from monitoring.engines.counts import CROSS, Counts, from_rows
from monitoring.engines.refusals import CannotMeasure, MissingColumns


def measure(
    path: Path, *, sensitive: Sequence[str], favourable: str, minimum_group: int, inputs: Mapping[str, str]
) -> dict[str, Any]:
    """The result of fairness, and per attribute the names of the hidden groups. Raises MissingColumns, CannotMeasure."""
    document = documents.read(path)
    told = {each["name"]: each for each in document["sensitive"]}
    missing = [name for name in sensitive if name not in told]
    if missing:
        raise MissingColumns(missing)
    if document["favourable"] != favourable:
        raise CannotMeasure("favourable_never_seen", favourable=favourable)
    hidden = {name: each for name, each in documents.hidden_groups(document).items() if each}
    rows = {name: list(documents.cells_of(told[name])) for name in sensitive}
    shown = {name: each for name, each in rows.items() if each}
    if not shown:
        raise CannotMeasure("all_groups_hidden", attributes=list(sensitive))
    cells = {name: from_rows({name: each}, favourable=favourable).cells[name] for name, each in shown.items()}
    undecided = [told[name]["undecided"] for name in sensitive]
    pairs = {CROSS.join(each["of"]): each for each in _pairs(document, sensitive)}
    crossed = {
        name: from_rows({name: list(documents.pair_cells_of(each))}, favourable=favourable)
        for name, each in pairs.items()
    }
    counts = Counts(
        cells,
        favourable,
        document["rows"],
        undecided[0] or 0,
        {name: each.cells[name] for name, each in crossed.items() if each.total},
    )
    result = fairness.measure(counts, minimum_group=minimum_group, inputs=inputs).to_dict()
    hides = {
        name: documents.hidden_pairs(document, each) for name, each in pairs.items() if any(each["hidden"])
    }
    unseen = [name for name in sensitive if name not in shown]
    result["crossed"] = _with_unseen(result["crossed"], [name for name in pairs if not crossed[name].total])
    return _told(result, unseen, {**hidden, **hides}, bool(hidden), None in undecided)


def _pairs(document: Mapping[str, Any], sensitive: Sequence[str]) -> list[Mapping[str, Any]]:
    """Those of the columns that are asked for; a document of version 1 tells none."""
    return [each for each in document.get("crossed", []) if set(each["of"]) <= set(sensitive)]


def _with_unseen(told: Sequence[Mapping[str, Any]], unseen: Sequence[str]) -> list[Mapping[str, Any]]:
    """In their place what no group is told of."""
    nothing = {"status": "insufficient_data", "groups": [], "gaps": {}, "against_largest": [], "tests": {}}
    attributes = [*told, *({"attribute": name, **nothing} for name in unseen)]
    return sorted(attributes, key=lambda each: str(each["attribute"]))


def _told(
    result: dict[str, Any],
    unseen: Sequence[str],
    hidden: Mapping[str, Sequence[str | None]],
    hides_groups: bool,
    hides_undecided: bool,
) -> dict[str, Any]:
    """With what is not known said as such: never 0, and an attribute without any group in its place."""
    unknown = dict.fromkeys(["without_label"] if hides_groups else []) | dict.fromkeys(
        ["without_prediction"] if hides_undecided else []
    )
    return {
        **result,
        "rows": {**result["rows"], **unknown},
        "attributes": _with_unseen(result["attributes"], unseen),
        "hidden": {
            name: [{"group": each, "status": "insufficient_data"} for each in groups]
            for name, groups in hidden.items()
        },
    }
