"""What drift found: one column after the other, and the share of the features that drifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from monitoring.engines.drift_rule import BY_ROWS, Rule
from monitoring.engines.results import plain

NAME = "evidently_equal"
NOT_ANSWERED = "not_answered"
"""The status of a column for whose values its method has no answer, as Epps-Singleton where the middle half is one value."""
OF_VALUES = (*BY_ROWS, "hellinger")
SAMPLED_OF_VALUES = (
    f"all rows; of {', '.join(OF_VALUES)} a seeded sample, without replacement, where the values of a data period cannot be "
    "held: n says of how many"
)


@dataclass(frozen=True)
class FeatureDrift:
    """One feature. status: measured, insufficient_data (fewer rows than the plan asks), incomparable (number became text),
    not_answered.

    role: score, prediction or label where it is a column of the model itself, "" of a feature.
    by_chance: the 95 % quantile of the score when nothing has moved. replicates 0 = no interval; a p-value has none.
    own_periods: the score of each quarter of the reference, where the threshold comes from them. error: how far a score
    over counts can at most be from that over the rows.
    """

    feature: str
    kind: str
    status: str
    n_reference: int
    n_current: int
    missing_reference: float | None
    missing_current: float | None
    method: str
    threshold: float | None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    by_chance: float | None = None
    replicates: int = 0
    drifted: bool | None = None
    error: float = 0.0
    own_largest: float | None = None
    own_period: str = ""
    own_periods: dict[str, float] = field(default_factory=dict)
    role: str = ""

    @property
    def is_there(self) -> bool:
        """Whether both windows have a value of it."""
        return bool(self.n_reference and self.n_current)


Drift = TypeVar("Drift", bound=FeatureDrift)


@dataclass(frozen=True)
class DriftResult:
    """All declared features, and the share of those measured that drifted.

    roles: the same of the columns of the model itself, which are part of no sum here.
    """

    features: list[FeatureDrift]
    measured: int
    drifted: int
    drifted_share: float | None
    rows: dict[str, int]
    rule: Rule
    seed: int
    by_counts: bool = False
    roles: list[FeatureDrift] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        method = {
            "name": NAME,
            "instrument": "evidently's definition, over rows as sample says"
            if self.by_counts
            else "evidently ValueDrift",
            "interval": "score ± 1.96 bootstrap standard errors, not below 0; cells fixed",
            "by_chance": "95 % quantile of the score of two samples drawn from the pooled rows",
            "own_periods": "each calendar quarter of the reference against its other quarters, in the same unit",
            "sample": self._sample,
        }
        return {"kind": "drift", "method": method, **plain(self)}

    @property
    def _sample(self) -> str:
        if _sampled(self.rows):
            return "seeded, without replacement"
        by_values = any(each.method in OF_VALUES for each in (*self.features, *self.roles))
        return SAMPLED_OF_VALUES if self.by_counts and by_values else "all rows"


def parted(found: Sequence[Drift]) -> tuple[list[Drift], list[Drift]]:
    """Features, and columns of the model itself; of one without a value, as an outcome that is to come, nothing is said."""
    roles = [each for each in found if each.role and each.is_there]
    return [each for each in found if not each.role], roles


def _sampled(rows: Mapping[str, int]) -> bool:
    return rows["reference_read"] < rows["reference"] or rows["current_read"] < rows["current"]
