"""The contingency counts that fairness is measured on: group × label × prediction × how many.

A table of a few dozen rows without personal data, which an auditor can recompute and a participant can make
at home and sign.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.direction import is_true, speaks_against
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.scoring import as_matrix
from monitoring.engines.windows import connected, quoted, read_columns, relation_of, require_columns

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

CROSS = " × "
"""Between the names of two attributes, and of their groups."""
MOST_PAIRS = 10
MOST_AT_ONCE = 3
"""Sensitive columns that are counted in one pass over the rows."""


@dataclass(frozen=True)
class Cell:
    """How many rows share a group, a label and a prediction. True = favourable, None = not known yet.

    weight, squares: of rows that have weights, their sum and the sum of their squares; None = each row counts once.
    """

    group: str | None
    label: bool | None
    prediction: bool
    n: int
    weight: float | None = None
    squares: float | None = None

    @property
    def mass(self) -> float:
        """What Fairlearn takes as the sample weight."""
        return self.n if self.weight is None else self.weight

    def as_row(self) -> list[Any]:
        """[group, label, prediction, n], and the two sums of weights where there are any, for the result."""
        weighed = [] if self.weight is None else [self.weight, self.squares]
        return [self.group, self.label, self.prediction, self.n, *weighed]


def effective(cells: Sequence[Cell]) -> int:
    """How many rows that count once say as much: all of them, or with weights Kish's number, rounded down.

    Source: Kish (1965), Survey Sampling: (Σw)² / Σw².
    """
    squares = sum(cell.squares for cell in cells if cell.squares is not None)
    if not squares:
        return sum(cell.n for cell in cells)
    kish = sum(cell.mass for cell in cells) ** 2 / squares
    return math.floor(kish * (1 + 1e-12))  # equal weights give their number of rows, whatever the rounding


@dataclass(frozen=True)
class Counts:
    """Cells per sensitive attribute; every attribute counts the same rows."""

    cells: Mapping[str, Sequence[Cell]]
    favourable: str
    total: int
    without_prediction: int = 0
    crossed: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    """Cells of each pair of attributes; their groups are named after both."""
    weight: str = ""
    """The column of the weights."""


def from_window(
    source: Path | pa.Table,
    *,
    sensitive: Sequence[str],
    prediction: str,
    label: str | None,
    favourable: str,
    weight: str = "",
) -> Counts:
    """Count a window whose rows carry the decision in the column `prediction`. weight: a column of sampling weights."""
    types = require_columns(source, [*sensitive, prediction, *filter(None, [label, weight])])
    chosen = is_favourable(prediction, types[prediction], favourable)
    return _count(source, types, sensitive, chosen, _label(label, types, favourable), favourable, weight)


def from_scores(
    source: Path | pa.Table,
    scores: np.ndarray,
    *,
    threshold: float,
    sensitive: Sequence[str],
    label: str | None,
    favourable: str,
    high_score: str = "",
    weight: str = "",
) -> Counts:
    """Count a window decided by a model: score ≥ threshold. One score per row; NaN = none. high_score: `direction.py`."""
    import numpy as np
    import pyarrow as pa

    read = list(dict.fromkeys([*sensitive, *filter(None, [label, weight])]))
    types = require_columns(source, read)
    decided = scores < threshold if speaks_against(favourable, high_score) else scores >= threshold
    decision = "decision" + "_" * max(map(len, read), default=0)
    table = read_columns(source, read).append_column(decision, pa.array(decided, mask=np.isnan(scores)))
    return _count(table, types, sensitive, decision, _label(label, types, favourable), favourable, weight)


def from_score_column(
    source: Path | pa.Table,
    *,
    score: str,
    threshold: float,
    sensitive: Sequence[str],
    label: str | None,
    favourable: str,
    high_score: str = "",
    weight: str = "",
) -> Counts:
    """Count a window that carries scores but no decisions. Raises CannotMeasure when the scores are no numbers."""
    if not is_number(require_columns(source, [score])[score]):
        raise CannotMeasure("not_numeric", columns=[score])
    scores = as_matrix(read_columns(source, [score]), [score])[:, 0]
    asked: dict[str, Any] = {"sensitive": sensitive, "label": label, "weight": weight}
    return from_scores(
        source, scores, threshold=threshold, favourable=favourable, high_score=high_score, **asked
    )


def from_rows(rows: Mapping[str, Sequence[Sequence[Any]]], *, favourable: str) -> Counts:
    """Counts made elsewhere: per attribute [group, label, prediction, n]. Raises CannotMeasure when malformed."""
    cells = {name: [_cell(name, row) for row in each] for name, each in rows.items()}
    totals = {name: sum(cell.n for cell in each) for name, each in cells.items()}
    if len(set(totals.values())) > 1:
        raise CannotMeasure("counts_disagree", totals=totals)
    return Counts(cells, favourable, next(iter(totals.values()), 0))


def _cell(attribute: str, row: Sequence[Any]) -> Cell:
    if len(row) == 4:
        group, label, prediction, n = row
        whole = isinstance(n, int) and not isinstance(n, bool) and n >= 0
        if whole and label in (None, True, False) and prediction in (True, False):
            return Cell(None if group is None else str(group), label, bool(prediction), n)
    raise CannotMeasure("malformed_counts", attribute=attribute)


def pairs_of(sensitive: Sequence[str]) -> list[tuple[str, str]]:
    """Which of the sensitive columns are counted two at once."""
    return list(combinations(sensitive, 2))[:MOST_PAIRS]


def _count(
    source: Path | pa.Table,
    types: Mapping[str, pa.DataType],
    sensitive: Sequence[str],
    chosen: str,
    label: str,
    favourable: str,
    weight: str,
) -> Counts:
    pairs = pairs_of(sensitive)
    with connected(source) as connection:
        rows = relation_of(connection, source)
        _refuse_weights(rows, types, weight)
        tables = {
            named: _grouped(rows, named, label, chosen, weight) for named in _together(sensitive, pairs)
        }
        few = [_Table(table, named, types) for named, table in tables.items()]
        cells = {column: _cells(connection, few, column) for column in sensitive}
        crossed = {CROSS.join(pair): _cells(connection, few, *pair) for pair in pairs}
    total, decided = few[0].rows()
    return Counts(cells, favourable, total, total - decided, crossed, weight)


def _together(sensitive: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Which columns are counted in one pass: all of them, unless so many would have too many groups together."""
    if len(sensitive) <= MOST_AT_ONCE:
        return [tuple(sensitive)]
    in_pairs = {name for pair in pairs for name in pair}
    return [*pairs, *((name,) for name in sensitive if name not in in_pairs)]


def _grouped(
    rows: duckdb.DuckDBPyRelation, named: Sequence[str], label: str, chosen: str, weight: str
) -> pa.Table:
    """The only pass over the rows, by the values as they are: a few groups are named faster than all rows.

    Rows of weight 0 stand for nobody. The sums are compensated, so their order does not show.
    """
    keys = [f"g{at}" for at in range(len(named))]
    columns = [f"{quoted(name)} AS {key}" for name, key in zip(named, keys, strict=True)]
    weighed = [f"CAST({quoted(weight)} AS DOUBLE) AS w"] if weight else []
    projected = rows.project(", ".join([*columns, f"{label} AS y", f"{chosen} AS p", *weighed]))
    sums = (
        ["count(*) FILTER (w > 0) AS n", "fsum(w) AS w", "fsum(w * w) AS q"] if weight else ["count(*) AS n"]
    )
    by = ", ".join([*keys, "y", "p"])
    return projected.aggregate(", ".join([by, "count(*) AS total", *sums]), by).to_arrow_table()


@dataclass(frozen=True)
class _Table:
    """Rows counted by the values of some columns, their label and their prediction."""

    table: pa.Table
    named: tuple[str, ...]
    types: Mapping[str, pa.DataType]

    def rows(self) -> tuple[int, int]:
        """All of them, and those with a decision."""
        import pyarrow.compute as compute

        there = self.table.filter(compute.is_valid(self.table["p"]))
        return sum(self.table["total"].to_pylist()), sum(there["total"].to_pylist())

    def group(self, columns: Sequence[str]) -> str:
        """SQL of the name of a group of these columns."""
        texts = [as_text(f"g{self.named.index(name)}", self.types[name]) for name in columns]
        return f" || '{CROSS}' || ".join(texts)

    @property
    def sums(self) -> str:
        return "CAST(sum(n) AS BIGINT)" + (", fsum(w), fsum(q)" if "q" in self.table.column_names else "")


def _cells(connection: duckdb.DuckDBPyConnection, tables: Sequence[_Table], *columns: str) -> list[Cell]:
    """From the first table that holds these columns."""
    held = next(each for each in tables if set(columns) <= set(each.named))
    there = relation_of(connection, held.table).filter("p IS NOT NULL AND n > 0")
    named = there.project(f"*, {held.group(columns)} AS g")
    counted = named.aggregate(f"g, y, p, {held.sums}", "g, y, p")
    return [Cell(*row) for row in counted.order("g NULLS LAST, y NULLS LAST, p").fetchall()]


def _refuse_weights(rows: duckdb.DuckDBPyRelation, types: Mapping[str, pa.DataType], weight: str) -> None:
    """A row whose weight is not known can neither be counted nor left out."""
    if not weight:
        return
    if not is_number(types[weight]):
        raise CannotMeasure("not_numeric", columns=[weight])
    name = quoted(weight)
    usable = f"{name} >= 0 AND isfinite(CAST({name} AS DOUBLE))"
    [(wrong, largest)] = rows.aggregate(
        f"count(*) FILTER (WHERE ({usable}) IS NOT TRUE), max({name})"
    ).fetchall()
    if wrong or not largest:
        raise CannotMeasure("weights_unusable", column=weight, n=wrong)


def as_text(column: str, kind: pa.DataType) -> str:
    """SQL of a value's name, of a group or of a case: empty text is nobody's group, and a 1 stored as 1.0 is the group 1."""
    import pyarrow.types as kinds

    name = quoted(column)
    text = f"nullif(CAST({name} AS VARCHAR), '')"
    if not kinds.is_floating(kind):
        return text
    whole = f"{name} = floor({name}) AND abs({name}) < 1e15"
    return f"CASE WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE {text} END"


def _label(label: str | None, types: Mapping[str, pa.DataType], favourable: str) -> str:
    return "CAST(NULL AS BOOLEAN)" if label is None else is_favourable(label, types[label], favourable)


def is_favourable(column: str, kind: pa.DataType, favourable: str) -> str:
    """SQL that is true where the column holds the favourable value, NULL where it holds nothing."""
    import pyarrow.types as kinds

    if kinds.is_boolean(kind):
        if (truth := is_true(favourable)) is None:
            raise CannotMeasure("favourable_never_seen", favourable=favourable)
        return quoted(column) if truth else f"NOT {quoted(column)}"
    if is_number(kind):
        try:
            return f"{quoted(column)} = {float(favourable)!r}"
        except ValueError:
            raise CannotMeasure("favourable_never_seen", favourable=favourable) from None
    literal = favourable.replace("'", "''")
    return f"{quoted(column)} = '{literal}'"


def is_number(kind: pa.DataType) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_integer(kind) or kinds.is_floating(kind))
