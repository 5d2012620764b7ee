"""Fairness of a data period that is counts instead of rows: the groups whose counts left the firm are measured as from rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from monitoring.counting import documents
from monitoring.engines import fairness
from monitoring.engines.counts import Counts, from_rows
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
    counts = Counts(cells, favourable, document["rows"], undecided[0] or 0)
    result = fairness.measure(counts, minimum_group=minimum_group, inputs=inputs).to_dict()
    return _told(result, [name for name in sensitive if name not in shown], hidden, None in undecided)


def _told(
    result: dict[str, Any],
    unseen: Sequence[str],
    hidden: Mapping[str, Sequence[str | None]],
    hides_undecided: bool,
) -> dict[str, Any]:
    """With what is not known said as such: never 0, and an attribute without any group in its place."""
    nothing: dict[str, Any] = {"status": "insufficient_data", "groups": [], "gaps": {}}
    attributes = [*result["attributes"], *({"attribute": name, **nothing} for name in unseen)]
    unknown = dict.fromkeys(["without_label"] if hidden else []) | dict.fromkeys(
        ["without_prediction"] if hides_undecided else []
    )
    attributes.sort(key=lambda each: str(each["attribute"]))
    return {
        **result,
        "rows": {**result["rows"], **unknown},
        "attributes": attributes,
        "hidden": {
            name: [{"group": each, "status": "insufficient_data"} for each in groups]
            for name, groups in hidden.items()
        },
    }
