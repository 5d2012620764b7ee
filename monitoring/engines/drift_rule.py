"""How drift is measured: which method, from which score on, and where that limit comes from. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.engines.refusals import CannotMeasure

DISTANCES = ("psi", "wasserstein", "jensenshannon")
P_VALUES = ("ks", "chisquare", "z")
"""A small one speaks for drift, and among many rows the smallest change has one: Evidently's choice for few rows."""
EVIDENTLY = "evidently"
METHODS = (*DISTANCES, *P_VALUES, EVIDENTLY)
NUMERIC_ONLY = ("wasserstein", "ks")
CATEGORICAL_ONLY = ("chisquare", "z")
OWN_PERIODS = "own_periods"


@dataclass(frozen=True)
class Rule:
    """How drift is measured: the method and the threshold of numbers and of categories.

    method evidently: for each feature what Evidently takes by itself. significance: the threshold of p-values.
    limits_from own_periods: the threshold of a feature is the score of its own farthest quarter of the reference, times
    `margin`, and never below what chance alone gives; the thresholds given here then say nothing.
    """

    numeric_method: str = "psi"
    numeric_threshold: float = 0.1
    categorical_method: str = "psi"
    categorical_threshold: float = 0.1
    limits_from: str = "fixed"
    margin: float = 1.5
    significance: float = 0.05

    def __post_init__(self) -> None:
        for method in (self.numeric_method, self.categorical_method):
            if method not in METHODS:
                raise CannotMeasure("unknown_method", method=method, known=list(METHODS))
            if self.limits_from == OWN_PERIODS and method not in DISTANCES:
                raise CannotMeasure("no_own_periods_of_method", method=method)
        if self.categorical_method in NUMERIC_ONLY:
            raise CannotMeasure("numeric_method_only", method=self.categorical_method)
        if self.numeric_method in CATEGORICAL_ONLY:
            raise CannotMeasure("categorical_method_only", method=self.numeric_method)

    @property
    def goes_by_counts(self) -> bool:
        """Whether counts of all rows give the scores, so that no window is too large."""
        methods = {self.numeric_method, self.categorical_method}
        return methods <= set(DISTANCES) and self.limits_from != OWN_PERIODS

    def method_of(self, kind: str) -> str | None:
        """The method of a feature of this kind; None where Evidently chooses."""
        named = self.categorical_method if kind == "categorical" else self.numeric_method
        return None if named == EVIDENTLY else named

    def threshold_of(self, method: str, kind: str) -> float:
        """The fixed threshold of a feature that is measured by this method."""
        if method in P_VALUES:
            return self.significance
        return self.categorical_threshold if kind == "categorical" else self.numeric_threshold
