"""How far rankings agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.intervals import Estimate

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


@dataclass(frozen=True)
class RankError:
    """change: places that a leading feature moves between two draws of n rows, on average. top: how many lead."""

    change: Estimate
    top: int


def rank_error(drawn: np.ndarray, leading: Sequence[int], n: int) -> RankError:
    """How exact a ranking of n rows is. drawn: importances in seeded draws of n rows each, shape (draws, features).

    Each draw is held against the next. The interval is of single pairs of draws: their 2.5 % and 97.5 % quantile.
    """
    import numpy as np
    from scipy.stats import rankdata

    ranks = rankdata(-drawn, axis=1)[:, list(leading)]
    moves = np.abs(np.diff(ranks, axis=0)).mean(axis=1)
    low, high = np.quantile(moves, [0.025, 0.975])
    return RankError(Estimate(float(moves.mean()), float(low), float(high), n), len(leading))


def _ties(ranks: np.ndarray) -> int:
    import numpy as np

    sizes = np.unique(ranks, return_counts=True)[1]
    return int(np.sum(sizes**3 - sizes))
