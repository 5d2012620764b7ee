"""Makes the document at the firm: reads one file by DuckDB alone and keeps counts. No Django, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from monitoring.counting import plans, suppressing
from monitoring.counting.documents import COMBINATIONS, FORMAT, VERSION
from monitoring.counting.plans import CATEGORICAL, FEW, Cells, finite, text
from monitoring.engines.counted.engine import DuckDB, Engine
from monitoring.engines.counts import UNFAVOURED
from monitoring.engines.windows import MEMORY_LIMIT

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
MOST_GROUPS = 200


class CannotCount(Exception):
    """The file or the plan does not fit; the message says how, for whoever sits at the command line."""


@contextmanager
def opened(path: Path, plan: Mapping[str, Any]) -> Iterator[tuple[Engine, dict[str, str]]]:
    """The file on a connection that may read nothing else, and the type of every column."""
    import duckdb

    place = str(path.resolve())
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit='{MEMORY_LIMIT}'")
        connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
        literal = place.replace("'", "''")
        connection.execute(f"SET allowed_paths=['{literal}']")
        connection.execute("SET enable_external_access=false; SET lock_configuration=true")
        try:
            if _head(path) == b"PAR1":
                rows = connection.read_parquet(place)
            else:
                rows = connection.read_csv(place, header=True)
                kept = [name for name in rows.columns if name in _names_of_text(plan)]
                rows = connection.read_csv(place, header=True, dtype=dict.fromkeys(kept, "VARCHAR"))
        except duckdb.Error as broken:
            raise CannotCount(f"The file cannot be read: {str(broken).splitlines()[0]}") from broken
        yield DuckDB(rows), dict(zip(rows.columns, map(str, rows.types), strict=True))


def document(path: Path, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Count a file by a plan. Raises CannotCount."""
    categorical = [each["name"] for each in plan["columns"] if each["kind"] == CATEGORICAL]
    names = [each["name"] for each in plan["columns"]]
    with opened(path, plan) as (engine, types):
        _require(types, plan)
        [rows] = engine.one_row(["COUNT(*)"])
        if rows < suppressing.SMALLEST:
            raise CannotCount(
                f"The file has {rows} rows; counts of fewer than {suppressing.SMALLEST} say who they are."
            )
        columns = [plans.cells_of(each) for each in plan["columns"]] if plan["is_cut"] else None
        columns = columns or plans.cut(engine, names, categorical)
        counted = plans.over(engine, columns)
        return {
            "format": FORMAT,
            "version": VERSION,
            "file": {"sha256": _sha256(path), "size": path.stat().st_size},
            "rows": int(rows),
            "smallest": suppressing.SMALLEST,
            "favourable": plan["favourable"],
            "columns": [_column(engine, each, *counted[each.name]) for each in columns],
            "sensitive": _sensitive(engine, types, plan),
        }


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _names_of_text(plan: Mapping[str, Any]) -> set[str]:
    """Categories and groups: 007 is no 7. What is compared with the favourable outcome keeps the type it looks like."""
    categories = {each["name"] for each in plan["columns"] if each["kind"] == CATEGORICAL}
    return (categories | set(plan["sensitive"])) - {plan["label"], plan["prediction"]} - _numbers(plan)


def _numbers(plan: Mapping[str, Any]) -> set[str]:
    return {each["name"] for each in plan["columns"] if each["kind"] != CATEGORICAL}


def _require(types: Mapping[str, str], plan: Mapping[str, Any]) -> None:
    results = [plan["prediction"], plan["label"]] if plan["sensitive"] and plan["prediction"] else []
    wanted = [*(each["name"] for each in plan["columns"]), *plan["sensitive"], *filter(None, results)]
    missing = [name for name in wanted if name not in types]
    if missing:
        raise CannotCount(f"The file lacks columns of the plan: {', '.join(missing)}.")
    words = [
        name for name in sorted(_numbers(plan)) if not types[name].startswith((*FLOATING, *WHOLE, "BOOLEAN"))
    ]
    if words:
        raise CannotCount(
            f"The plan says that these columns hold numbers, and they do not: {', '.join(words)}."
        )


def _column(engine: Engine, cells: Cells, counts: Sequence[int], missing: int) -> dict[str, Any]:
    """Counts and profile of one column; its mean is kept back where it would give hidden counts away."""
    *shown, missing_shown = suppressing.cells([*counts, missing])
    said = {**cells.as_dict(), "counts": shown, "missing": missing_shown}
    hides = missing_shown is None or None in shown
    if cells.kind == CATEGORICAL or sum(counts) < suppressing.SMALLEST or (cells.kind == FEW and hides):
        return said
    value, k = finite(engine, cells.name), suppressing.SMALLEST
    low, high, mean, spread = engine.one_row(
        [
            f"list_last(min({value}, {k}))",
            f"list_last(max({value}, {k}))",
            f"AVG({value})",
            f"STDDEV_POP({value})",
        ]
    )
    return {**said, "low": float(low), "high": float(high), "mean": float(mean), "spread": float(spread)}


def _sensitive(engine: Engine, types: Mapping[str, str], plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Nothing without a column of decisions: then there is nothing to compare."""
    if not plan["prediction"]:
        return []
    decision = favourable(engine, plan["prediction"], types, plan["favourable"])
    outcome = favourable(engine, plan["label"], types, plan["favourable"]) if plan["label"] else "NULL"
    return [_attribute(engine, name, decision, outcome) for name in plan["sensitive"]]


def _attribute(engine: Engine, name: str, decision: str, outcome: str) -> dict[str, Any]:
    query = f"SELECT nullif({text(engine, name)}, ''), {outcome}, {decision}, COUNT(*) FROM {{source}} GROUP BY ALL"  # noqa: S608
    table: dict[str | None, dict[Any, int]] = {}
    undecided = 0
    for who, label, prediction, n in engine.rows(query):
        if prediction is None:
            undecided += n
        else:
            table.setdefault(who, {})[label, prediction] = n
    if len(table) > MOST_GROUPS:
        raise CannotCount(f"{name} has more than {MOST_GROUPS} different values: these are not groups.")
    rows = {who: tuple(table[who].get(each, 0) for each in COMBINATIONS) for who in table}
    hidden, hides_undecided = suppressing.groups(rows, undecided)
    ordered = sorted(rows, key=lambda who: (who is None, who or ""))
    groups = [{"group": who, "counts": None if who in hidden else list(rows[who])} for who in ordered]
    return {"name": name, "groups": groups, "undecided": None if hides_undecided else undecided}


def favourable(engine: Engine, column: str, types: Mapping[str, str], value: str) -> str:
    """SQL that is true where a column holds the favourable value, as `engines.counts` asks it of rows."""
    name, kind = engine.name(column), types[column]
    if kind == "BOOLEAN":
        return f"NOT {name}" if value.lower() in UNFAVOURED else name
    if kind.startswith((*FLOATING, *WHOLE)):
        try:
            return f"{name} = {float(value)!r}"
        except ValueError:
            raise CannotCount(f"{column} holds numbers, and the favourable value is {value}.") from None
    literal = value.replace("'", "''")
    return f"{name} = '{literal}'"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
