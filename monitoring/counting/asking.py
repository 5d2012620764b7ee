"""The question of a plan of counts as one statement of SQL, which any engine that holds the rows answers with counts alone.

Each line of the answer says how many rows lie in one cell. The lines of a column make up all rows, so a line that got lost is
noticed when the answer is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitoring.counting.documents import canonical
from monitoring.counting.plans import CATEGORICAL, NUMERIC, Cells, asked, cells_of
from monitoring.counting.roles import as_number
from monitoring.counting.suppressing import SMALLEST
from monitoring.engines.counted.engine import Engine
from monitoring.engines.direction import is_true

ROWS, CELL, PROFILE, GROUP, PAIR = "rows", "cell", "profile", "group", "pair"
WHOLE = ("place", "cell", "outcome", "decision", "n")
FIGURES = ("low", "high", "mean", "spread")
COLUMNS = ("part", "place", "cell", "who", "other", "outcome", "decision", "n", *FIGURES)
"""Of the answer. place: which column of the plan, which sensitive one or which pair; other: the second group of a pair.

Behind the features stand score, decision and outcome. outcome, decision: 1 = favourable, empty = unknown.
"""


def digest_of(plan: Mapping[str, Any]) -> str:
    """By which the answer says what was asked."""
    return hashlib.sha256(canonical(plan)).hexdigest()


def statement(engine: Engine, name: str, plan: Mapping[str, Any], source: str = "{source}") -> str:
    """One statement for a plan whose cells are cut. name: of the engine, which the answer repeats."""
    columns = [cells_of(each) for each in asked(plan)]
    lines = [
        _line(
            engine,
            f"SELECT COUNT(*) AS n FROM {source}",
            ROWS,
            who=engine.literal(f"{name} {digest_of(plan)}"),
        ),
        *(_cells(engine, place, each, source) for place, each in enumerate(columns)),
        *(
            _profile(engine, place, each, source)
            for place, each in enumerate(columns[: len(plan["columns"])])
            if each.kind != CATEGORICAL
        ),
        *_groups(engine, plan, source),
        *_pairs(engine, plan, source),
    ]
    return "\nUNION ALL\n".join(lines)


def _line(engine: Engine, inner: str, part: str, place: int = 0, **told: str) -> str:
    """Lines of one part, all columns of the answer in their order; what the part does not tell is NULL."""
    known = {"n": "n", "place": str(place), "part": f"'{part}'", **told}
    types = {**dict.fromkeys(WHOLE, "BIGINT"), **dict.fromkeys(FIGURES, engine.double)}
    said = [
        f"CAST({known.get(each, 'NULL')} AS {types.get(each, engine.text)}) AS {each}" for each in COLUMNS
    ]
    return f"SELECT {', '.join(said)}\nFROM ({inner}) AS counted"  # quoted by the engine


def _cells(engine: Engine, place: int, column: Cells, source: str) -> str:
    """The cell of each row by comparisons alone; without a value it lies in none."""
    if column.kind == NUMERIC:
        cut = [f"WHEN v < {edge!r} THEN {at}" for at, edge in enumerate(column.edges)]
    elif column.kind == CATEGORICAL:
        cut = [f"WHEN v = {engine.literal(each)} THEN {at}" for at, each in enumerate(column.values)]
    else:
        cut = [f"WHEN v = {float(each)!r} THEN {at}" for at, each in enumerate(column.values)]
    cell = " ".join(["CASE WHEN v IS NULL THEN NULL", *cut, f"ELSE {column.size - 1} END"])
    rows = f"SELECT {cell} AS cell, n FROM ({_valued(engine, column, source)}) AS valued"
    inner = f"SELECT cell, SUM(n) AS n FROM ({rows}) AS celled GROUP BY cell"
    return _line(engine, inner, CELL, place, cell="cell")


def _valued(engine: Engine, column: Cells, source: str) -> str:
    """Values with how many rows have each: a category is named once for each value, not once for each row."""
    if column.kind != CATEGORICAL:
        return f"SELECT {engine.finite(column.name)} AS v, 1 AS n FROM {source}"
    name = engine.name(column.name)
    counted = f"SELECT {name} AS v, COUNT(*) AS n FROM {source} GROUP BY {name}"
    return f"SELECT {engine.category('v')} AS v, n FROM ({counted}) AS named"


def _profile(engine: Engine, place: int, column: Cells, source: str) -> str:
    """The tenth lowest and tenth highest value, the mean and the spread."""
    value = engine.finite(column.name)
    there = f"(SELECT {value} AS v FROM {source}) AS valued WHERE v IS NOT NULL"
    low, high = (
        f"(SELECT {outer}(v) FROM (SELECT v FROM {there} ORDER BY v {way} LIMIT {SMALLEST}) AS ends)"
        for outer, way in (("MAX", "ASC"), ("MIN", "DESC"))
    )
    sums = f"COUNT(v) AS n, {low} AS low, {high} AS high, AVG(v) AS mean, STDDEV_POP(v) AS spread"
    return _line(engine, f"SELECT {sums} FROM {there}", PROFILE, place, **{each: each for each in FIGURES})


def _groups(engine: Engine, plan: Mapping[str, Any], source: str) -> Iterator[str]:
    told = {each: each for each in ("who", "outcome", "decision")}
    for place, inner in enumerate(groups(engine, plan, source)):
        yield _line(engine, inner, GROUP, place, **told)


def _pairs(engine: Engine, plan: Mapping[str, Any], source: str) -> Iterator[str]:
    told = {each: each for each in ("who", "other", "outcome", "decision")}
    for place, inner in enumerate(pairs(engine, plan, source)):
        yield _line(engine, inner, PAIR, place, **told)


def groups(engine: Engine, plan: Mapping[str, Any], source: str = "{source}") -> list[str]:
    """Per sensitive column who, outcome, decision and n. Nothing without a column of decisions: then nothing is compared."""
    return [_decided(engine, plan, source, who=name) for name in plan["sensitive"] if plan["prediction"]]


def pairs(engine: Engine, plan: Mapping[str, Any], source: str = "{source}") -> list[str]:
    """Per pair of sensitive columns who, other, outcome, decision and n."""
    found = [_decided(engine, plan, source, who=one, other=two) for one, two in plan.get("pairs", [])]
    return found if plan["prediction"] else []


def _decided(engine: Engine, plan: Mapping[str, Any], source: str, **columns: str) -> str:
    decision = favourable(engine, plan["prediction"], plan["favourable"])
    outcome = favourable(engine, plan["label"], plan["favourable"]) if plan["label"] else "NULL"
    named = [f"nullif({engine.category(column)}, '') AS {key}" for key, column in columns.items()]
    rows = f"SELECT {', '.join(named)}, {outcome} AS outcome, {decision} AS decision FROM {source}"
    by = ", ".join([*columns, "outcome", "decision"])
    return f"SELECT {by}, COUNT(*) AS n FROM ({rows}) AS decided GROUP BY {by}"


def favourable(engine: Engine, column: str, value: str) -> str:
    """SQL that is 1 where a column holds the favourable value, 0 where another one and NULL where none.

    As `engines.counts` asks it of rows: truths by themselves, words as they stand, numbers by value.
    """
    said = f"CAST({engine.name(column)} AS {engine.text})"
    truth = f"lower({said}) = '{str(is_true(value)).lower()}'"  # of another word than a truth no row holds it
    words = f"{said} = {engine.literal(value)}"
    number = f"{_written(engine, column, value)} = {engine.literal(as_number(value))}"
    holds = " ".join(
        [
            f"CASE WHEN {engine.kind(column)} IN ({_listed(engine.truths)}) THEN {truth}",
            f"WHEN {engine.kind(column)} IN ({_listed(engine.words)}) THEN {words} ELSE {number} END",
        ]
    )
    return f"CASE WHEN {holds} THEN 1 WHEN {engine.name(column)} IS NOT NULL THEN 0 END"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{each}'" for each in words)


def _written(engine: Engine, column: str, value: str) -> str:
    """A number as text; where the value is a broken one, 0.50 is 0.5."""
    category = engine.category(column)
    return category if as_number(value).lstrip("-").isdigit() else f"TRIM(TRAILING '0' FROM {category})"
