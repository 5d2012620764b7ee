"""A small sample of contributions row by row, for a picture. It tells of no person, whatever the data are.

No value of the data leaves: of each a place among all values, in steps of 0.05. Contributions are rounded, for of a linear
model they would give the value away. And each feature has its points in their own order, so no row can be put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FEATURES, ROWS, FEWEST_ROWS = 12, 200, 50
"""Fewer rows than the last are no crowd to hide in: nothing is kept of them."""
STEPS, PLACES = 200, 20
METHOD = {
    "swarm": "at most 200 seeded rows and 12 leading features, each feature in its own order; contributions rounded to 1/200 of "
    "the largest one; instead of a value its place among all different values of the sample, 0 to 1 in steps of 0.05"
}


@dataclass(frozen=True)
class Swarm:
    """points: [contribution in units of the raw output, place of the value or None for a missing one], in order."""

    feature: str
    points: list[list[float | None]]


def swarms(
    features: Sequence[str], leading: Sequence[str], rows: np.ndarray, values: np.ndarray, seed: int
) -> list[Swarm]:
    """Of the leading features, in their order. rows, values: of the explained rows, shape (n, features)."""
    import numpy as np

    if len(rows) < FEWEST_ROWS:
        return []
    columns = [list(features).index(name) for name in leading[:FEATURES]]
    step = float(np.abs(values[:, columns]).max()) / STEPS
    if not step:
        return []
    some = np.random.default_rng(seed).permutation(len(rows))[:ROWS]
    found = []
    for name, at in zip(leading, columns, strict=False):
        contributed, placed = np.round(values[some, at] / step) * step, places(rows[:, at])[some]
        order = np.lexsort((placed, contributed))
        points = [[float(contributed[each]), _known(placed[each])] for each in order]
        found.append(Swarm(name, points))
    return found


def places(column: np.ndarray) -> np.ndarray:
    """Each value's place among the different values, 0 to 1; a half where all are the same, NaN where it is missing."""
    import numpy as np

    there = ~np.isnan(column)
    different, place = np.unique(column[there], return_inverse=True)
    found = np.full(len(column), np.nan)
    found[there] = place / (len(different) - 1) if len(different) > 1 else 0.5
    return np.round(found * PLACES) / PLACES


def _known(place: float) -> float | None:
    return None if place != place else float(place)
