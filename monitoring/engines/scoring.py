"""Scores a window with a version's artefact: batch by batch, one thread, columns in the version's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.windows import BATCH_ROWS, require_columns, row_count

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from monitoring.engines.boosters import Model

Progress = Callable[[int, str], None]


def silent(percent: int, phase: str) -> None:
    """The progress callback of somebody who does not watch."""


def score_window(path: Path, model: Model, progress: Progress = silent) -> np.ndarray:
    """One score per row, float64, in the order of the rows. Raises MissingColumns, CannotMeasure."""
    import numpy as np
    import pyarrow.parquet as pq

    require_numeric(path, model.features)
    total, done, found = row_count(path), 0, [np.empty(0)]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(
            batch_size=BATCH_ROWS, columns=list(model.features), use_threads=False
        ):
            found.append(_scored(model, as_matrix(batch, model.features)))
            done += batch.num_rows
            progress(100 * done // max(total, 1), "scoring")
    return np.concatenate(found)


def _scored(model: Model, rows: np.ndarray) -> np.ndarray:
    import numpy as np

    try:
        return model.scores(rows)
    except ValueError as refusal:  # scikit-learn's way to say that it takes no missing value
        if np.isfinite(rows).all():
            raise
        raise CannotMeasure("missing_not_taken") from refusal


def read_features(path: Path, features: Sequence[str], rows: np.ndarray | None = None) -> np.ndarray:
    """The feature columns as float64, whole or at the given row numbers; shape (n, features)."""
    import pyarrow.parquet as pq

    require_numeric(path, features)
    table = pq.read_table(path, columns=list(features), use_threads=False)
    return as_matrix(table if rows is None else table.take(rows), features)


def require_numeric(path: Path, features: Sequence[str]) -> None:
    """Raises MissingColumns for absent features, CannotMeasure for features that are no numbers."""
    import pyarrow.types as kinds

    types = require_columns(path, features)
    text = [
        name
        for name in features
        if not (
            kinds.is_integer(types[name]) or kinds.is_floating(types[name]) or kinds.is_boolean(types[name])
        )
    ]
    if text:
        raise CannotMeasure("not_numeric", columns=text)


def as_matrix(table: pa.Table | pa.RecordBatch, features: Sequence[str]) -> np.ndarray:
    """Columns side by side as float64; what is missing is NaN, as tree models expect it."""
    import numpy as np
    import pyarrow as pa

    columns = [table.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False) for name in features]
    return np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
