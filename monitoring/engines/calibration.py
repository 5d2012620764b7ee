"""Whether scores that are probabilities come true as often as they say: reliability in bins, and Cox's line through them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.intervals import Estimate, Z, wilson
from monitoring.engines.ranking import FEWEST_OF_AN_OUTCOME

if TYPE_CHECKING:
    import numpy as np

BINS = 10
CLIP = 1e-6
"""A score of 0 or 1 has no log-odds; this is as near as it is taken."""
DRAWS = 2_000
STEPS = 50
METHOD = {
    "calibration_bins": "ten bins with equally many rows, as scikit-learn's calibration_curve(strategy='quantile')",
    "ece": "expected calibration error: mean over rows of |share that came true - mean score| of their bin",
    "ece_interval": "normal draws of each bin's gap with its own error, seeded, shifted by the bias that chance gives the mean",
    "calibration_slope": "logistic regression of the outcome on the log-odds of the score; Wald interval; 1 = right",
    "calibration_intercept": "the same with the slope held at 1 (calibration in the large); Wald interval; 0 = right",
}


@dataclass(frozen=True)
class Bin:
    """Rows with scores next to each other: their mean score, and the share that came true with Wilson's interval."""

    predicted: float
    observed: Estimate


@dataclass(frozen=True)
class Calibration:
    """error: expected calibration error, 0 = right. slope, intercept: None values where they do not exist."""

    error: Estimate
    slope: Estimate
    intercept: Estimate
    bins: list[Bin]


def calibration(truth: np.ndarray, scores: np.ndarray) -> Calibration | None:
    """truth: bool, scores: finite float64, shape (n,). None when a score is no probability, or an outcome is too rare.

    Sources: Cox (1958), Biometrika 45:562-565; Van Calster et al. (2016), J Clin Epidemiol 74:167-176; Naeini et al. (2015).
    """
    events = int(truth.sum())
    if min(events, len(truth) - events) < FEWEST_OF_AN_OUTCOME or scores.min() < 0 or scores.max() > 1:
        return None
    places = _places(scores)
    return Calibration(_error(truth, scores, places), *_line(truth, scores), _bins(truth, scores, places))


def _places(scores: np.ndarray) -> np.ndarray:
    """The bin of each row. Scores that are equal share a bin, so there may be fewer than ten."""
    import numpy as np

    edges = np.percentile(scores, np.linspace(0, 1, BINS + 1) * 100)
    found: np.ndarray = np.unique(np.searchsorted(edges[1:-1], scores), return_inverse=True)[1]
    return found


def _bins(truth: np.ndarray, scores: np.ndarray, places: np.ndarray) -> list[Bin]:
    import numpy as np

    counted, came = np.bincount(places), np.bincount(places, weights=truth)
    means = np.bincount(places, weights=scores) / counted
    return [
        Bin(float(mean), wilson(round(k), int(n))) for mean, k, n in zip(means, came, counted, strict=True)
    ]


def _error(truth: np.ndarray, scores: np.ndarray, places: np.ndarray) -> Estimate:
    import numpy as np

    counted, apart = np.bincount(places), truth - scores
    gaps = np.bincount(places, weights=apart) / counted
    spread = np.bincount(places, weights=(apart - gaps[places]) ** 2) / np.maximum(counted - 1, 1)
    drawn = np.random.default_rng(0).normal(gaps, np.sqrt(spread / counted), (DRAWS, len(counted)))
    share = counted / len(truth)
    value = float(np.abs(gaps) @ share)
    others = np.abs(drawn) @ share
    low, high = np.quantile(others, [0.025, 0.975]) - (others.mean() - value)
    return Estimate(value, max(0.0, float(low)), min(1.0, float(high)), len(truth))


def _line(truth: np.ndarray, scores: np.ndarray) -> tuple[Estimate, Estimate]:
    """Slope, and intercept in the large."""
    import numpy as np

    near = np.clip(scores, CLIP, 1 - CLIP)
    odds = np.log(near / (1 - near))
    one = np.ones_like(odds)
    nothing = Estimate(None, None, None, len(truth))
    both = _fitted(np.column_stack([one, odds]), truth, np.zeros_like(odds)) if np.ptp(odds) else None
    large = _fitted(one[:, None], truth, odds)
    return (both[1] if both else nothing), (large[0] if large else nothing)


def _fitted(columns: np.ndarray, truth: np.ndarray, offset: np.ndarray) -> list[Estimate] | None:
    """Maximum likelihood by Newton's steps, with Wald intervals; None where there is no maximum."""
    import numpy as np
    from scipy.special import expit

    weights = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        chance = expit(columns @ weights + offset)
        information = (columns * (chance * (1 - chance))[:, None]).T @ columns
        try:
            step = np.linalg.solve(information, columns.T @ (truth - chance))
        except np.linalg.LinAlgError:
            return None
        weights = weights + step
        if not np.isfinite(weights).all():
            return None
        if float(np.abs(step).max()) < 1e-10:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return [
                _wald(float(each), float(error), len(truth))
                for each, error in zip(weights, errors, strict=True)
            ]
    return None


def _wald(value: float, error: float, n: int) -> Estimate:
    return (
        Estimate(value, value - Z * error, value + Z * error, n)
        if math.isfinite(error)
        else Estimate(None, None, None, n)
    )
