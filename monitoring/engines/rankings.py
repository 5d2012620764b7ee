"""How far rankings agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def kendall_w(ratings: np.ndarray) -> float | None:
    """Agreement of the rankings in the rows, shape (raters, items); None when there is nothing to rank.

    Source: Kendall & Babington Smith (1939), Annals of Mathematical Statistics 10:275-287, with ties.
    """
    import numpy as np
    from scipy.stats import rankdata

    raters, items = ratings.shape
    if items < 2:
        return None
    ranks = rankdata(ratings, axis=1)
    spread = float(np.sum((ranks.sum(axis=0) - raters * (items + 1) / 2) ** 2))
    ties = sum(_ties(row) for row in ranks)
    possible = raters**2 * (items**3 - items) - raters * ties
    return 12 * spread / possible if possible else None


def _ties(ranks: np.ndarray) -> int:
    import numpy as np

    sizes = np.unique(ranks, return_counts=True)[1]
    return int(np.sum(sizes**3 - sizes))
