"""What became of the decisions of one data period: outcome, decision and score side by side, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitoring.engines.counts import is_favourable, is_number
from monitoring.engines.direction import AGAINST, speaks_against, told_by
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.windows import quoted, read_columns, reading, require_columns

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyarrow as pa


@dataclass(frozen=True)
class Asked:
    """Where outcome, decision and score stand. threshold: makes decisions of scores where no column holds them.

    high_score: which outcome it speaks for, where the favourable value does not tell (`direction.py`).
    """

    label: str
    favourable: str = "1"
    prediction: str = ""
    score: str = ""
    threshold: float | None = None
    high_score: str = ""

    @property
    def turned(self) -> bool:
        """A high score stands for the outcome that is not favourable: a default, not a repayment. Of decisions alone a word that
        does not tell it stands for the favourable one."""
        return (self.high_score or told_by(self.favourable)) == AGAINST


@dataclass(frozen=True)
class Outcomes:
    """The rows whose outcome is known and that were answered. True = the outcome that a high score stands for.

    truth, decisions: bool, shape (n,); scores: float64, (n,). decisions, scores: None where nobody gave any.
    """

    truth: np.ndarray
    decisions: np.ndarray | None
    scores: np.ndarray | None
    rows: int
    without_label: int
    without_answer: int


def read(source: Path | pa.Table, asked: Asked, model_scores: np.ndarray | None = None) -> Outcomes:
    """Outcomes of a data period, or of a table of its columns.

    model_scores: the model's own, one per row in order, in place of the column. Raises MissingColumns, CannotMeasure.
    """
    import numpy as np

    table, types = _table(source, asked)
    scores = model_scores if model_scores is not None else _scores(table, types, asked)
    if scores is not None:
        speaks_against(asked.favourable, asked.high_score)
    truth = _events(table, types, asked, asked.label)
    decisions = _decisions(table, types, asked, scores, own=model_scores is not None)
    known = ~np.ma.getmaskarray(truth)
    answered = known.copy()
    if decisions is not None:
        answered &= ~np.ma.getmaskarray(decisions)
    if scores is not None:
        answered &= np.isfinite(scores)
    return Outcomes(
        truth=truth.data[answered].astype(bool),
        decisions=None if decisions is None else decisions.data[answered].astype(bool),
        scores=None if scores is None else scores[answered],
        rows=len(known),
        without_label=int((~known).sum()),
        without_answer=int((known & ~answered).sum()),
    )


def _table(source: Path | pa.Table, asked: Asked) -> tuple[pa.Table, dict[str, pa.DataType]]:
    named = list(dict.fromkeys(name for name in (asked.label, asked.prediction, asked.score) if name))
    types = require_columns(source, named)
    return read_columns(source, named), types


def _scores(table: pa.Table, types: dict[str, pa.DataType], asked: Asked) -> np.ndarray | None:
    import pyarrow as pa

    if not asked.score:
        return None
    if not is_number(types[asked.score]):
        raise CannotMeasure("not_numeric", columns=[asked.score])
    column: np.ndarray = table.column(asked.score).cast(pa.float64()).to_numpy()
    return column


def _events(table: pa.Table, types: dict[str, pa.DataType], asked: Asked, column: str) -> Any:
    """A masked array: whether a row holds the outcome that a high score stands for. Raises CannotMeasure."""
    import numpy as np

    favourable = is_favourable(column, types[column], asked.favourable)
    with reading(table) as rows:
        [(values,)] = rows.aggregate(f"count(DISTINCT {quoted(column)})").fetchall()
        found = rows.project(f"{favourable} AS event").fetchnumpy()["event"]
    if values > 2:
        raise CannotMeasure("not_two_outcomes", column=column, values=values)
    events = np.ma.array(found, copy=False)
    if values == 2 and events.compressed().all() == events.compressed().any():
        raise CannotMeasure("favourable_never_seen", favourable=asked.favourable)
    return ~events if asked.turned else events


def _decisions(
    table: pa.Table,
    types: dict[str, pa.DataType],
    asked: Asked,
    scores: np.ndarray | None,
    *,
    own: bool,
) -> Any:
    """The model's own score at its threshold, else the column of decisions, else the column of scores at it."""
    import numpy as np

    if asked.threshold is not None and scores is not None and (own or not asked.prediction):
        return np.ma.array(scores >= asked.threshold, mask=~np.isfinite(scores))
    return _events(table, types, asked, asked.prediction) if asked.prediction else None
