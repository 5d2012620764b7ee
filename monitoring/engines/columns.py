"""One feature of two data periods side by side, cleaned as Evidently cleans it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.drift_statistics import CATEGORIES_AT_MOST
from monitoring.engines.roles import kind_of
from monitoring.engines.windows import column_types, read_column

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


@dataclass(frozen=True)
class Pair:
    """The values of a feature in both periods, without the missing and the infinite ones.

    kind: numeric (float64), categorical (object: text) or incomparable (a number here, text there).
    missing_…: share of the rows read that had no value. there: which of the reference's rows had one, shape (rows,).
    """

    name: str
    kind: str
    reference: np.ndarray
    current: np.ndarray
    missing_reference: float
    missing_current: float
    there: np.ndarray | None = None

    @property
    def values(self) -> int:
        """Distinct ones of both periods."""
        import numpy as np

        return len(np.unique(np.concatenate([self.reference, self.current])))

    @property
    def is_constant(self) -> bool:
        """Whether both periods hold one value, the same."""
        first = self.reference[0]
        return bool((self.reference == first).all() and (self.current == first).all())


def paired(
    reference: Path,
    current: Path,
    name: str,
    rows: Sequence[np.ndarray | None],
    *,
    categorical: bool,
    role: str = "",
) -> Pair:
    """Read one column from both files; `rows` are the chosen row numbers of each, None for all. role: of the model itself."""
    types = [column_types(path)[name] for path in (reference, current)]
    columns = [
        read_column(path, name, chosen) for path, chosen in zip((reference, current), rows, strict=True)
    ]
    kind = _kind(types, categorical=categorical)
    if role and kind == "numeric" and kind_of(_cut(columns[0]), role) == "categorical":
        kind = "categorical"
    there = [_finite(column) if kind == "numeric" else _present(column) for column in columns]
    values = [
        _numbers(column, kept) if kind == "numeric" else _texts(column)
        for column, kept in zip(columns, there, strict=True)
    ]
    missing = [
        1 - len(value) / len(column) if len(column) else 1.0
        for value, column in zip(values, columns, strict=True)
    ]
    return Pair(name, kind, values[0], values[1], missing[0], missing[1], there[0])


def _kind(types: Sequence[pa.DataType], *, categorical: bool) -> str:
    import pyarrow.types as kinds

    numeric = [kinds.is_integer(each) or kinds.is_floating(each) for each in types]
    if categorical or not any(numeric):
        return "categorical"
    return "numeric" if all(numeric) else "incomparable"


def _cut(column: pa.ChunkedArray) -> str:
    """Numbers as counts cut them."""
    import numpy as np

    values = len(np.unique(_numbers(column, _finite(column))))
    return "few" if values <= CATEGORIES_AT_MOST else "numeric"


def _finite(column: pa.ChunkedArray) -> np.ndarray:
    import numpy as np
    import pyarrow as pa

    finite: np.ndarray = np.isfinite(column.cast(pa.float64()).to_numpy())
    return finite


def _present(column: pa.ChunkedArray) -> np.ndarray:
    present: np.ndarray = column.is_valid().to_numpy()
    return present


def _numbers(column: pa.ChunkedArray, kept: np.ndarray) -> np.ndarray:
    import pyarrow as pa

    finite: np.ndarray = column.cast(pa.float64()).to_numpy()[kept]
    return finite


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    import numpy as np
    import pyarrow as pa

    return np.array(column.drop_null().cast(pa.string()).to_pylist(), dtype=object)
