"""How strongly two columns go together, whatever they hold: 0 none … 1 one tells the other.

Two categories by Cramér's V, a number and a category by the correlation ratio of ranks, two numbers by Spearman's coefficient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.attributed import REPLICATES
from monitoring.engines.fairness import MINIMUM_GROUP
from monitoring.engines.intervals import Estimate

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

Measure = Callable[["np.ndarray", "np.ndarray"], float]

VALUES = 20
"""Numbers of no more different values are categories, as codes are."""
V, ETA, RHO = "cramers_v", "correlation_ratio", "spearman"
METHOD = {
    "association": "of two categories Cramér's V corrected for bias (Bergsma 2013), of a number and a category the correlation "
    "ratio of ranks corrected for bias, of two numbers the size of Spearman's coefficient; numbers of at most 20 different "
    "values are categories; categories of fewer than 30 rows are one, and left out where they are fewer together; nothing "
    "is told of fewer than 60 rows where both are known; basic bootstrap over rows"
}


@dataclass(frozen=True)
class Column:
    """values: numbers of groups from 0, or ranks; NaN where nothing is known. is_number: ranks."""

    values: np.ndarray
    is_number: bool

    @property
    def is_told(self) -> bool:
        """Whether there are two groups, or as many rows, that something could be told of."""
        import numpy as np

        known = self.values[~np.isnan(self.values)]
        return len(known) >= 2 * MINIMUM_GROUP and bool(np.ptp(known))


def column(values: pa.ChunkedArray, *, numeric: bool) -> Column:
    """numeric: its type is one of numbers. What is empty or no finite number is missing."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from scipy.stats import rankdata

    if numeric:
        numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
        known = np.isfinite(numbers)
        if len(np.unique(numbers[known])) > VALUES:
            ranks = np.full(len(numbers), np.nan)
            ranks[known] = rankdata(numbers[known])
            return Column(ranks, is_number=True)
        words = pd.Series(np.where(known, numbers, np.nan), dtype=object).where(known, None)
    else:
        words = pd.Series(
            [None if each in (None, "") else str(each) for each in values.to_pylist()], dtype=object
        )
    rows = words.value_counts()
    large = rows[rows >= MINIMUM_GROUP]
    place = large.index.get_indexer(words).astype(float)
    rest = words.notna().to_numpy() & (place < 0)
    place[place < 0] = np.nan
    if rest.sum() >= MINIMUM_GROUP:
        place[rest] = len(large)
    return Column(place, is_number=False)


@dataclass(frozen=True)
class Pair:
    """Two columns over the rows where both are known and in a group that is large there, and the measure for what they hold."""

    measure: str
    first: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, one: Column, other: Column) -> Pair:
        import numpy as np

        known = ~np.isnan(one.values) & ~np.isnan(other.values)
        for each in (one, other):
            if not each.is_number:
                known &= _in_large_groups(each.values, known)
        first, second = one.values[known], other.values[known]
        if one.is_number and other.is_number:
            return cls(RHO, first, second)
        if one.is_number or other.is_number:
            return cls(ETA, first, second) if one.is_number else cls(ETA, second, first)
        return cls(V, first, second)

    @property
    def is_told(self) -> bool:
        """Whether there are as many rows as two groups need."""
        return len(self.first) >= 2 * MINIMUM_GROUP

    def strength(self) -> float:
        return MEASURES[self.measure](self.first, self.second)

    def estimate(self, seed: int) -> Estimate:
        """With the interval of the basic bootstrap, whose bias is that of the measure itself and so falls out."""
        import numpy as np

        n, value, of = len(self.first), self.strength(), MEASURES[self.measure]
        drawn = np.random.default_rng(seed).integers(0, n, (REPLICATES, n))
        low, high = 2 * value - np.quantile(
            [of(self.first[at], self.second[at]) for at in drawn], [0.975, 0.025]
        )
        return Estimate(value, max(0.0, min(value, float(low))), min(1.0, max(value, float(high))), n)


def _in_large_groups(groups: np.ndarray, known: np.ndarray) -> np.ndarray:
    """A group can be small among the rows where the other column is known too."""
    import numpy as np

    found, rows = np.unique(groups[known], return_counts=True)
    return np.isin(groups, found[rows >= MINIMUM_GROUP])


def cramers_v(one: np.ndarray, other: np.ndarray) -> float:
    """Of two columns of groups. Source: Bergsma (2013), Journal of the Korean Statistical Society 42:323-328."""
    import numpy as np

    n = len(one)
    (first, at), (second, of) = (np.unique(each, return_inverse=True) for each in (one, other))
    if min(len(first), len(second)) < 2:
        return 0.0
    rows, columns = len(first), len(second)
    table = np.bincount(at * columns + of, minlength=rows * columns).reshape(rows, columns)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    chance = (rows - 1) * (columns - 1) / (n - 1)
    least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    explained = max(0.0, float(((table - expected) ** 2 / expected).sum()) / n - chance)
    return min(1.0, (explained / least) ** 0.5) if least > 0 else 0.0


def correlation_ratio(ranks: np.ndarray, groups: np.ndarray) -> float:
    """Root of the share of the ranks' variance that lies between groups, less what chance gives.

    Source: Kelley (1935), Proceedings of the National Academy of Sciences 21:554-559.
    """
    import numpy as np

    n, (found, at) = len(ranks), np.unique(groups, return_inverse=True)
    off = ranks - ranks.mean() if n else ranks
    whole = float((off**2).sum())
    if len(found) < 2 or len(found) >= n or not whole:
        return 0.0
    between = float((np.bincount(at, off) ** 2 / np.bincount(at)).sum())
    return float(max(0.0, 1 - (1 - between / whole) * (n - 1) / (n - len(found))) ** 0.5)


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Size of the correlation of two columns of ranks."""
    import numpy as np

    if len(one) < 2 or not np.ptp(one) or not np.ptp(other):
        return 0.0
    return min(1.0, abs(float(np.corrcoef(one, other)[0, 1])))


MEASURES: dict[str, Measure] = {
    V: cramers_v,
    ETA: correlation_ratio,
    RHO: spearman,
}
