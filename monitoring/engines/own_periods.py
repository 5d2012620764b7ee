"""How far each calendar quarter of the reference lies from the rest of it: what is usual for a feature.

Each quarter is asked what is asked of the current data period: by the same statistic, in the same unit, against rows
that it is not part of. Where nothing changes, a new quarter exceeds the largest of Q own ones once in Q + 1 times,
whatever the distribution; so single features exceed their limits by chance, and many at once do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.columns import Pair
from monitoring.engines.drift_statistics import SMALLEST_SPREAD, layout
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.windows import read_column, require_columns

if TYPE_CHECKING:
    import numpy as np

FEWEST_PERIODS = 8
FEWEST_ROWS = 30
"""A quarter with fewer values of a feature is no measure of what is usual for it."""


@dataclass(frozen=True)
class Periods:
    """The quarter of every row read of the reference. of: its number in `names`, shape (n,)."""

    names: tuple[str, ...]
    of: np.ndarray


@dataclass(frozen=True)
class Usual:
    """What is usual for one feature: the score of each own quarter by name, the earliest first."""

    scores: dict[str, float]

    @property
    def is_enough(self) -> bool:
        return len(self.scores) >= FEWEST_PERIODS

    @property
    def largest(self) -> tuple[str, float]:
        """The quarter that lies farthest from the rest, and how far."""
        return max(self.scores.items(), key=lambda each: each[1])


def quarters(reference: Path, time: str, rows: np.ndarray | None = None) -> Periods:
    """Calendar quarters by the column `time`. rows: the row numbers that were chosen, None for all.

    Raises MissingColumns, and CannotMeasure without a column of time or with fewer than eight quarters of thirty rows.
    """
    import numpy as np
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if not time:
        raise CannotMeasure("no_time")
    kind = require_columns(reference, [time], "reference")[time]
    if not (kinds.is_date(kind) or kinds.is_timestamp(kind)):
        raise CannotMeasure("time_not_a_date", column=time)
    days = read_column(reference, time, rows)
    if days.null_count:
        raise CannotMeasure("time_not_a_date", column=time)
    numbers = pc.year(days).to_numpy() * 4 + pc.quarter(days).to_numpy() - 1
    found, of = np.unique(numbers, return_inverse=True)
    large = int((np.bincount(of, minlength=1) >= FEWEST_ROWS).sum())
    if large < FEWEST_PERIODS:
        raise CannotMeasure("too_few_own_periods", found=large, fewest=FEWEST_ROWS, needed=FEWEST_PERIODS)
    return Periods(tuple(f"{number // 4} Q{number % 4 + 1}" for number in found.tolist()), of)


def usual(pair: Pair, periods: Periods, method: str) -> Usual:
    """The score of every own quarter of a feature that has at least thirty values of it, against the other quarters."""
    assert pair.there is not None
    of, scores = periods.of[pair.there], {}
    for number, name in enumerate(periods.names):
        its = of == number
        if its.sum() >= FEWEST_ROWS and (~its).any():
            inside, outside = pair.reference[its], pair.reference[~its]
            score = layout(outside, inside, method, categorical=pair.kind == "categorical").score()
            scores[name] = score * _unit(outside, pair.reference) if method == "wasserstein" else score
    return Usual(scores)


def _unit(outside: np.ndarray, whole: np.ndarray) -> float:
    """From the spread of the other quarters to that of the whole reference, the unit of the current data period's score."""
    return max(float(outside.std()), SMALLEST_SPREAD) / max(float(whole.std()), SMALLEST_SPREAD)
