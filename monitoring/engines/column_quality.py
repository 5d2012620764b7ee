"""One pass over a data period: per column how many values there are, how far they reach, which categories they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.windows import column_types, quoted, reading

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST_CATEGORIES = 200
"""A column with more different values is no category: an identifier, a street, a free text."""
NUMBER, TEXT, YES_NO, MOMENT, OTHER = "number", "text", "yes/no", "moment", "other"


@dataclass(frozen=True)
class Profile:
    """What one column of one data period holds.

    kind: number, text, yes/no, moment or other. n: rows; present: rows with a value: not empty, not infinite.
    low, high: of the numbers. is_constant: every row that has a value has the same. categories: rows per value, None
    where the column is no category or has more than MOST_CATEGORIES values.
    """

    column: str
    kind: str
    type: str
    n: int
    present: int
    low: float | None = None
    high: float | None = None
    is_constant: bool = False
    categories: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Period:
    """All declared columns of a data period. absent: declared, but not in the file."""

    n: int
    profiles: Mapping[str, Profile]
    absent: list[str] = field(default_factory=list)


def profiled(path: Path, columns: Sequence[str], categorical: Sequence[str]) -> Period:
    """Read each of `columns` once. categorical: whose values are counted one by one."""
    types = column_types(path)
    there = [name for name in columns if name in types]
    with reading(path) as rows:
        asked = ", ".join(["count(*)", *(_sums(name, types[name]) for name in there)])
        [(n, *found)] = rows.aggregate(asked).fetchall()
        profiles = {
            name: _profile(rows, name, types[name], n, found[4 * at : 4 * at + 4], name in categorical)
            for at, name in enumerate(there)
        }
    return Period(n, profiles, [name for name in columns if name not in types])


def _sums(name: str, kind: pa.DataType) -> str:
    value = value_of(name, kind)
    number = f"CAST({value} AS DOUBLE)" if kind_of(kind) == NUMBER else "CAST(NULL AS DOUBLE)"
    return f"count({value}), min({number}), max({number}), min({value}) = max({value})"


def _profile(
    rows: duckdb.DuckDBPyRelation,
    name: str,
    kind: pa.DataType,
    n: int,
    found: Sequence[Any],
    categorical: bool,
) -> Profile:
    present, low, high, same = found
    categories = _categories(rows, text_of(name, kind)) if categorical else None
    return Profile(name, kind_of(kind), str(kind), n, present, low, high, bool(same), categories)


def _categories(rows: duckdb.DuckDBPyRelation, text: str) -> dict[str, int] | None:
    named = rows.project(f"{text} AS value").filter("value IS NOT NULL")
    counted = named.aggregate("value, count(*) AS n", "value").order("value").limit(MOST_CATEGORIES + 1)
    found = dict(counted.fetchall())
    return found if len(found) <= MOST_CATEGORIES else None


def outside(path: Path, name: str, low: float | None, high: float | None) -> int:
    """Rows whose number lies below `low` or above `high`; None = open on that side."""
    value = value_of(name, column_types(path)[name])
    sides = [f"{value} < {low!r}"] if low is not None else []
    sides += [f"{value} > {high!r}"] if high is not None else []
    with reading(path) as rows:
        [(found,)] = rows.filter(" OR ".join(sides)).aggregate("count(*)").fetchall() if sides else [(0,)]
    return int(found)


def repeated_rows(path: Path, columns: Sequence[str]) -> int:
    """Rows that say in all these columns the same as an earlier one: rows less the different 64-bit hashes of them."""
    types = column_types(path)
    names = ", ".join(quoted(name) for name in columns if name in types)
    with reading(path) as rows:
        [(found,)] = rows.aggregate(f"count(*) - count(DISTINCT hash({names}))").fetchall()
    return int(found)


def repeated_values(path: Path, name: str) -> int:
    """Rows whose value of this column another row has had before; rows without a value are not counted."""
    value = value_of(name, column_types(path)[name])
    with reading(path) as rows:
        [(found,)] = rows.aggregate(f"count({value}) - count(DISTINCT {value})").fetchall()
    return int(found)


def kind_of(kind: pa.DataType) -> str:
    """The class of a type: a change inside it, as from whole numbers to fractions, is no change of meaning."""
    import pyarrow.types as kinds

    if kinds.is_boolean(kind):
        return YES_NO
    if kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind):
        return NUMBER
    if kinds.is_string(kind) or kinds.is_large_string(kind):
        return TEXT
    return MOMENT if kinds.is_date(kind) or kinds.is_timestamp(kind) else OTHER


def value_of(name: str, kind: pa.DataType) -> str:
    """SQL of a value: empty text and what is not finite are no values."""
    import pyarrow.types as kinds

    column = quoted(name)
    if kinds.is_floating(kind):
        return f"CASE WHEN isfinite({column}) THEN {column} END"
    return f"nullif({column}, '')" if kind_of(kind) == TEXT else column


def text_of(name: str, kind: pa.DataType) -> str:
    """SQL of a category's name: a 1 stored as 1.0 is the category 1."""
    import pyarrow.types as kinds

    value = value_of(name, kind)
    text = f"CAST({value} AS VARCHAR)"
    if not kinds.is_floating(kind):
        return text
    whole = f"{value} = floor({value}) AND abs({value}) < 1e15"
    return f"CASE WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) ELSE {text} END"
