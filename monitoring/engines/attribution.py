"""Whether an explanation stays the same: over seeds and backgrounds, and from the reference to the current data period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.attributed import Attributed
from monitoring.engines.boosters import Model
from monitoring.engines.intervals import Estimate, Z
from monitoring.engines.rankings import kendall_w

if TYPE_CHECKING:
    import numpy as np

TOP = 10
SEEDS = 5
ROWS, BACKGROUND = 100, 50
"""Of each ranking: rows explained, and rows that they are explained against."""
METHOD = {
    "stability": "Kendall's W of the ten leading features over five seeds, each with its own 100 rows and its own background of "
    "50 rows of either data period; interventional SHAP values of shap.TreeExplainer; jackknife interval over the rankings",
    "attribution_distance": "Jensen-Shannon distance (base 2, 0 to 1) of the shares of attribution, reference to current",
    "attribution_ndcg": "NDCG of the current order by the reference's attributions (scikit-learn ndcg_score)",
    "attribution_interval": "2.5 % and 97.5 % quantiles of the bootstrap over the rows of both data periods",
}


@dataclass(frozen=True)
class Moved:
    """Attribution now against the reference. top_kept: share of the leading features that lead still; left: those that do not.

    distance: 0 the same shares … 1 nothing in common; ndcg: 1 the same order.
    """

    distance: Estimate
    ndcg: Estimate
    top_kept: float
    top: int
    left: list[str]
    rows: int


@dataclass(frozen=True)
class Stability:
    """status: measured, or not_supported where the library cannot explain this model against a background."""

    status: str
    agreement: Estimate
    rankings: int


def moved(features: Sequence[str], before: Attributed, now: Attributed) -> Moved:
    """How far the attribution of the same features lies from that of the reference."""
    import numpy as np

    means = before.means, now.means
    distances = [distance(*pair) for pair in zip(before.drawn, now.drawn, strict=True)]
    orders = [ndcg(*pair) for pair in zip(before.drawn, now.drawn, strict=True)]
    n = before.rows + now.rows
    top = min(TOP, max(1, len(features) // 2))
    leading = [[features[at] for at in np.argsort(-each, kind="stable")[:top]] for each in means]
    left = [name for name in leading[0] if name not in leading[1]]
    return Moved(
        _with_interval(distance(*means), distances, n),
        _with_interval(ndcg(*means), orders, n),
        (top - len(left)) / top,
        top,
        left,
        n,
    )


def distance(before: np.ndarray, now: np.ndarray) -> float:
    """Jensen-Shannon distance of two attributions as shares. 0 where nothing is attributed in both, 1 where in one alone."""
    from scipy.spatial.distance import jensenshannon

    if not before.sum() or not now.sum():
        return float(bool(before.sum()) != bool(now.sum()))
    return float(jensenshannon(before, now, base=2))


def ndcg(before: np.ndarray, now: np.ndarray) -> float:
    """1 where the current order puts first what the reference attributed most to. Source: Järvelin & Kekäläinen (2002)."""
    from sklearn.metrics import ndcg_score

    return 1.0 if len(before) < 2 or not before.sum() else float(ndcg_score([before], [now]))


def _with_interval(value: float, drawn: Sequence[float], n: int) -> Estimate:
    import numpy as np

    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, min(value, float(low)), max(value, float(high)), n)


def stability(
    model: Model, samples: Sequence[np.ndarray], seed: int, draw: tuple[int, int] = (ROWS, BACKGROUND)
) -> Stability:
    """How far the rankings agree that other rows and other backgrounds give. samples: rows of each data period, current first."""
    import numpy as np

    found = []
    try:
        for at in range(SEEDS):
            for place, sample in enumerate(samples):
                rng = np.random.default_rng([seed, at, place])
                rows = _some(samples[0], draw[0], rng)
                values = model.contributions_against(rows, _some(sample, draw[1], rng))
                found.append(np.abs(values).mean(axis=0))
    except (
        NotImplementedError,
        ValueError,
        AssertionError,
        TypeError,
        KeyError,
    ):  # shap's ways to say that it cannot
        return Stability("not_supported", Estimate(None, None, None, 0), 0)
    rankings = np.array(found)
    leading = np.argsort(-rankings.mean(axis=0), kind="stable")[:TOP]
    return Stability("measured", _agreement(rankings[:, leading]), len(rankings))


def _some(rows: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    import numpy as np

    return rows if len(rows) <= most else rows[np.sort(rng.choice(len(rows), size=most, replace=False))]


def _agreement(rankings: np.ndarray) -> Estimate:
    """Kendall's W with the interval of the jackknife over the rankings. Source: Efron & Tibshirani (1993), chapter 11."""
    import numpy as np

    value, n = kendall_w(rankings), len(rankings)
    if value is None:
        return Estimate(None, None, None, n)
    without = np.array([kendall_w(np.delete(rankings, at, axis=0)) or 0.0 for at in range(n)])
    half = Z * float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), n)
