"""An order log as SQL: one relation with the same columns whatever the file calls them, over all rows, out of core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.column_quality import MOMENT, kind_of, text_of, value_of
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.windows import question, quoted, reading, require_columns

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MESSAGES = "kind IN ('order', 'change', 'cancel')"
"""What an algorithm sends; a trade is an answer of the venue, the kill switch an act of a person."""
SECOND, DAY = 1_000_000, 86_400_000_000
"""In microseconds, the unit of every time here."""
MOST_ALGORITHMS = 200


class Log:
    """The rows of a log as `log`, by the names of `_projected`: ts in microseconds, signed = quantity with the sign of its side.

    A column that the dataset does not name is there and empty. line: the order of the file, for rows of one moment.
    """

    def __init__(self, relation: duckdb.DuckDBPyRelation, columns: Mapping[str, str]) -> None:
        self._relation = relation
        self._columns = columns

    def has(self, role: str) -> bool:
        return role in self._columns

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query over `log`."""
        answer = self._relation.query("log", question(query))
        return answer.fetchall() if answer else []


@contextmanager
def opened(path: Path, time: str, columns: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[Log]:
    """Raises MissingColumns, and CannotMeasure for a log without moments, rows or algorithms that can be told apart."""
    types = require_columns(path, [time, *columns.values()])
    if kind_of(types[time]) != MOMENT or str(types[time]).startswith("date"):
        raise CannotMeasure("log_without_moments", column=time)
    with reading(path) as rows:
        log = Log(rows.project(", ".join(_projected(time, columns, values, types))), columns)
        [(there, algorithms)] = log.rows("SELECT count(*), count(DISTINCT algorithm) FROM log")
        if not there:
            raise CannotMeasure("no_rows")
        if algorithms > MOST_ALGORITHMS:
            raise CannotMeasure("too_many_algorithms", limit=MOST_ALGORITHMS)
        yield log


def _projected(
    time: str, columns: Mapping[str, str], values: Mapping[str, Any], types: Mapping[str, pa.DataType]
) -> list[str]:
    at = f"epoch_us({quoted(time)})"
    texts = {"algorithm": "algorithm", "order": "number", "instrument": "instrument"}
    numbers = ("quantity", "price", "collar", "gain")
    return [
        f"{at} AS ts",
        f"{at} // {DAY} AS day",
        f"{event_of(columns['event'], types[columns['event']], values)} AS kind",
        *(f"{_text(columns.get(role), types)} AS {name}" for role, name in texts.items()),
        *(f"{_number(columns.get(role), types)} AS {role}" for role in numbers),
        f"{_signed(columns, values, types)} AS signed",
        "row_number() OVER () AS line",
    ]


def event_of(column: str, kind: pa.DataType, values: Mapping[str, Sequence[str]]) -> str:
    """SQL of what a row is: a word of ours, or NULL where the dataset does not say."""
    events = ("order", "change", "cancel", "trade", "kill", "start", "other")
    text = text_of(column, kind)
    cases = [f"WHEN {text} IN ({listed(values[each])}) THEN '{each}'" for each in events if values.get(each)]
    return f"CASE {' '.join(cases)} END"


def listed(values: Sequence[str]) -> str:
    """Values of people as SQL."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _text(column: str | None, types: Mapping[str, pa.DataType]) -> str:
    return text_of(column, types[column]) if column else "CAST(NULL AS VARCHAR)"


def _number(column: str | None, types: Mapping[str, pa.DataType]) -> str:
    return f"CAST({value_of(column, types[column])} AS DOUBLE)" if column else "CAST(NULL AS DOUBLE)"


def _signed(columns: Mapping[str, str], values: Mapping[str, Any], types: Mapping[str, pa.DataType]) -> str:
    """The quantity of a trade, negative where it was a sale; NULL where the log does not tell sides."""
    if "side" not in columns:
        return "CAST(NULL AS DOUBLE)"
    side, quantity = _text(columns["side"], types), _number(columns["quantity"], types)
    return f"CASE WHEN {side} IN ({listed(values['buy'])}) THEN {quantity} WHEN {side} IS NOT NULL THEN -{quantity} END"
