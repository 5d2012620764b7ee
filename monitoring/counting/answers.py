"""What an engine answered to the statement of a plan: read back line by line, and held against the plan before it is used."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitoring.counting.asking import (
    CELL,
    COLUMNS,
    FIGURES,
    GROUP,
    PAIR,
    PROFILE,
    ROWS,
    WHOLE,
    digest_of,
    groups,
    pairs,
)
from monitoring.counting.plans import CATEGORICAL, Cells, asked, cells_of, over
from monitoring.counting.refusing import CannotCount
from monitoring.counting.suppressing import SMALLEST
from monitoring.engines.counted.engine import DuckDB
from monitoring.engines.counts import CROSS

Decided = dict[tuple[bool | None, bool | None], int]
"""How many rows have an outcome and a decision; None = unknown."""
Table = dict[str | None, Decided]
"""Per group."""
PairTable = dict[tuple[str | None, str | None], Decided]
"""Per group of the one column and group of the other."""
Line = Mapping[str, Any]
NOTHING = dict.fromkeys(COLUMNS[1:])
"""Spark leaves out of JSON what is NULL."""
LATER = ("other",)
"""An answer to a statement of version 1 has no such column."""


@dataclass(frozen=True)
class Answers:
    """Counts of all rows. counts: per column that the plan asks its cells and the missing values; tables: per sensitive column.

    crossed: per pair of sensitive columns.
    """

    engine: str
    rows: int
    counts: Sequence[tuple[list[int], int]]
    profiles: Mapping[int, Mapping[str, float]]
    tables: Sequence[Table]
    crossed: Sequence[PairTable]


def of_lines(lines: Iterable[Sequence[Any]], plan: Mapping[str, Any]) -> Answers:
    """Raises CannotCount where a line is missing, stands there twice or belongs to another plan."""
    told = [dict(zip(COLUMNS, each, strict=True)) for each in lines]
    engine, rows = _rows(told, plan)
    columns = [cells_of(each) for each in asked(plan)]
    features = len(plan["columns"])
    sensitive = plan["sensitive"] if plan["prediction"] else []
    both = plan.get("pairs", []) if plan["prediction"] else []
    places = {CELL: len(columns), PROFILE: features, GROUP: len(sensitive), PAIR: len(both), ROWS: 1}
    if any(each["place"] not in range(places.get(each["part"], 0)) for each in told):
        raise CannotCount("The answer holds lines that the statement does not ask for.")
    tables = [_table(_of(told, GROUP, place), name, rows) for place, name in enumerate(sensitive)]
    crossed = [_pair(_of(told, PAIR, place), pair, rows) for place, pair in enumerate(both)]
    _require_agreement(dict(zip(sensitive, tables, strict=True)), zip(both, crossed, strict=True))
    return Answers(
        engine=engine,
        rows=rows,
        counts=[_cells(_of(told, CELL, place), each, rows) for place, each in enumerate(columns)],
        profiles={
            place: _profile(_of(told, PROFILE, place), each.name)
            for place, each in enumerate(columns[:features])
            if each.kind != CATEGORICAL
        },
        tables=tables,
        crossed=crossed,
    )


def of_duckdb(engine: DuckDB, plan: Mapping[str, Any]) -> Answers:
    """Asked here in as few scans as DuckDB needs: the same counts as by the statement."""
    columns = [cells_of(each) for each in asked(plan)]
    [rows] = engine.one_row(["COUNT(*)"])
    counted = over(engine, columns)
    features = enumerate(columns[: len(plan["columns"])])
    numbers = [place for place, each in features if each.kind != CATEGORICAL]
    figures = engine.profiles([columns[place].name for place in numbers], SMALLEST)
    tables = zip(plan["sensitive"], groups(engine, plan), strict=False)
    crossed = zip(plan.get("pairs", []), pairs(engine, plan), strict=False)
    return Answers(
        engine="duckdb",
        rows=int(rows),
        counts=[counted[each.name] for each in columns],
        profiles={
            place: _there(dict(zip(FIGURES, those, strict=True)))
            for place, those in zip(numbers, figures, strict=True)
        },
        tables=[_table(_lines(engine.rows(query), "who"), name, int(rows)) for name, query in tables],
        crossed=[_pair(_lines(engine.rows(query), "who", "other"), of, int(rows)) for of, query in crossed],
    )


def _lines(found: Sequence[Sequence[Any]], *keys: str) -> list[Line]:
    return [dict(zip((*keys, "outcome", "decision", "n"), each, strict=True)) for each in found]


def of_file(path: Path, plan: Mapping[str, Any]) -> Answers:
    """An answer kept as CSV, JSON (an array, or one object a line) or Parquet. Raises CannotCount."""
    try:
        found = _read(path)
        later = dict.fromkeys(LATER)
        lines = [[_value(name, {**later, **each}[name]) for name in COLUMNS] for each in found]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as broken:
        raise CannotCount(
            f"{path} is no answer to the statement: a table with the columns {', '.join(COLUMNS)} as CSV, JSON or Parquet."
        ) from broken
    return of_lines(lines, plan)


def _read(path: Path) -> list[Line]:
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"PAR1":
        import duckdb

        with duckdb.connect() as connection:
            rows = connection.read_parquet(str(path))
            return [dict(zip(rows.columns, each, strict=True)) for each in rows.fetchall()]
    words = path.read_text("utf-8-sig")
    if head.lstrip()[:1] not in (b"[", b"{"):
        return list(csv.DictReader(words.splitlines()))
    found = (
        json.loads(words)
        if head.lstrip()[:1] == b"["
        else map(json.loads, filter(str.strip, words.splitlines()))
    )
    return [{**NOTHING, **each} for each in found]


def _value(name: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if name in WHOLE:
        if isinstance(value, float) and not value.is_integer():
            raise ValueError(name)
        return int(value)
    return float(value) if name in FIGURES else str(value)


def _of(told: Sequence[Line], part: str, place: int) -> list[Line]:
    return [each for each in told if (each["part"], each["place"]) == (part, place)]


def _rows(told: Sequence[Line], plan: Mapping[str, Any]) -> tuple[str, int]:
    found = _of(told, ROWS, 0)
    name, _space, digest = (found[0]["who"] or "").partition(" ") if len(found) == 1 else ("", "", "")
    if digest != digest_of(plan):
        raise CannotCount(
            "The answer is to another plan of counts. Print the statement of this plan, and ask again."
        )
    return name, _count(found[0]["n"])


def _count(n: Any) -> int:
    if not isinstance(n, int) or n < 0:
        raise CannotCount("The answer holds a count that is no whole number of at least 0.")
    return n


def _cells(found: Sequence[Line], column: Cells, rows: int) -> tuple[list[int], int]:
    counted = _whole({each["cell"]: _count(each["n"]) for each in found}, len(found), column.name, rows)
    if not all(cell is None or cell in range(column.size) for cell in counted):
        raise CannotCount(f"The answer holds cells of {column.name} that the plan does not name.")
    return [counted.get(at, 0) for at in range(column.size)], counted.get(None, 0)


def _whole(counted: dict[Any, int], lines: int, name: str, rows: int) -> dict[Any, int]:
    """Each cell once, and together all rows."""
    if len(counted) < lines or sum(counted.values()) != rows:
        raise CannotCount(
            f"The counts of {name} do not add up to {rows} rows: lines are missing or stand there twice."
        )
    return counted


def _profile(found: Sequence[Line], name: str) -> dict[str, float]:
    if len(found) != 1:
        raise CannotCount(f"The answer must hold one line with the range and the mean of {name}.")
    return _there({each: found[0][each] for each in FIGURES})


def _there(figures: Mapping[str, Any]) -> dict[str, float]:
    """Nothing where one of them is not known."""
    there = {each: value for each, value in figures.items() if value is not None and math.isfinite(value)}
    return there if len(there) == len(FIGURES) else {}


def _table(found: Sequence[Line], name: str, rows: int) -> Table:
    table: Table = {}
    for (who,), decided, n in _decided(found, ["who"], name, rows):
        table.setdefault(who, {})[decided] = n
    return table


def _pair(found: Sequence[Line], of: Sequence[str], rows: int) -> PairTable:
    table: PairTable = {}
    for (who, other), decided, n in _decided(found, ["who", "other"], CROSS.join(of), rows):
        table.setdefault((who, other), {})[decided] = n
    return table


def _decided(
    found: Sequence[Line], keys: Sequence[str], name: str, rows: int
) -> Iterator[tuple[tuple[Any, ...], tuple[bool | None, bool | None], int]]:
    truth = {None: None, 0: False, 1: True}
    if any(each["outcome"] not in truth or each["decision"] not in truth for each in found):
        raise CannotCount(f"The answer holds outcomes or decisions of {name} that are neither 0 nor 1.")
    by = [*keys, "outcome", "decision"]
    counted = {tuple(each[key] for key in by): _count(each["n"]) for each in found}
    for (*groups_of, outcome, decision), n in _whole(counted, len(found), name, rows).items():
        yield tuple(groups_of), (truth[outcome], truth[decision]), n


def _require_agreement(
    tables: Mapping[str, Table], crossed: Iterable[tuple[Sequence[str], PairTable]]
) -> None:
    """The pairs of a group make up the group."""
    for of, table in crossed:
        for side, name in enumerate(of):
            whole: Table = {}
            for both, decided in table.items():
                group = whole.setdefault(both[side], {})
                for each, n in decided.items():
                    group[each] = group.get(each, 0) + n
            if whole != tables[name]:
                raise CannotCount(f"The pairs of {CROSS.join(of)} do not agree with the groups of {name}.")
