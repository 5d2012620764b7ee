"""How surely a score ranks: the area under the ROC curve with the variance of DeLong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.intervals import Estimate, Z

if TYPE_CHECKING:
    import numpy as np

FEWEST_OF_AN_OUTCOME = 10
"""With fewer rows of either outcome the variance of the area is itself a guess."""
RULE_OF_THREE = 3.0


@dataclass(frozen=True)
class Area:
    """Area under the ROC curve. value: scikit-learn's; error: standard error; None = too few rows of an outcome."""

    value: float | None
    error: float | None
    n: int

    def estimate(self) -> Estimate:
        """With its 95 % interval, kept within 0 and 1."""
        if self.value is None or self.error is None:
            return Estimate(None, None, None, self.n)
        low, high = self.value - Z * self.error, self.value + Z * self.error
        return Estimate(self.value, max(0.0, low), min(1.0, high), self.n)


def area(truth: np.ndarray, scores: np.ndarray) -> Area:
    """The area with its error. truth: bool, scores: finite float64, shape (n,).

    Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44:837-845. A ranking without a single mistake has no
    variance to estimate; the rule of three stands in (Hanley & Lippman-Hand 1983, JAMA 249:1743-1745).
    """
    from sklearn.metrics import roc_auc_score

    events, others = int(truth.sum()), int((~truth).sum())
    if min(events, others) < FEWEST_OF_AN_OUTCOME:
        return Area(None, None, len(truth))
    error = math.sqrt(delong_variance(truth, scores)) or RULE_OF_THREE / (Z * min(events, others))
    return Area(float(roc_auc_score(truth, scores)), error, len(truth))


def gini(area: Estimate) -> Estimate:
    """Gini coefficient (accuracy ratio) of a ranking: twice the area minus one, as is its interval."""
    if area.value is None or area.low is None or area.high is None:
        return area
    return Estimate(2 * area.value - 1, 2 * area.low - 1, 2 * area.high - 1, area.n)


def doubled(fall: Estimate) -> Estimate:
    """A fall of the area as a fall of the Gini coefficient."""
    if fall.value is None or fall.low is None or fall.high is None:
        return fall
    return Estimate(2 * fall.value, 2 * fall.low, 2 * fall.high, fall.n)


def separation(truth: np.ndarray, scores: np.ndarray) -> Estimate:
    """Kolmogorov-Smirnov statistic between the scores of the two outcomes, by SciPy.

    Its interval adds the bands of Dvoretzky-Kiefer-Wolfowitz (Massart 1990, Annals of Probability 18:1269-1283) of
    both outcomes, each at 97.5 %: wide, and true whatever the distribution.
    """
    from scipy.stats import ks_2samp

    events, others = int(truth.sum()), int((~truth).sum())
    if min(events, others) < FEWEST_OF_AN_OUTCOME:
        return Estimate(None, None, None, len(truth))
    value = float(ks_2samp(scores[truth], scores[~truth], method="asymp").statistic)
    half = math.sqrt(math.log(2 / 0.025) / 2) * (1 / math.sqrt(events) + 1 / math.sqrt(others))
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), len(truth))


def delong_variance(truth: np.ndarray, scores: np.ndarray) -> float:
    """Variance of the area from the placements of each outcome among the other; ties count half."""
    from scipy.stats import rankdata

    high, low = scores[truth], scores[~truth]
    ranks = rankdata(scores)
    above = (ranks[truth] - rankdata(high)) / len(low)
    below = 1 - (ranks[~truth] - rankdata(low)) / len(high)
    return float(above.var(ddof=1) / len(high) + below.var(ddof=1) / len(low))


def fall(before: Area, now: Area) -> Estimate:
    """By how much the area of `now` lies below that of `before`, two periods that share no row."""
    n = before.n + now.n
    if before.value is None or now.value is None or before.error is None or now.error is None:
        return Estimate(None, None, None, n)
    value, error = before.value - now.value, math.hypot(before.error, now.error)
    return Estimate(value, value - Z * error, value + Z * error, n)
