"""Makes the document at the firm, of its own files by DuckDB or of what its own engine answered, and keeps counts alone.

No Django, no network.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from monitoring.counting import answers, naming, plans, roles, suppressing, twice
from monitoring.counting.answers import Answers, Table
from monitoring.counting.asking import statement
from monitoring.counting.crossing import MOST_GROUPS, is_whole, pair, rows_of, unknown_last
from monitoring.counting.documents import FORMAT
from monitoring.counting.plans import CATEGORICAL, FEW, Cells, cells_of
from monitoring.counting.refusing import CannotCount
from monitoring.counting.sources import Source, numbers_of, opened, source_of
from monitoring.engines.counted.dialects import dialect
from monitoring.engines.direction import is_true

FLOATING = ("FLOAT", "DOUBLE", "DECIMAL")
WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)
SHOWN_DIGITS = 6
"""Of mean and spread: engines add up in another order, so their last digits differ."""


def document(source: Path | Source, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Count files by a plan. Raises CannotCount."""
    source = source_of([str(source)]) if isinstance(source, Path) else source
    with opened(source, plan) as (engine, types):
        plan = _of_what_is_there(engine, types, plan)
        _require(types, plan)
        [rows] = engine.one_row(["COUNT(*)"])
        _require_rows(rows)
        if not plan["is_cut"]:
            plan = {**plan, "is_cut": True, **_cut(engine, types, plan)}
        return _of_answers(answers.of_duckdb(engine, plan), plan, source.told)


def cut(source: Source, plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with cells cut from these files, so that an engine can be asked for a reference. Raises CannotCount."""
    with opened(source, plan) as (engine, types):
        plan = _of_what_is_there(engine, types, plan)
        _require(types, plan)
        return {**plan, "is_cut": True, **_cut(engine, types, plan)}


def question(name: str, table: str, plan: Mapping[str, Any]) -> str:
    """The statement for the firm's own engine. Raises CannotCount."""
    if not plan["is_cut"]:
        raise CannotCount(
            "The plan has no cells yet, and only files can be cut into cells. Cut a sample of the rows with --cut first."
        )
    return statement(dialect(name), name, plan, table) + "\n"


def of_result(path: Path, plan: Mapping[str, Any]) -> dict[str, Any]:
    """The document of what an engine answered. Raises CannotCount."""
    told = answers.of_file(path, plan)
    _require_rows(told.rows)
    content = path.read_bytes()
    file = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {**_of_answers(told, plan, file), "counted_by": told.engine}


def _of_answers(told: Answers, plan: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    columns = [cells_of(each) for each in plan["columns"]]
    sensitive_names = plan["sensitive"] if plan["prediction"] else []
    tables = dict(zip(sensitive_names, told.tables, strict=True))
    for name, table in tables.items():
        naming.require_groups(name, table, plan.get("declared", ()))
    for each in map(cells_of, plans.asked(plan)):
        naming.require_groups(each.name, each.values, plan.get("declared", ()))
    names = {name: naming.named(table) for name, table in tables.items()}
    sensitive = [_attribute(name, table, names[name]) for name, table in tables.items()]
    made = {
        "format": FORMAT,
        "version": plan["version"],
        "file": dict(file),
        "rows": told.rows,
        "smallest": suppressing.SMALLEST,
        "favourable": plan["favourable"],
        "columns": [
            _column(each, *told.counts[place], told.profiles.get(place, {}), tables.get(each.name))
            for place, each in enumerate(columns)
        ],
        "sensitive": sensitive,
    }
    if "pairs" not in plan:  # of version 1
        return made
    whole = {each["name"] for each in sensitive if is_whole(each)}
    pairs = [
        pair(of, naming.pairs_together(table, [names[name] for name in of]), set(of) <= whole)
        for of, table in zip(plan["pairs"] if plan["prediction"] else [], told.crossed, strict=True)
    ]
    made["crossed"] = [each for each in pairs if each]
    if "roles" not in plan:  # of version 2
        return made
    known = roles.totals(told.tables[0]) if told.tables else None
    counted = zip(plan["roles"], told.counts[len(columns) :], strict=True)
    own = [
        _role(each, *counts, known, plan["favourable"], tables.get(each["name"]))
        for each, counts in counted
        if any(counts[0])
    ]
    return {**made, "roles": own}


def _of_what_is_there(engine: Any, types: Mapping[str, str], plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without those of score, decision and outcome that the file lacks or has no value of, as an outcome that is to come."""
    if "roles" not in plan:
        return plan
    there = plans.with_values(engine, [each["name"] for each in plan["roles"]], _numbers(types))
    return {**plan, "roles": [each for each in plan["roles"] if each["name"] in there]}


def _numbers(types: Mapping[str, str]) -> dict[str, bool]:
    """Whether a column holds numbers."""
    return {name: kind.startswith((*FLOATING, *WHOLE)) for name, kind in types.items()}


def _cut(engine: Any, types: Mapping[str, str], plan: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    names = [each["name"] for each in plan["columns"]]
    categorical = [each["name"] for each in plan["columns"] if each["kind"] == CATEGORICAL]
    found = {"columns": [each.as_dict() for each in plans.cut(engine, names, categorical)]}
    if "roles" not in plan:
        return found
    role_of = {each["name"]: each["role"] for each in plan["roles"]}
    words = [name for name in role_of if not _numbers(types)[name]]
    own = plans.cut(engine, list(role_of), words)
    return {**found, "roles": [{"role": role_of[each.name], **each.as_dict()} for each in own]}


def _require_rows(rows: int) -> None:
    if rows < suppressing.SMALLEST:
        raise CannotCount(
            f"The file has {rows} rows; counts of fewer than {suppressing.SMALLEST} say who they are."
        )


def _require(types: Mapping[str, str], plan: Mapping[str, Any]) -> None:
    results = [plan["prediction"], plan["label"]] if plan["sensitive"] and plan["prediction"] else []
    results = [name for name in results if name]
    wanted = [*(each["name"] for each in plan["columns"]), *plan["sensitive"], *results]
    missing = [name for name in wanted if name not in types]
    if missing:
        raise CannotCount(f"The file lacks columns of the plan: {', '.join(missing)}.")
    words = [
        name
        for name in sorted(numbers_of(plan))
        if not types[name].startswith((*FLOATING, *WHOLE, "BOOLEAN"))
    ]
    if words:
        raise CannotCount(
            f"The plan says that these columns hold numbers, and they do not: {', '.join(words)}."
        )
    for name in results:
        if types[name].startswith((*FLOATING, *WHOLE)) and not _is_number(plan["favourable"]):
            raise CannotCount(f"{name} holds numbers, and the favourable value is {plan['favourable']}.")
        if types[name] == "BOOLEAN" and is_true(plan["favourable"]) is None:
            raise CannotCount(f"{name} is true or false, and the favourable value is {plan['favourable']}.")


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _column(
    cells: Cells, counts: list[int], missing: int, profile: Mapping[str, float], table: Table | None
) -> dict[str, Any]:
    """Counts and profile of one column; its mean is kept back where it would give hidden counts away. table: of its groups."""
    if table is not None and not twice.is_safe(cells, counts, missing, table):
        return _nothing(cells)
    *shown, missing_shown = suppressing.cells([*counts, missing])
    said = {**cells.as_dict(), "counts": shown, "missing": missing_shown}
    hides = missing_shown is None or None in shown
    if not profile or sum(counts) < suppressing.SMALLEST or (cells.kind == FEW and hides):
        return said
    scale = math.hypot(profile["mean"], profile["spread"])
    digits = SHOWN_DIGITS - 1 - math.floor(math.log10(scale)) if scale else 0
    rounded = {each: round(profile[each], digits) + 0.0 for each in ("mean", "spread")}
    return {**said, "low": profile["low"] + 0.0, "high": profile["high"] + 0.0, **rounded}


def _nothing(cells: Cells) -> dict[str, Any]:
    """A column of which every count is hidden."""
    return {**cells.as_dict(), "counts": [None] * cells.size, "missing": None}


def _role(
    told: Mapping[str, Any],
    counts: list[int],
    missing: int,
    known: roles.Totals | None,
    favourable: str,
    table: Table | None,
) -> dict[str, Any]:
    """Counts of score, decision or outcome. No mean and no range: they would say more than what drift asks."""
    cells = cells_of(told)
    if table is not None and not twice.is_safe(cells, counts, missing, table):
        return {"role": told["role"], **_nothing(cells)}
    *shown, missing_shown = roles.shown(told["role"], cells, counts, missing, known, favourable)
    return {"role": told["role"], **cells.as_dict(), "counts": shown, "missing": missing_shown}


def _attribute(name: str, table: Table, names: Collection[str]) -> dict[str, Any]:
    undecided = sum(
        n for each in table.values() for (_label, prediction), n in each.items() if prediction is None
    )
    if len(rows_of(table)) > MOST_GROUPS:
        raise CannotCount(f"{name} has more than {MOST_GROUPS} different values: these are not groups.")
    rows = rows_of(naming.laid_together(table, names))
    hidden, hides_undecided = suppressing.groups(rows, undecided)
    ordered = sorted(rows, key=unknown_last)
    groups = [{"group": who, "counts": None if who in hidden else list(rows[who])} for who in ordered]
    return {"name": name, "groups": groups, "undecided": None if hides_undecided else undecided}
