"""One feature of two data periods side by side, cleaned as Evidently cleans it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.windows import column_types, read_column

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


@dataclass(frozen=True)
class Pair:
    """The values of a feature in both periods, without the missing and the infinite ones.

    kind: numeric (float64), categorical (object: text) or incomparable (a number here, text there).
    missing_…: share of the rows read that had no value.
    """

    name: str
    kind: str
    reference: np.ndarray
    current: np.ndarray
    missing_reference: float
    missing_current: float


def paired(
    reference: Path,
    current: Path,
    name: str,
    rows: Sequence[np.ndarray | None],
    *,
    categorical: bool,
) -> Pair:
    """Read one feature from both files; `rows` are the chosen row numbers of each, None for all."""
    types = [column_types(path)[name] for path in (reference, current)]
    columns = [
        read_column(path, name, chosen) for path, chosen in zip((reference, current), rows, strict=True)
    ]
    kind = _kind(types, categorical=categorical)
    values = [_numbers(column) if kind == "numeric" else _texts(column) for column in columns]
    missing = [
        1 - len(value) / len(column) if len(column) else 1.0
        for value, column in zip(values, columns, strict=True)
    ]
    return Pair(name, kind, values[0], values[1], missing[0], missing[1])


def _kind(types: Sequence[pa.DataType], *, categorical: bool) -> str:
    import pyarrow.types as kinds

    numeric = [kinds.is_integer(each) or kinds.is_floating(each) for each in types]
    if categorical or not any(numeric):
        return "categorical"
    return "numeric" if all(numeric) else "incomparable"


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    import numpy as np
    import pyarrow as pa

    values = column.cast(pa.float64()).to_numpy()
    finite: np.ndarray = values[np.isfinite(values)]
    return finite


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    import numpy as np
    import pyarrow as pa

    return np.array(column.drop_null().cast(pa.string()).to_pylist(), dtype=object)
