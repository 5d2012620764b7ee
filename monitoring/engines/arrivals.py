"""What a data period shares with itself and with others: repeated rows, copied rows, rows outside of its days.

All rows are counted by DuckDB, as 64-bit hashes of their values in slices of a few million, so memory is bounded however
long the file is. Numbers are compared as fractions and all else as text: 1 and 1.0 are the same value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.column_quality import NUMBER, YES_NO, kind_of
from monitoring.engines.windows import column_types, literal, locked, question, quoted, row_count

if TYPE_CHECKING:
    import duckdb

SLICE = 4_000_000
"""Hashes that are held at a time."""
WHOLE, CONTENT = "whole", "content"
"""Every column, or all but those that number and date a row."""


@dataclass(frozen=True)
class Period:
    """The file of a data period and what its columns are. starts_on, ends_on: ISO days, "" where nobody said."""

    path: Path
    identifier: str = ""
    time: str = ""
    starts_on: str = ""
    ends_on: str = ""


def counted(
    period: Period, reference: Path | None, others: Mapping[str, Path], slice_of: int = SLICE
) -> dict[str, Any]:
    """JSON-ready. others: earlier periods of the dataset by their key.

    {"rows", "repeated_rows", "repeated_reference": share or None, "repeated_ids", "ids": None without an identifier,
    "outside": rows or None, "distinct": {columns: share}, "copies": {key: {columns: share}}}
    """
    types = column_types(period.path)
    with locked(period.path, *others.values(), *([reference] if reference else [])) as read:
        rows = row_count(period.path)
        look = _Look(read, slice_of)
        names = _sets(period, types)
        different = {each: look.distinct(period.path, columns) for each, columns in names.items()}
        ids, distinct_ids = _ids(look, period)
        return {
            "rows": rows,
            "repeated_rows": rows - different[WHOLE],
            "repeated_reference": _share_repeated(look, reference) if reference else None,
            "repeated_ids": None if ids is None else ids - distinct_ids,
            "ids": ids,
            "outside": look.outside(period),
            "distinct": {each: count / rows for each, count in different.items()},
            "copies": {key: _copied(look, period, names, path, rows) for key, path in others.items()},
        }


def _sets(period: Period, types: Mapping[str, Any]) -> dict[str, list[str]]:
    content = [name for name in types if name not in (period.identifier, period.time)]
    return {WHOLE: list(types), **({CONTENT: content} if content and len(content) < len(types) else {})}


def _copied(
    look: _Look, period: Period, names: Mapping[str, Sequence[str]], other: Path, rows: int
) -> dict[str, float]:
    """Per set of columns the share of rows that the other period has as well. Columns that it lacks are left out."""
    there = column_types(other)
    common = {each: [name for name in columns if name in there] for each, columns in names.items()}
    return {
        each: look.shared(period.path, other, columns) / rows for each, columns in common.items() if columns
    }


def _ids(look: _Look, period: Period) -> tuple[int | None, int]:
    if not period.identifier:
        return None, 0
    return look.present(period.path, period.identifier), look.distinct(
        period.path, [period.identifier], present=period.identifier
    )


def _share_repeated(look: _Look, path: Path) -> float:
    rows = row_count(path)
    return (rows - look.distinct(path, list(column_types(path)))) / rows


@dataclass(frozen=True)
class _Look:
    """Questions to one connection, each asked of one slice of the hashes after the other."""

    connection: duckdb.DuckDBPyConnection
    slice_of: int

    def distinct(self, path: Path, columns: Sequence[str], present: str = "") -> int:
        """Different rows, as far as these columns go. present: only rows with a value there."""
        where = f"WHERE {quoted(present)} IS NOT NULL" if present else ""
        hashes = f"SELECT {_hash(path, columns)} AS h FROM {_file(path)} {where}"
        slices = self._slices(row_count(path))
        return sum(self._one(f"SELECT count(DISTINCT h) FROM ({hashes}) WHERE {each}") for each in slices)

    def shared(self, path: Path, other: Path, columns: Sequence[str]) -> int:
        """Rows of `path` that `other` has as well, as far as these columns go."""
        mine, theirs = (f"SELECT {_hash(each, columns)} AS h FROM {_file(each)}" for each in (path, other))
        slices = self._slices(max(row_count(path), row_count(other)))
        return sum(
            self._one(
                f"SELECT count(*) FROM ({mine}) WHERE {each} AND h IN (SELECT h FROM ({theirs}) WHERE {each})"
            )
            for each in slices
        )

    def present(self, path: Path, column: str) -> int:
        return self._one(f"SELECT count({quoted(column)}) FROM {_file(path)}")

    def outside(self, period: Period) -> int | None:
        """Rows whose time lies outside of the days that were said; None where nobody said them or there is no time."""
        if not (period.time and period.starts_on and period.ends_on):
            return None
        day = f"CAST({quoted(period.time)} AS DATE)"
        return self._one(
            f"SELECT count(*) FROM {_file(period.path)} WHERE {day} < DATE '{period.starts_on}' "
            f"OR {day} > DATE '{period.ends_on}'"
        )

    def _slices(self, rows: int) -> list[str]:
        slices = max(1, -(-rows // self.slice_of))
        return [f"h % {slices} = {at}" for at in range(slices)]

    def _one(self, asked: str) -> int:
        [(found,)] = self.connection.execute(question(asked)).fetchall()
        return int(found)


def _hash(path: Path, columns: Sequence[str]) -> str:
    types = column_types(path)
    numbers = (NUMBER, YES_NO)
    values = (
        f"CAST({quoted(name)} AS {'DOUBLE' if kind_of(types[name]) in numbers else 'VARCHAR'})"
        for name in columns
    )
    return f"hash({', '.join(values)})"


def _file(path: Path) -> str:
    return f"read_parquet({literal(path)})"
