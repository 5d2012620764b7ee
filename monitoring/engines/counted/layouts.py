"""Two windows as counts over shared cells, without their rows: the statistics of drift over any number of rows.

Cells of psi and jensenshannon are Evidently's own, rebuilt from the range and the size of both windows, so the score is
Evidently's on all rows. Cells of wasserstein are a thousand parts of the reference; how far that can be off is stated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.counted.engine import Engine
from monitoring.engines.counted.profile import Column
from monitoring.engines.drift_statistics import (
    SMALLEST_SPREAD,
    Layout,
    jensen_shannon,
    psi,
    wasserstein,
    wasserstein_between,
)

if TYPE_CHECKING:
    import numpy as np

PARTS = 1000
TAIL = 24


@dataclass(frozen=True)
class Counted:
    """One column of two windows. error: how far the score over the cells can at most be from that over the values."""

    layout: Layout
    error: float = 0.0


def layouts(
    reference: Engine,
    current: Engine,
    pairs: Mapping[str, tuple[Column, Column]],
    methods: Mapping[str, str],
) -> dict[str, Counted]:
    """By column. pairs: profiles of the reference and the current window; methods: by column. Two scans for all numbers."""
    edges = _edges(reference, pairs, methods)
    below = reference.below(edges), current.below(edges)
    found: dict[str, Counted] = {}
    for name, (one, other) in pairs.items():
        if name in edges:
            counts = [
                _between(each[name], column.n) for each, column in zip(below, (one, other), strict=True)
            ]
            found[name] = _of_numbers(counts, edges[name], (one, other), methods[name])
        else:
            found[name] = _of_values(one, other, methods[name])
    return found


def sturges(low: float, high: float, n: int) -> list[float]:
    """The edges that NumPy's rule makes of n numbers between low and high, as Evidently asks for them."""
    import numpy as np

    if low == high:
        return [low - 0.5, high + 0.5]
    width = (high - low) / (math.log2(n) + 1.0)
    return [float(edge) for edge in np.linspace(low, high, math.ceil((high - low) / width) + 1)]


def _edges(
    reference: Engine, pairs: Mapping[str, tuple[Column, Column]], methods: Mapping[str, str]
) -> dict[str, list[float]]:
    """The inner edges of every column that is cut into cells."""
    binned, parted = {}, []
    for name, (one, other) in pairs.items():
        if one.kind != "numeric":
            continue
        if methods[name] == "wasserstein":
            parted.append(name)
        else:
            low, high = min(one.low, other.low), max(one.high, other.high)
            binned[name] = sturges(low, high, one.n + other.n)[1:-1]
    return {**binned, **_parts(reference, {name: pairs[name] for name in parted})}


def _parts(reference: Engine, pairs: Mapping[str, tuple[Column, Column]]) -> dict[str, list[float]]:
    """Parts of the reference; beyond its outermost ones, where few values lie far apart, each part is twice the last."""
    ranges = {name: (one.low, one.high) for name, (one, _other) in pairs.items()}
    found = {}
    for name, inner in reference.quantiles(list(pairs), ranges, PARTS).items():
        low, high = min(each.low for each in pairs[name]), max(each.high for each in pairs[name])
        inner = [each for each in inner if low < each < high] or [(low + high) / 2]
        found[name] = sorted({*tail(inner[0], low), *inner, *tail(inner[-1], high)})
    return found


def tail(begin: float, end: float) -> list[float]:
    """Places from the outermost part to the outermost value, ever farther apart."""
    return [begin + (end - begin) * 2.0**-step for step in range(1, TAIL)] if begin != end else []


def _between(below: Sequence[int], n: int) -> np.ndarray:
    """Counts of the cells that the inner edges make, the outer ones open."""
    import numpy as np

    return np.diff([0, *below, n])


def _of_numbers(
    counts: Sequence[np.ndarray], inner: Sequence[float], pair: tuple[Column, Column], method: str
) -> Counted:
    import numpy as np

    if method != "wasserstein":
        return Counted(Layout(counts[0], counts[1], psi if method == "psi" else jensen_shannon))
    low, high = min(each.low for each in pair), max(each.high for each in pair)
    ends = np.array([low, *inner, high])
    layout = Layout(counts[0], counts[1], wasserstein_between(ends, pair[0].spread))
    shares = sum(each / each.sum() for each in counts)
    return Counted(layout, float(np.diff(ends) @ shares) / max(pair[0].spread, SMALLEST_SPREAD))


def _of_values(one: Column, other: Column, method: str) -> Counted:
    import numpy as np

    keys = sorted(one.values.keys() | other.values.keys())
    counts = [np.array([each.values.get(key, 0) for key in keys]) for each in (one, other)]
    if method == "wasserstein":
        return Counted(Layout(counts[0], counts[1], wasserstein(np.array(keys))))
    return Counted(Layout(counts[0], counts[1], psi if method == "psi" else jensen_shannon))
