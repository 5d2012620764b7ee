"""Small and large changes to the rows of a sample. Pure numpy: the same rows and seed give the same changes.

rows: float64, shape (n, features); what is missing is NaN. Every change keeps the shape and the order of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

CHUNK = 256


def spreads(rows: np.ndarray) -> np.ndarray:
    """Standard deviation of each feature's values between their 1 % and 99 % quantile, shape (features,).

    A code such as 999 for "not known" is no spread. 0 where there are no values.
    """
    import numpy as np

    found = np.zeros(rows.shape[1])
    for at in range(rows.shape[1]):
        values = rows[np.isfinite(rows[:, at]), at]
        if len(values):
            low, high = np.quantile(values, [0.01, 0.99])
            found[at] = values[(values >= low) & (values <= high)].std()
    return found


def are_whole(rows: np.ndarray) -> np.ndarray:
    """Whether all finite values of a feature are whole numbers, shape (features,): counts, yes and no, codes."""
    import numpy as np

    found: np.ndarray = (~np.isfinite(rows) | (rows == np.round(rows))).all(axis=0)
    return found


def _kept_whole(changed: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """No clerk writes 0.97 children: what is counted is wrong by whole numbers or not at all."""
    import numpy as np

    return np.where(are_whole(rows), np.round(changed), changed)


def noisy(rows: np.ndarray, spread: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Each value plus normal noise of `share` of its feature's spread; whole numbers stay whole.

    The noise of a feature depends on its place alone.
    """
    import numpy as np

    changed = rows.copy()
    for at in range(rows.shape[1]):
        drawn = np.random.default_rng([seed, at]).standard_normal(len(rows))
        changed[:, at] += share * spread[at] * drawn
    return _kept_whole(changed, rows)


def with_column(rows: np.ndarray, at: int, values: np.ndarray | float) -> np.ndarray:
    """A copy in which one feature has other values."""
    changed = rows.copy()
    changed[:, at] = values
    return changed


def nearest_others(rows: np.ndarray, decided: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """For each row the number of the nearest row that was decided otherwise; -1 where all were decided alike.

    Squared distance over the features in units of their spread; a missing value differs from none. The earliest of
    equally near rows is taken. Feature by feature, for a product of matrices may add up in another order.
    """
    import numpy as np

    unit = np.where(spread > 0, spread, np.inf)
    scaled = rows / unit
    found = np.full(len(rows), -1, dtype=np.int64)
    for side in (True, False):
        ours, others = np.flatnonzero(decided == side), np.flatnonzero(decided != side)
        if not len(others):
            continue
        for start in range(0, len(ours), CHUNK):
            chunk = ours[start : start + CHUNK]
            found[chunk] = others[_distances(scaled[chunk], scaled[others]).argmin(axis=1)]
    return found


def _distances(ours: np.ndarray, others: np.ndarray) -> np.ndarray:
    import numpy as np

    total = np.zeros((len(ours), len(others)))
    for at in range(ours.shape[1]):
        apart = ours[:, at, None] - others[None, :, at]
        total += np.where(np.isnan(apart), 0.0, apart) ** 2
    return total


def towards(rows: np.ndarray, neighbours: np.ndarray, share: float) -> np.ndarray:
    """Each row moved by `share` of the way to its neighbour; whole numbers stay whole.

    Where either value is missing, it stays.
    """
    import numpy as np

    step = share * (neighbours - rows)
    return _kept_whole(rows + np.where(np.isnan(step), 0.0, step), rows)
