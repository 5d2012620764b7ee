"""Is a strategy's gain more than luck? The Sharpe ratio with its error, and deflated by the number of trials.

Source: Bailey and López de Prado (2014), The Deflated Sharpe Ratio, Journal of Portfolio Management 40(5):94-107. The error
of the ratio allows for skewness and fat tails (Mertens 2002), not for days that depend on each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from monitoring.engines.intervals import Estimate, Z
from monitoring.engines.order_log import Log

DAYS_OF_A_YEAR = 252
EULER = 0.5772156649015329
"""The Euler-Mascheroni constant."""
NORMAL = NormalDist()


@dataclass(frozen=True)
class Moments:
    """Of a series of gains. sharpe: mean by standard deviation, of one period. kurtosis: 3 for the normal distribution."""

    n: int
    sharpe: float
    skew: float
    kurtosis: float

    @property
    def error(self) -> float:
        """Standard error of the ratio; NaN where the moments contradict a sample of this size."""
        spread = 1 - self.skew * self.sharpe + (self.kurtosis - 1) / 4 * self.sharpe**2
        return math.sqrt(spread / (self.n - 1)) if spread > 0 else math.nan


@dataclass(frozen=True)
class Sharpe:
    """sharpe: of a year, with its interval. probabilistic, deflated: how surely the true ratio is above zero, and above the
    best that so many trials without skill would show; None where that is not measured."""

    days: int
    sharpe: Estimate
    skew: float | None
    kurtosis: float | None
    probabilistic: float | None
    deflated: float | None
    benchmark: float | None
    trials: int | None
    variance: float | None


def of_log(log: Log, trials: float | None, variance: float | None) -> Sharpe:
    """Gains added up by day; a day of the log without any is a day of zero. trials, variance: as declared, of a year."""
    rows = log.rows("SELECT day, coalesce(sum(gain), 0) FROM log GROUP BY day ORDER BY day")
    return of_gains([float(gain) for _day, gain in rows], trials, variance)


def of_gains(gains: Sequence[float], trials: float | None, variance: float | None) -> Sharpe:
    """gains: one a day, in any unit. variance: of the Sharpe ratios of the trials, of a year.

    Less than one trial, as plans could once say, declares none.
    """
    told = None if trials is None or trials < 1 else int(trials)
    found = moments(gains)
    if found is None or math.isnan(found.error):
        nothing = Estimate(None, None, None, len(gains))
        return Sharpe(len(gains), nothing, None, None, None, None, None, told, variance)
    year = math.sqrt(DAYS_OF_A_YEAR)
    half = Z * found.error
    ratio = Estimate(found.sharpe * year, (found.sharpe - half) * year, (found.sharpe + half) * year, found.n)
    benchmark = luck(told, None if variance is None else variance / DAYS_OF_A_YEAR)
    return Sharpe(
        found.n,
        ratio,
        found.skew,
        found.kurtosis,
        probabilistic(found, 0.0),
        None if benchmark is None else probabilistic(found, benchmark),
        None if benchmark is None else benchmark * year,
        told,
        variance,
    )


def moments(gains: Sequence[float]) -> Moments | None:
    """None where there are fewer than three gains, or all are the same."""
    n = len(gains)
    if n < 3:
        return None
    mean = fmean(gains)
    second, third, fourth = (fmean((each - mean) ** power for each in gains) for power in (2, 3, 4))
    if second <= 0:
        return None
    deviation = math.sqrt(second * n / (n - 1))
    return Moments(n, mean / deviation, third / second**1.5, fourth / second**2)


def probabilistic(of: Moments, benchmark: float) -> float:
    """The probability that the true ratio of a period is above the benchmark."""
    return NORMAL.cdf((of.sharpe - benchmark) / of.error)


def luck(trials: int | None, variance: float | None) -> float | None:
    """The best ratio that so many independent trials without any skill show on average. None where one is not declared.

    trials: 1 or more. variance: of their ratios, of the same period.
    """
    if trials == 1:
        return 0.0
    if trials is None or variance is None:
        return None
    best = (1 - EULER) * NORMAL.inv_cdf(1 - 1 / trials) + EULER * NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(variance) * best
