"""Which features stand in for a sensitive attribute: no such attribute themselves, they tell its groups apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.attributed import REPLICATES, SAMPLE, Attributed
from monitoring.engines.counts import is_number
from monitoring.engines.intervals import Estimate
from monitoring.engines.windows import chosen_rows, column_types, read_column, row_count

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

STRONG = 0.5
"""Cramér's V. Source: Cohen (1988), Statistical Power Analysis, chapter 7: a large effect."""
VALUES, TENTHS, CATEGORIES = 20, 10, 50
"""Numbers of more different values are cut into ten groups of equal size; of categories the most frequent stand alone."""
METHOD = {
    "proxy": "Cramér's V of the groups of a feature and of a sensitive attribute, corrected for bias (Bergsma 2013), in a seeded "
    "sample of at most 2,000 rows; numbers of more than 20 different values in ten groups of equal size, of categories the 49 "
    "most frequent and the rest, missing values of a feature as a group; rows without the attribute are left out; bootstrap "
    "over rows"
}


@dataclass(frozen=True)
class Proxy:
    """One feature, the attribute that it tells most of, how strongly (Cramér's V), and its share of all attribution."""

    feature: str
    attribute: str
    association: Estimate
    share: float


@dataclass(frozen=True)
class Proxies:
    """found: from an association of `least` on, strongest first; share: of all attribution on them together."""

    attributes: list[str]
    features: int
    least: float
    found: list[Proxy]
    share: Estimate


def proxies(
    window: Path,
    features: Sequence[str],
    sensitive: Sequence[str],
    now: Attributed,
    *,
    least: float,
    seed: int,
) -> Proxies | None:
    """Of the features that are no sensitive attributes. None where the data period has no such attribute, or nothing else.

    now: what the answers rest on, in the order of `features`.
    """
    import numpy as np

    types = column_types(window)
    attributes, others = [each for each in sensitive if each in types], set(features) - set(sensitive)
    if not attributes or not others:
        return None
    chosen = chosen_rows(row_count(window), SAMPLE, seed)
    groups = {
        name: _groups(read_column(window, name, chosen), numeric=is_number(types[name]))
        for name in {*attributes, *others}
    }
    shares = now.means / (now.means.sum() or 1.0)
    found, stands_in = [], np.zeros(len(features), dtype=bool)
    for at, name in enumerate(features):
        if name not in others:
            continue
        tables = {each: _crossed(groups[name], groups[each]) for each in attributes}
        strength = {each: float(cramers_v(table)) for each, table in tables.items()}
        attribute = max(attributes, key=strength.__getitem__)
        if strength[attribute] >= least and tables[attribute].any():
            stands_in[at] = True
            found.append(Proxy(name, attribute, _estimate(tables[attribute], seed), float(shares[at])))
    found.sort(key=lambda each: (-(each.association.value or 0), each.feature))
    return Proxies(attributes, len(others), least, found, now.share_of(stands_in))


def cramers_v(tables: np.ndarray) -> np.ndarray:
    """Association of rows and columns, 0 none … 1 one tells the other; of contingency tables, shape (…, rows, columns).

    Source: Bergsma (2013), Journal of the Korean Statistical Society 42:323-328. 0 where there is one group, or one row of data.
    """
    import numpy as np

    down, across = tables.sum(axis=-2, keepdims=True), tables.sum(axis=-1, keepdims=True)
    n = down.sum(axis=-1)[..., 0]
    expected = down * across / np.maximum(n, 1)[..., None, None]
    there = expected > 0
    off = np.divide((tables - expected) ** 2, expected, out=np.zeros(expected.shape), where=there)
    rows, columns = (across > 0).sum(axis=(-2, -1)), (down > 0).sum(axis=(-2, -1))
    beyond = np.maximum(n - 1, 1)
    chance = (rows - 1) * (columns - 1) / beyond
    least = np.minimum(rows - (rows - 1) ** 2 / beyond, columns - (columns - 1) ** 2 / beyond) - 1
    explained = np.maximum(0.0, off.sum(axis=(-2, -1)) / np.maximum(n, 1) - chance)
    squared = np.divide(explained, least, out=np.zeros(np.shape(least)), where=least > 0)
    return np.asarray(np.sqrt(np.minimum(1.0, squared)))


def _estimate(table: np.ndarray, seed: int) -> Estimate:
    import numpy as np

    n, value = int(table.sum()), float(cramers_v(table))
    drawn = np.random.default_rng(seed).multinomial(n, table.ravel() / n, size=REPLICATES)
    low, high = np.quantile(cramers_v(drawn.reshape(-1, *table.shape)), [0.025, 0.975])
    return Estimate(value, min(value, float(low)), max(value, float(high)), n)


def _groups(column: pa.ChunkedArray, *, numeric: bool) -> np.ndarray:
    """The number of the group of each row, from 1; 0 where the value is missing."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if not numeric:
        values = pd.Series([None if each is None else str(each) for each in column.to_pylist()], dtype=object)
        often = values.value_counts().index
        kept = often if len(often) <= CATEGORIES else often[: CATEGORIES - 1]
        place = kept.get_indexer(values) + 1
        return np.where(values.notna() & (place == 0), len(kept) + 1, place)
    numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    known = numbers[~np.isnan(numbers)]
    different = np.unique(known)
    if len(different) > VALUES:
        different = np.unique(np.quantile(known, np.arange(TENTHS) / TENTHS))
    return np.where(np.isnan(numbers), 0, np.searchsorted(different, numbers, side="right"))


def _crossed(feature: np.ndarray, attribute: np.ndarray) -> np.ndarray:
    """Rows by group of both. What is missing in both alike would look as if one told of the other."""
    import numpy as np

    known, wide = attribute > 0, int(attribute.max()) + 1
    cells = np.bincount(feature[known] * wide + attribute[known], minlength=(int(feature.max()) + 1) * wide)
    return cells.reshape(-1, wide).astype(float)
