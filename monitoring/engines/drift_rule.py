"""How drift is measured: which method, from which score on, and where that limit comes from. Pure and light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring.engines.refusals import CannotMeasure

PSI_DECILES = "psi_deciles"
"""As banks take it: over the deciles of the reference. Evidently has no such method."""
DISTANCES = ("psi", "wasserstein", "jensenshannon", "kl_div", "hellinger", "ed", PSI_DECILES)
P_VALUES = (
    *("ks", "anderson", "cramer_von_mises", "mannw", "t_test", "es"),
    *("chisquare", "z", "g_test", "fisher_exact"),
)
"""A small one speaks for drift, and among many rows the smallest change has one: Evidently's choice for few rows."""
BY_PARTS = ("wasserstein", "ks")
"""Over counts these go by a thousand parts of the values, with an error; the others are over counts what they are over rows."""
BY_ROWS = ("ed", "anderson", "cramer_von_mises", "mannw", "t_test", "es")
"""These ask for the values themselves: counts over cells have no answer."""
EVIDENTLY = "evidently"
METHODS = (*DISTANCES, *P_VALUES, EVIDENTLY)
"""Evidently's, but for two that leave the answer to chance (decision 2026-11-29, evidently-s-methods)."""
NUMERIC_ONLY = ("wasserstein", "ks", PSI_DECILES, *BY_ROWS)
CATEGORICAL_ONLY = ("chisquare", "z", "g_test", "fisher_exact")
REACHED = ("ks", "cramer_von_mises")
"""Tests for which Evidently takes a p-value that is the threshold itself for drift."""
OWN_PERIODS = "own_periods"
EVIDENTLY_EQUAL, FROZEN_BASELINE = "evidently_equal", "frozen_baseline"
"""Where cells and categories come from."""
FEW_ROWS, FEW_VALUES = 1000, 5
"""Up to so many rows of the reference Evidently takes a p-value; so few values of a number it takes for categories."""


def evidently_takes(kind: str, rows: int, values: int) -> str:
    """The method that Evidently chooses where nobody names one. rows: of the reference; values: distinct ones of both windows.

    Source: evidently 0.7.23, legacy/calculations/stattests/registry.py.
    """
    is_number = kind == "numeric" and values > FEW_VALUES
    if rows > FEW_ROWS:
        return "wasserstein" if is_number else "jensenshannon"
    if is_number:
        return "ks"
    return "chisquare" if values > 2 else "z"


def drifted(method: str, score: float, threshold: float) -> bool:
    """Evidently's own comparison: whether a score that is the threshold itself is drift differs from method to method."""
    if method in P_VALUES:
        return score <= threshold if method in REACHED else score < threshold
    return score > threshold if method == "ed" else score >= threshold


@dataclass(frozen=True)
class Own:
    """What a plan says of one column alone. method: "" = the one for its kind; limit: None = the one for all."""

    method: str = ""
    limit: float | None = None


@dataclass(frozen=True)
class Rule:
    """How drift is measured: the method and the threshold of numbers and of categories, and of columns that have their own.

    method evidently: for each feature what Evidently takes by itself. significance: the threshold of p-values.
    limits_from own_periods: the threshold of a feature is the score of its own farthest quarter of the reference, times
    `margin`, and never below what chance alone gives; the thresholds given here then say nothing, but for that of a column.
    """

    numeric_method: str = "psi"
    numeric_threshold: float = 0.1
    categorical_method: str = "psi"
    categorical_threshold: float = 0.1
    limits_from: str = "fixed"
    margin: float = 1.5
    significance: float = 0.05
    columns: Mapping[str, Own] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for method in self.methods:
            if method not in METHODS:
                raise CannotMeasure("unknown_method", method=method, known=list(METHODS))
        if self.categorical_method in NUMERIC_ONLY:
            raise CannotMeasure("numeric_method_only", method=self.categorical_method)
        if self.numeric_method in CATEGORICAL_ONLY:
            raise CannotMeasure("categorical_method_only", method=self.numeric_method)
        for method in self._by_own_periods:
            if method not in DISTANCES:
                raise CannotMeasure("no_own_periods_of_method", method=method)

    @property
    def methods(self) -> tuple[str, ...]:
        """All that are named, those of single columns as well."""
        own = (each.method for each in self.columns.values() if each.method)
        return tuple(dict.fromkeys((self.numeric_method, self.categorical_method, *own)))

    @property
    def _by_own_periods(self) -> tuple[str, ...]:
        if self.limits_from != OWN_PERIODS:
            return ()
        own = (each.method for each in self.columns.values() if each.method and each.limit is None)
        return (self.numeric_method, self.categorical_method, *own)

    @property
    def reads_quarters(self) -> bool:
        """Whether rows are told apart by their time, so that those of a large window are sampled."""
        return self.limits_from == OWN_PERIODS

    def method_of(self, name: str, kind: str) -> str | None:
        """The method of a column of this kind; None where Evidently chooses. Raises CannotMeasure."""
        own = self._own(name).method
        if own in NUMERIC_ONLY and kind == "categorical":
            raise CannotMeasure("column_holds_categories", column=name, method=own)
        if own in CATEGORICAL_ONLY and kind == "numeric":
            raise CannotMeasure("column_holds_numbers", column=name, method=own)
        named = own or (self.categorical_method if kind == "categorical" else self.numeric_method)
        return None if named == EVIDENTLY else named

    def threshold_of(self, name: str, method: str, kind: str) -> float:
        """The fixed threshold of a column that is measured by this method."""
        own = self._own(name).limit
        if own is not None:
            return own
        if method in P_VALUES:
            return self.significance
        return self.categorical_threshold if kind == "categorical" else self.numeric_threshold

    def is_fixed(self, name: str) -> bool:
        """Whether the threshold of a column is the one above, and not what is usual in its own quarters."""
        return self.limits_from != OWN_PERIODS or self._own(name).limit is not None

    def _own(self, name: str) -> Own:
        return self.columns.get(name, Own())
