"""Evidently's own drift statistics, rewritten over counts, so that they can be resampled hundreds of times.

A test holds them equal to Evidently's on whole data. Edges and categories come from both data periods
together and stay fixed while resampling.
Source: evidently 0.7.23, legacy/calculations/stattests (psi, jensenshannon, kl_div, hellinger_distance, energy_distance,
wasserstein_distance_norm).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

CATEGORIES_AT_MOST = 20
"""Evidently treats a number with up to so many distinct reference values as a category."""
SMALLEST_SHARE = 1e-4
SMALLEST_SPREAD = 1e-3
FEW_CELLS = 100
"""Below this a multinomial draw over the cells is faster than drawing row by row."""
ROWS_OF_A_CELL = 100
"""The same where a cell holds so many rows on average; each of its draws then costs as much as so many plain ones."""
RESAMPLED_CELLS = 4_000_000
"""Bound on counts held at once while resampling."""

TENTHS = tuple(tenth / 10 for tenth in range(1, 10))

Statistic = Callable[["np.ndarray", "np.ndarray"], "np.ndarray"]


@dataclass(frozen=True)
class Layout:
    """Two samples as counts over shared cells, and the statistic that compares such counts.

    reference, current: counts, shape (cells,). statistic: two arrays (replicates, cells) → (replicates,).
    """

    reference: np.ndarray
    current: np.ndarray
    statistic: Statistic

    @property
    def draws(self) -> int:
        """Random numbers that one replicate costs."""
        cells, rows = len(self.reference), int(self.reference.sum() + self.current.sum())
        return 2 * cells if cells < FEW_CELLS else min(rows, 2 * ROWS_OF_A_CELL * cells)

    def score(self) -> float:
        """The statistic of the two samples as they are."""
        return float(self.statistic(self.reference[None, :], self.current[None, :])[0])

    def resampled(self, replicates: int, rng: np.random.Generator) -> np.ndarray:
        """The statistic of bootstrap replicates of both samples, shape (replicates,)."""
        return self._drawn(self.reference, self.current, replicates, rng)

    def by_chance(self, replicates: int, rng: np.random.Generator) -> np.ndarray:
        """The statistic when both samples are drawn from one pool: what no drift at all looks like."""
        pool = self.reference + self.current
        return self._drawn(pool, pool, replicates, rng)

    def _drawn(
        self, first: np.ndarray, second: np.ndarray, replicates: int, rng: np.random.Generator
    ) -> np.ndarray:
        import numpy as np

        at_once = max(1, RESAMPLED_CELLS // len(first))
        sizes = int(self.reference.sum()), int(self.current.sum())
        found = []
        for start in range(0, replicates, at_once):
            rows = min(at_once, replicates - start)
            found.append(
                self.statistic(_draw(first, sizes[0], rows, rng), _draw(second, sizes[1], rows, rng))
            )
        return np.concatenate(found)


def layout(reference: np.ndarray, current: np.ndarray, method: str, *, categorical: bool) -> Layout:
    """Cells and statistic of a distance (`drift_rule.DISTANCES`). Values: finite, none missing."""
    import numpy as np

    if method in OVER_VALUES:
        grid, places = np.unique(np.concatenate([reference, current]), return_inverse=True)
        counts = _counted(places, len(reference), len(grid))
        return Layout(*counts, OVER_VALUES[method](grid))
    if method == "psi_deciles":
        inner = deciles(reference)
        below = [np.searchsorted(np.sort(each), inner, "left") for each in (reference, current)]
        whole = [
            np.diff(each, prepend=0, append=n)
            for each, n in zip(below, map(len, (reference, current)), strict=True)
        ]
        one, other = inhabited(whole)
        return Layout(one, other, psi)
    if method == "hellinger" and not categorical:
        edges = np.histogram_bin_edges(np.unique(np.concatenate([reference, current])), bins="sturges")
        counts = np.histogram(reference, edges)[0], np.histogram(current, edges)[0]
    elif not categorical and len(np.unique(reference)) > CATEGORIES_AT_MOST:
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        counts = np.histogram(reference, edges)[0], np.histogram(current, edges)[0]
    else:
        keys, places = np.unique(np.concatenate([reference, current]), return_inverse=True)
        counts = _counted(places, len(reference), len(keys))
    return Layout(*counts, OVER_CELLS[method])


def deciles(reference: np.ndarray) -> list[float]:
    """Edges of the cells of psi_deciles. reference: shape (n,), n > 0, in any order."""
    import numpy as np

    n = len(reference)
    return edges_above(np.sort(reference)[[-(-tenth * n // 10) - 1 for tenth in range(1, 10)]].tolist())


def edges_above(places: Sequence[float]) -> list[float]:
    """Just above each decile, so that a value that is one belongs to the lower cell, as in the tables of banks.

    places: the smallest values that a tenth, two tenths … of the rows do not exceed; fewer edges where they are the same.
    """
    return sorted({math.nextafter(place, math.inf) for place in places})


def over_deciles(counts: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Counts of ascending values over the cells that the deciles of the first make."""
    import numpy as np

    upto, n = np.cumsum(counts[0]), int(counts[0].sum())
    ends = [int(np.searchsorted(10 * upto, tenth * n, "left")) + 1 for tenth in range(1, 10)]
    starts = [0, *sorted({end for end in ends if end < len(upto)})]
    return [np.add.reduceat(each, starts) for each in counts]


def inhabited(counts: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Without the cells in which neither window has a row: they say nothing."""
    there = sum(counts) > 0
    return [each[there] for each in counts]


def _counted(places: np.ndarray, split: int, cells: int) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    return np.bincount(places[:split], minlength=cells), np.bincount(places[split:], minlength=cells)


def _draw(counts: np.ndarray, n: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    """`rows` samples of n draws over the cells."""
    import numpy as np

    if len(counts) < FEW_CELLS or n > ROWS_OF_A_CELL * len(counts):
        drawn: np.ndarray = rng.multinomial(n, counts / counts.sum(), size=rows)
        return drawn
    owners = np.repeat(np.arange(len(counts)), counts)
    flat = owners[rng.integers(0, len(owners), size=(rows, n))]
    flat += np.arange(rows)[:, None] * len(counts)
    resampled: np.ndarray = np.bincount(flat.ravel(), minlength=rows * len(counts)).reshape(rows, len(counts))
    return resampled


def _shares(counts: np.ndarray) -> np.ndarray:
    shares: np.ndarray = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _filled(shares: np.ndarray) -> np.ndarray:
    """Empty cells get a small share, as Evidently fills them: 1e-4, or a millionth of the smallest below that."""
    import numpy as np

    smallest = np.where(shares > 0, shares, np.inf).min(axis=1, keepdims=True)
    filler = np.where(smallest <= SMALLEST_SHARE, smallest / 1e6, SMALLEST_SHARE)
    return np.where(shares == 0, filler, shares)


def psi(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    import numpy as np

    one, other = _filled(_shares(reference)), _filled(_shares(current))
    index: np.ndarray = np.sum((one - other) * np.log(one / other), axis=1)
    return index


def jensen_shannon(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    import numpy as np
    from scipy.special import rel_entr

    one, other = _shares(reference), _shares(current)
    middle = (one + other) / 2
    divergence = (rel_entr(one, middle).sum(axis=1) + rel_entr(other, middle).sum(axis=1)) / 2
    distance: np.ndarray = np.sqrt(np.maximum(divergence, 0.0))
    return distance


def kullback_leibler(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    """Of the reference from the current data period. After filling the shares sum to one again, as SciPy's entropy has it."""
    from scipy.stats import entropy

    divergence: np.ndarray = entropy(_filled(_shares(reference)), _filled(_shares(current)), axis=1)
    return divergence


def hellinger(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    import numpy as np

    overlap = np.sum(np.sqrt(_shares(reference) * _shares(current)), axis=1)
    distance: np.ndarray = np.sqrt(1 - np.clip(overlap, 0, 1))
    return distance


def wasserstein(grid: np.ndarray) -> Statistic:
    """First Wasserstein distance over the spread of the reference. grid: sorted distinct values."""
    import numpy as np

    def distance(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
        one, other = _shares(reference), _shares(current)
        apart = np.abs(np.cumsum(one, axis=1) - np.cumsum(other, axis=1))[:, :-1]
        mean = one @ grid
        spread = np.sqrt(np.sum(one * (grid[None, :] - mean[:, None]) ** 2, axis=1))
        moved: np.ndarray = (apart @ np.diff(grid)) / np.maximum(spread, SMALLEST_SPREAD)
        return moved

    return distance


def energy(grid: np.ndarray) -> Statistic:
    """Energy distance, in roots of the unit of the values. grid: sorted distinct values."""
    import numpy as np

    def distance(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
        one, other = _shares(reference), _shares(current)
        apart = (np.cumsum(one, axis=1) - np.cumsum(other, axis=1))[:, :-1]
        root: np.ndarray = np.sqrt(2 * (apart**2 @ np.diff(grid)))
        return root

    return distance


def wasserstein_between(ends: np.ndarray, spread: float) -> Statistic:
    """The same over cells of many values each: both distributions are taken to rise evenly within a cell.

    ends: shape (cells + 1,), ascending; spread: of the reference.
    """
    import numpy as np

    widths = np.diff(ends)

    def distance(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
        apart = np.cumsum(_shares(reference), axis=1) - np.cumsum(_shares(current), axis=1)
        left, right = np.pad(apart, ((0, 0), (1, 0)))[:, :-1], apart
        both = np.abs(left) + np.abs(right)
        crossing = (left * right < 0) & (both > 0)
        height = np.where(crossing, (left**2 + right**2) / np.where(both > 0, both, 1.0), both) / 2
        moved: np.ndarray = (height @ widths) / max(spread, SMALLEST_SPREAD)
        return moved

    return distance


OVER_CELLS: dict[str, Statistic] = {
    "psi": psi,
    "jensenshannon": jensen_shannon,
    "kl_div": kullback_leibler,
    "hellinger": hellinger,
}
"""Distances that ask nothing but how many rows lie in each cell."""
OVER_VALUES: dict[str, Callable[[np.ndarray], Statistic]] = {"wasserstein": wasserstein, "ed": energy}
"""Distances that ask how far the values lie apart."""
