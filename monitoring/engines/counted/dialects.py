"""What other holders of the rows call things: a firm's own engine is asked in its own words and answers with counts.

Only engines on which a test has proven the same counts stand here.
"""

from __future__ import annotations

from monitoring.engines.counted.engine import DuckDB, Engine


class PostgreSQL(Engine):
    """PostgreSQL 14 and newer."""

    text = "TEXT"
    truths = ("boolean",)
    words = ("text", "character varying", "character", "name")

    def kind(self, column: str) -> str:
        return f"CAST(pg_typeof({self.name(column)}) AS TEXT)"

    def category(self, column: str) -> str:
        """PostgreSQL writes NaN and Infinity where DuckDB writes nan and inf."""
        said = f"CAST({self.name(column)} AS TEXT)"
        told = f"replace(lower({said}), 'infinity', 'inf')"
        floating = f"{self.kind(column)} IN ('double precision', 'real')"
        whole = f"CASE WHEN {floating} THEN {told} ELSE {said} END"
        return self.as_category(whole)


class SparkSQL(Engine):
    """Spark SQL 4, with its own settings: names in backquotes, backslashes that escape."""

    double, text = "DOUBLE", "STRING"
    truths = ("boolean",)
    words = ("string",)

    def name(self, column: str) -> str:
        return "`" + column.replace("`", "``") + "`"

    def literal(self, words: str) -> str:
        return super().literal(words.replace("\\", "\\\\"))

    def category(self, column: str) -> str:
        """Spark writes 12345678.0 as 1.2345678E7: whole numbers of a floating column are written out."""
        said = f"CAST({self.name(column)} AS STRING)"
        value, written = f"try_cast({said} AS DOUBLE)", f"CAST(try_cast({said} AS DECIMAL(16, 0)) AS STRING)"
        floating = f"{self.kind(column)} IN ('double', 'float')"
        whole = f"{floating} AND abs({value}) < 1e15 AND {value} = floor({value})"
        told = f"WHEN {floating} THEN replace(lower({said}), 'infinity', 'inf') ELSE {said}"
        return self.as_category(f"CASE WHEN {whole} THEN {written} {told} END", "$1")


DIALECTS: dict[str, type[Engine]] = {"duckdb": DuckDB, "postgresql": PostgreSQL, "spark": SparkSQL}
"""By the name that `senim count --print-sql` takes."""


def dialect(name: str) -> Engine:
    """The words of an engine that is asked elsewhere: it answers nothing here. Raises KeyError."""
    return DIALECTS[name].__new__(DIALECTS[name])
