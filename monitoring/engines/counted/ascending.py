"""Windows whose columns of numbers can be held, one at a time: sorted once, every question has its exact answer over all rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.counted.engine import DuckDB, of_window, shares_of
from monitoring.engines.counted.layouts import (
    PARTS,
    Counted,
    Pair,
    edges,
    of_numbers,
    of_rows,
    of_values,
    sturges,
)
from monitoring.engines.drift_rule import P_VALUES, PSI_DECILES
from monitoring.engines.drift_statistics import OVER_VALUES, SMALLEST_SPREAD, TENTHS, Layout
from monitoring.engines.windows import read_columns, row_count

if TYPE_CHECKING:
    import duckdb
    import numpy as np

ROWS_AT_MOST = 5_000_000
"""Of a window whose columns are held: two of them and what comparing them takes are some 500 MB, by Kolmogorov-Smirnov 600, by
Anderson-Darling a GB."""
STEPS_AT_ONCE = 1 << 18


class Held(DuckDB):
    """The same answers for columns of numbers without a scan each. The last column asked about is kept, sorted."""

    def __init__(self, relation: duckdb.DuckDBPyRelation, path: Path) -> None:
        super().__init__(relation)
        self.path = path
        self._last: tuple[str, np.ndarray] | None = None

    def ascending(self, column: str) -> np.ndarray:
        """Its finite numbers, shape (n,)."""
        import pyarrow as pa

        if self._last is None or self._last[0] != column:
            values = read_columns(self.path, [column]).column(0).cast(pa.float64())
            self._last = column, finite(values.to_numpy())
        return self._last[1]

    def sums(self, columns: Sequence[str]) -> tuple[int, list[tuple[Any, ...]]]:
        told: list[tuple[Any, ...]] = []
        for values in map(self.ascending, columns):
            about = (values[0], values[-1], values.mean(), values.std()) if len(values) else (None,) * 4
            told.append((len(values), *about))
        return row_count(self.path), told

    def has_at_most(self, column: str, most: int) -> bool:
        import numpy as np

        values = self.ascending(column)
        return not len(values) or 1 + int(np.count_nonzero(np.diff(values))) <= most

    def categories(self, column: str, *, as_number: bool = False) -> dict[Any, int]:
        import numpy as np

        if not as_number:
            return super().categories(column)
        found, counts = np.unique(self.ascending(column), return_counts=True)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))

    def below(self, edges: Mapping[str, Sequence[float]]) -> dict[str, list[int]]:
        return {
            column: self.ascending(column).searchsorted(those, "left").tolist()
            for column, those in edges.items()
        }

    def quantiles(
        self, columns: Sequence[str], share: Mapping[str, tuple[float, float]], steps: int
    ) -> dict[str, list[float]]:
        return {column: parts(self.ascending(column), steps) for column in columns}

    def places(self, column: str, shares: Sequence[float]) -> list[float]:
        """As DuckDB takes them: of shares as they are written, in whole numbers."""
        values = self.ascending(column)
        n = len(values)
        at = [max(1, n - math.floor(n - Fraction(repr(share)) * n)) - 1 for share in shares]
        return [float(values[each]) for each in at] if n else []


@contextmanager
def of_held_window(path: Path) -> Iterator[Held]:
    with of_window(path) as engine:
        yield Held(engine.relation, path)


def is_held(*paths: Path) -> bool:
    """Whether the columns of all these windows can be held."""
    return max(map(row_count, paths)) <= ROWS_AT_MOST


def finite(values: np.ndarray) -> np.ndarray:
    """Ascending, without the missing values (NaN) and the infinite ones."""
    import numpy as np

    values = np.sort(values)
    first, last = np.searchsorted(values, -np.inf, "right"), np.searchsorted(values, np.inf, "left")
    return values[first:last]


def parts(values: np.ndarray, steps: int) -> list[float]:
    """Places that cut ascending numbers into parts of as many each, smaller ones at both ends."""
    import numpy as np

    if not len(values):
        return []
    at = np.round(np.array(shares_of(steps)) * (len(values) - 1)).astype(int)
    return sorted(set(values[at].tolist()))


def within(values: np.ndarray, inner: Sequence[float] | np.ndarray) -> np.ndarray:
    """How many ascending numbers each of the cells holds that the inner edges make, the outer ones open."""
    import numpy as np

    return np.diff(np.searchsorted(values, inner, "left"), prepend=0, append=len(values))


def exactly(
    reference: Held, current: Held, pairs: Mapping[str, Pair], methods: Mapping[str, str]
) -> dict[str, Counted]:
    """As `layouts`, without an error. A distance has the cells that are resampled; those of wasserstein are parts."""
    return {
        name: of_values(*pair, methods[name])
        if pair[0].kind != "numeric"
        else _of_numbers(reference, current, pair, methods[name])
        for name, pair in pairs.items()
    }


def _of_numbers(reference: Held, current: Held, pair: Pair, method: str) -> Counted:
    name = pair[0].name
    one, other = reference.ascending(name), current.ascending(name)
    if method == "ks":
        from scipy.stats import ks_2samp

        return Counted(method, float(ks_2samp(one, other).pvalue))
    if method in P_VALUES:
        return of_rows(one, other, method)
    places = reference.places(name, TENTHS) if method == PSI_DECILES else parts(one, PARTS)
    inner = edges(pair, method, places)
    if method == "hellinger":
        inner = sturges(min(one[0], other[0]), max(one[-1], other[-1]), _distinct(one, other))[1:-1]
    counts = [within(each, inner) for each in (one, other)]
    if method == "ed":
        return _energy(one, other, counts, inner)
    found = of_numbers(counts, inner, pair, method)
    if method != "wasserstein":
        return found
    return Counted(method, moved(one, other) / max(pair[0].spread, SMALLEST_SPREAD), layout=found.layout)


def _distinct(one: np.ndarray, other: np.ndarray) -> int:
    import numpy as np

    return len(np.union1d(one, other))


def _energy(
    one: np.ndarray, other: np.ndarray, counts: Sequence[np.ndarray], inner: Sequence[float]
) -> Counted:
    """The distance of the values; what is resampled are parts, each where it ends."""
    import numpy as np
    from scipy.stats import energy_distance

    ends = np.array([*inner, max(one[-1], other[-1])])
    layout = Layout(counts[0], counts[1], OVER_VALUES["ed"](ends))
    return Counted("ed", float(energy_distance(one, other)), layout=layout)


def moved(one: np.ndarray, other: np.ndarray) -> float:
    """First Wasserstein distance of two ascending samples: how far their quantiles lie apart, over all shares of rows.

    Both quantile functions are steps; between two neighbouring steps of either, each has one value. The places of the steps
    are whole numbers below 2^53, so that none of them is rounded.
    """
    import numpy as np

    n, m = len(one), len(other)
    steps = np.empty(n + m)
    steps[:n], steps[n:] = np.arange(1, n + 1), np.arange(1, m + 1)
    steps[:n] *= m
    steps[n:] *= n
    steps.sort()
    total, last = 0.0, 0.0
    for begin in range(0, n + m, STEPS_AT_ONCE):
        some = steps[begin : begin + STEPS_AT_ONCE]
        first, second = (((some - 1) / each).astype(np.int64) for each in (m, n))
        total += float(np.diff(some, prepend=last) @ np.abs(one[first] - other[second]))
        last = some[-1]
    return total / (float(n) * m)
