"""Two windows as counts over shared cells, without their rows: the statistics of drift over any number of rows.

Cells of psi and jensenshannon are Evidently's own, rebuilt from the range and the size of both windows, so the score is
Evidently's on all rows. Cells of wasserstein and ks are a thousand parts of the reference; how far that can be off is stated.
Those of psi_deciles lie between the deciles of the reference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.counted import p_values
from monitoring.engines.counted.engine import DuckDB
from monitoring.engines.counted.profile import Column
from monitoring.engines.drift_rule import BY_PARTS, BY_ROWS, P_VALUES, PSI_DECILES
from monitoring.engines.drift_statistics import (
    OVER_CELLS,
    OVER_VALUES,
    SMALLEST_SPREAD,
    TENTHS,
    Layout,
    edges_above,
    inhabited,
    over_deciles,
    psi,
    wasserstein_between,
)
from monitoring.engines.evidently_report import p_value

if TYPE_CHECKING:
    import numpy as np

PARTS = 1000
TAIL = 24
Pair = tuple[Column, Column]
"""A column of the reference and the same of the current window."""


@dataclass(frozen=True)
class Counted:
    """How one column of two windows compares. error: how far the score can at most be from that over the values.

    layout: the cells that are resampled; None of a p-value.
    """

    method: str
    score: float
    error: float = 0.0
    layout: Layout | None = None


def layouts(
    reference: DuckDB, current: DuckDB, pairs: Mapping[str, Pair], methods: Mapping[str, str]
) -> dict[str, Counted]:
    """By column. pairs: profiles of both windows; methods: by column. Two scans for all numbers, and one for the parts."""
    numbers = {name: pair for name, pair in pairs.items() if pair[0].kind == "numeric"}
    ranges = {
        name: (pair[0].low, pair[0].high) for name, pair in numbers.items() if methods[name] in BY_PARTS
    }
    places = reference.quantiles(list(ranges), ranges, PARTS)
    tenths = [name for name in numbers if methods[name] == PSI_DECILES]
    places |= {name: reference.places(name, TENTHS) for name in tenths}
    inner = {name: edges(pair, methods[name], places.get(name, ())) for name, pair in numbers.items()}
    below = reference.below(inner), current.below(inner)
    found = {}
    for name, pair in pairs.items():
        if name in inner:
            counts = [_between(each[name], column.n) for each, column in zip(below, pair, strict=True)]
            found[name] = of_numbers(counts, inner[name], pair, methods[name])
        else:
            found[name] = of_values(*pair, methods[name])
    return found


def edges(pair: Pair, method: str, places: Sequence[float]) -> list[float]:
    """The inner edges of the cells of a column of numbers. places: parts of the reference or its deciles, as the method asks.

    Beyond the outermost parts, where few values lie far apart, each part is twice the last.
    """
    if method == PSI_DECILES:
        return edges_above(places)
    low, high = min(each.low for each in pair), max(each.high for each in pair)
    if method not in (*BY_PARTS, "ed"):
        return sturges(low, high, sum(each.n for each in pair))[1:-1]
    inner = [each for each in places if low < each < high] or [(low + high) / 2]
    return sorted({*tail(inner[0], low), *inner, *tail(inner[-1], high)})


def sturges(low: float, high: float, n: int) -> list[float]:
    """The edges that NumPy's rule makes of n numbers between low and high, as Evidently asks for them."""
    import numpy as np

    if low == high:
        return [low - 0.5, high + 0.5]
    width = (high - low) / (math.log2(n) + 1.0)
    return [float(edge) for edge in np.linspace(low, high, math.ceil((high - low) / width) + 1)]


def tail(begin: float, end: float) -> list[float]:
    """Places from the outermost part to the outermost value, ever farther apart."""
    return [begin + (end - begin) * 2.0**-step for step in range(1, TAIL)] if begin != end else []


def _between(below: Sequence[int], n: int) -> np.ndarray:
    """Counts of the cells that the inner edges make, the outer ones open."""
    import numpy as np

    return np.diff([0, *below, n])


def of_numbers(counts: Sequence[np.ndarray], inner: Sequence[float], pair: Pair, method: str) -> Counted:
    """By counts over the cells that the inner edges make."""
    import numpy as np

    if method not in BY_PARTS:
        return _by_shares(counts, method)
    low, high = min(each.low for each in pair), max(each.high for each in pair)
    ends = np.array([low, *inner, high])
    if method == "ks":
        return Counted(method, *p_values.ks(counts[0], counts[1], ends))
    spread = pair[0].spread
    layout = Layout(counts[0], counts[1], wasserstein_between(ends, spread))
    shares = sum(each / each.sum() for each in counts)
    error = float(np.diff(ends) @ shares) / max(spread, SMALLEST_SPREAD)
    return Counted(method, layout.score(), error, layout)


def of_values(one: Column, other: Column, method: str) -> Counted:
    """By how often each value occurs."""
    import numpy as np

    keys = sorted(one.values.keys() | other.values.keys())
    counts = [np.array([each.values.get(key, 0) for key in keys]) for each in (one, other)]
    if method == "ks":
        one_value_each = np.zeros(len(keys) + 1)
        return Counted(method, *p_values.ks(counts[0], counts[1], one_value_each))
    if method in BY_ROWS and method in P_VALUES:
        one_by_one, other_by_one = (np.repeat(keys, each) for each in counts)
        return of_rows(one_by_one, other_by_one, method)
    if method in OVER_VALUES:
        layout = Layout(counts[0], counts[1], OVER_VALUES[method](np.array(keys)))
        return Counted(method, layout.score(), 0.0, layout)
    if method == PSI_DECILES:
        counts = over_deciles(counts)
    if method == "hellinger" and one.kind != "categorical":
        bins = sturges(keys[0], keys[-1], len(keys))
        counts = [np.histogram(keys, bins, weights=each)[0].astype(int) for each in counts]
    return _by_shares(counts, method)


def of_rows(reference: np.ndarray, current: np.ndarray, method: str) -> Counted:
    """By a test that asks for the values themselves; 1 where nothing varies."""
    values = {float(each[at]) for each in (reference, current) for at in (0, -1)}
    return Counted(method, 1.0 if len(values) == 1 else p_value(reference, current, method))


def _by_shares(counts: Sequence[np.ndarray], method: str) -> Counted:
    if method in P_VALUES:
        return Counted(method, p_values.OVER_CATEGORIES[method](counts[0], counts[1]))
    one, other = inhabited(counts) if method == PSI_DECILES else counts
    layout = Layout(one, other, psi if method == PSI_DECILES else OVER_CELLS[method])
    return Counted(method, layout.score(), 0.0, layout)
