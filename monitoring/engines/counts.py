"""The contingency counts that fairness is measured on: group × label × prediction × how many.

A table of a few dozen rows without personal data, which an auditor can recompute and a participant can make
at home and sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.scoring import as_matrix
from monitoring.engines.windows import quoted, read_columns, reading, require_columns

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

CROSS = " × "
"""Between the names of two attributes, and of their groups."""
MOST_PAIRS = 10
UNFAVOURED = frozenset({"0", "false"})
"""Values of `favourable` that mean: the decision below the threshold is the good one."""


@dataclass(frozen=True)
class Cell:
    """How many rows share a group, a label and a prediction. True = favourable, None = not known yet."""

    group: str | None
    label: bool | None
    prediction: bool
    n: int

    def as_row(self) -> list[Any]:
        """[group, label, prediction, n], for the result."""
        return [self.group, self.label, self.prediction, self.n]


@dataclass(frozen=True)
class Counts:
    """Cells per sensitive attribute; every attribute counts the same rows."""

    cells: Mapping[str, Sequence[Cell]]
    favourable: str
    total: int
    without_prediction: int = 0
    crossed: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    """Cells of each pair of attributes; their groups are named after both."""


def from_window(
    source: Path | pa.Table,
    *,
    sensitive: Sequence[str],
    prediction: str,
    label: str | None,
    favourable: str,
) -> Counts:
    """Count a window whose rows carry the decision in the column `prediction`."""
    types = require_columns(source, [*sensitive, prediction, *([label] if label else [])])
    chosen = is_favourable(prediction, types[prediction], favourable)
    return _count(source, types, sensitive, chosen, _label(label, types, favourable), favourable)


def from_scores(
    source: Path | pa.Table,
    scores: np.ndarray,
    *,
    threshold: float,
    sensitive: Sequence[str],
    label: str | None,
    favourable: str,
) -> Counts:
    """Count a window decided by a model: score ≥ threshold. One score per row, in order; NaN = no decision."""
    import numpy as np
    import pyarrow as pa

    read = list(dict.fromkeys([*sensitive, *([label] if label else [])]))
    types = require_columns(source, read)
    decided = scores < threshold if favourable.lower() in UNFAVOURED else scores >= threshold
    decision = "decision" + "_" * max(map(len, read), default=0)
    table = read_columns(source, read).append_column(decision, pa.array(decided, mask=np.isnan(scores)))
    return _count(table, types, sensitive, decision, _label(label, types, favourable), favourable)


def from_score_column(
    source: Path | pa.Table,
    *,
    score: str,
    threshold: float,
    sensitive: Sequence[str],
    label: str | None,
    favourable: str,
) -> Counts:
    """Count a window that carries scores but no decisions. Raises CannotMeasure when the scores are no numbers."""
    types = require_columns(source, [score])
    if not is_number(types[score]):
        raise CannotMeasure("not_numeric", columns=[score])
    scores = as_matrix(read_columns(source, [score]), [score])[:, 0]
    return from_scores(
        source, scores, threshold=threshold, sensitive=sensitive, label=label, favourable=favourable
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


def _count(
    source: Path | pa.Table,
    types: Mapping[str, pa.DataType],
    sensitive: Sequence[str],
    chosen: str,
    label: str,
    favourable: str,
) -> Counts:
    with reading(source) as rows:
        [(total, decided)] = rows.aggregate(f"count(*), count({chosen})").fetchall()
        named = {column: as_text(column, types[column]) for column in sensitive}
        cells = {column: _cells(rows, named[column], label, chosen) for column in sensitive}
        pairs = list(combinations(sensitive, 2))[:MOST_PAIRS]
        crossed = {
            f"{one}{CROSS}{other}": _cells(
                rows, f"{named[one]} || '{CROSS}' || {named[other]}", label, chosen
            )
            for one, other in pairs
        }
    return Counts(cells, favourable, total, total - decided, crossed)


def _cells(rows: duckdb.DuckDBPyRelation, group: str, label: str, chosen: str) -> list[Cell]:
    named = rows.project(f"{group} AS g, {label} AS y, {chosen} AS p")
    counted = named.filter("p IS NOT NULL").aggregate("g, y, p, count(*) AS n", "g, y, p")
    ordered = counted.order("g NULLS LAST, y NULLS LAST, p")
    return [Cell(*row) for row in ordered.fetchall()]


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
        return quoted(column) if favourable.lower() not in UNFAVOURED else f"NOT {quoted(column)}"
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
