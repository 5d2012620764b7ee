"""Sums over all rows of a window, asked of whatever holds the rows. Only counts leave it.

The portable form is plain SQL: `SUM(CASE WHEN … THEN 1 ELSE 0 END)`, GROUP BY, a comparison of numbers. What an engine does
faster in words of its own it overrides, and a test holds both forms equal.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.windows import question, quoted, reading

if TYPE_CHECKING:
    import duckdb

HEAD = 20_000
"""Rows that mostly tell whether a column has few values."""
HALVINGS = 12
WHOLE_NUMBER = re.compile(r"^(-?[0-9]+)[.]0+$")


def category_of(said: str) -> str:
    """What `Engine.category` makes of a text, for one that has been read."""
    name = WHOLE_NUMBER.sub(r"\1", said)
    return "0" if name == "-0" else name


def by_name(counted: Mapping[str, int]) -> Counter[str]:
    """How often each text occurs, by the names of the categories that they are."""
    named: Counter[str] = Counter()
    for value, n in counted.items():
        named[category_of(value)] += n
    return named


def shares_of(steps: int) -> list[float]:
    """Of the rows below the places that cut them into so many parts of as many rows each, smaller ones at both ends."""
    outermost = [2.0**-halving / steps for halving in range(1, HALVINGS)]
    return [*outermost, *(step / steps for step in range(1, steps)), *(1 - share for share in outermost)]


class Engine:
    """A table of rows and the dialect of whoever holds it. Subclasses say how one query is asked."""

    double, text = "DOUBLE PRECISION", "VARCHAR"
    truths: tuple[str, ...] = ("BOOLEAN",)
    words: tuple[str, ...] = ("VARCHAR",)
    """What the engine calls a column of truths and one of words."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query, in which `{source}` stands for the table."""
        raise NotImplementedError

    def name(self, column: str) -> str:
        """A column as SQL: names come from people's files."""
        return quoted(column)

    def number(self, column: str) -> str:
        return f"CAST({self.name(column)} AS {self.double})"

    def literal(self, words: str) -> str:
        """Words as SQL: categories and outcomes come from people's files."""
        inside = words.replace("'", "''").replace("{source}", "{' || 'source}")
        return f"'{inside}'"

    def category(self, column: str) -> str:
        """SQL of a category or a group: a 1 that a file holds as 1.0 is the category 1, and zero has no sign."""
        return self.as_category(f"CAST({self.name(column)} AS {self.text})")

    def as_category(self, said: str, whole: str = "\\1") -> str:
        return f"regexp_replace(regexp_replace({said}, '^(-?[0-9]+)[.]0+$', '{whole}'), '^-0$', '0')"

    def kind(self, column: str) -> str:
        """SQL of the type of a column, in the words of the engine."""
        return f"typeof({self.name(column)})"

    def is_finite(self, value: str) -> str:
        """SQL that is true of a number that is there: what is infinite or no number sorts beyond the largest."""
        return f"{value} BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308"

    def finite(self, column: str) -> str:
        """SQL of a number, NULL where there is none."""
        value = self.number(column)
        return f"CASE WHEN {self.is_finite(value)} THEN {value} END"

    def one_row(self, expressions: Sequence[str]) -> tuple[Any, ...]:
        """Aggregates of one scan."""
        [row] = self.rows(f"SELECT {', '.join(expressions)} FROM {{source}}")  # noqa: S608  # quoted by `name`
        return row

    def sums(self, columns: Sequence[str]) -> tuple[int, list[tuple[Any, ...]]]:
        """All rows; and of each column of numbers how many are finite, the lowest, the highest, mean and spread. One scan."""
        told = [
            f"{each}({self.finite(name)})"
            for name in columns
            for each in ("COUNT", "MIN", "MAX", "AVG", "STDDEV_POP")
        ]
        rows, *found = self.one_row(["COUNT(*)", *told])
        return int(rows), [tuple(found[at : at + 5]) for at in range(0, len(found), 5)]

    def below(self, edges: Mapping[str, Sequence[float]]) -> dict[str, list[int]]:
        """How many finite values of each column lie below each of its edges, which ascend. One scan for all columns."""
        asked = [
            f"SUM(CASE WHEN {self.finite(column)} < {edge!r} THEN 1 ELSE 0 END)"
            for column, those in edges.items()
            for edge in those
        ]
        found = iter(self.one_row(asked) if asked else ())
        return {column: [int(next(found) or 0) for _edge in those] for column, those in edges.items()}

    def quantiles(
        self, columns: Sequence[str], share: Mapping[str, tuple[float, float]], steps: int
    ) -> dict[str, list[float]]:
        """Places that cut a column into `steps` parts: here of equal width. share: the range of each column."""
        return {
            column: [
                share[column][0] + (share[column][1] - share[column][0]) * step / steps
                for step in range(1, steps)
            ]
            for column in columns
        }

    def categories(self, column: str, *, as_number: bool = False) -> dict[Any, int]:
        """How often each value occurs that is there; as_number: finite numbers by value, else everything as text."""
        value = self.number(column) if as_number else f"CAST({self.name(column)} AS {self.text})"
        there = self.is_finite(value) if as_number else f"{self.name(column)} IS NOT NULL"
        query = f"SELECT {value}, COUNT(*) FROM {{source}} WHERE {there} GROUP BY {value}"  # noqa: S608  # quoted above
        return {key: int(n) for key, n in self.rows(query)}

    def has_at_most(self, column: str, most: int) -> bool:
        """Whether a column has at most so many distinct finite values. The first rows mostly tell that it has more."""
        value = self.number(column)
        for some in (f" LIMIT {HEAD}", ""):
            rows = f"(SELECT {value} AS v FROM {{source}}{some}) AS head"  # noqa: S608  # quoted by `name`
            few = f"SELECT DISTINCT v FROM {rows} WHERE {self.is_finite('v')} LIMIT {most + 1}"  # noqa: S608
            if self.rows(f"SELECT COUNT(*) FROM ({few}) AS few")[0][0] > most:  # noqa: S608
                return False
        return True


class DuckDB(Engine):
    """Canonical Parquet, out of core, on a connection that may read this file alone."""

    double = "DOUBLE"

    def __init__(self, relation: duckdb.DuckDBPyRelation) -> None:
        self.relation = relation

    def is_finite(self, value: str) -> str:
        """By name: DuckDB believes the range that a Parquet file states, and that leaves out what is no number."""
        return f"isfinite({value})"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        answer = self.relation.query("window_rows", question(query.replace("{source}", "window_rows")))
        return [] if answer is None else answer.fetchall()

    def below(self, edges: Mapping[str, Sequence[float]]) -> dict[str, list[int]]:
        """By one histogram a column. Its bins are closed on the right: below an edge is up to the number just before it."""
        if not edges:
            return {}
        asked = []
        for column, those in edges.items():
            just_before = [math.nextafter(edge, -math.inf) for edge in those]
            asked.append(f"histogram({self.finite(column)}, {just_before!r}::DOUBLE[])")
        found = {}
        for (column, those), counted in zip(edges.items(), self.one_row(asked), strict=True):
            counts = dict(counted or {})
            each = [counts.get(math.nextafter(edge, -math.inf), 0) for edge in those]
            found[column] = [int(n) for n in accumulate(each)]
        return found

    def quantiles(
        self, columns: Sequence[str], share: Mapping[str, tuple[float, float]], steps: int
    ) -> dict[str, list[float]]:
        """Approximate quantiles: parts of nearly as many rows each, smaller ones at both ends, where values lie far apart."""
        if not columns:
            return {}
        asked = [f"approx_quantile({self.finite(each)}, {shares_of(steps)!r}::FLOAT[])" for each in columns]
        return {
            column: sorted({float(place) for place in found or ()})
            for column, found in zip(columns, self.one_row(asked), strict=True)
        }

    def places(self, column: str, shares: Sequence[float]) -> list[float]:
        """The finite numbers below which these shares of them lie, each of them one that is there."""
        [found] = self.one_row([f"quantile_disc({self.finite(column)}, {list(shares)!r})"])
        return [float(each) for each in found or ()]

    def profiles(self, columns: Sequence[str], kth: int) -> list[tuple[Any, ...]]:
        """Per column the kth lowest and kth highest number, the mean and the spread. One scan for all columns."""
        values = [self.finite(each) for each in columns]
        ends = [[f"list_last({end}({value}, {kth}))" for end in ("min", "max")] for value in values]
        asked = [
            [*two, f"AVG({value})", f"STDDEV_POP({value})"] for two, value in zip(ends, values, strict=True)
        ]
        found = self.one_row([each for those in asked for each in those]) if asked else ()
        return [tuple(found[at : at + 4]) for at in range(0, len(found), 4)]


@contextmanager
def of_window(path: Path, threads: int = 1) -> Iterator[DuckDB]:
    with reading(path, threads) as relation:
        yield DuckDB(relation)
