"""Drift of windows of which at least one is counts instead of rows, by the method named frozen baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitoring.engines.counted.frozen import BY_COUNTS, POOLED_AT_MOST, Held, held, held_own, laid
from monitoring.engines.counted.p_values import OVER_CATEGORIES
from monitoring.engines.drift import FEWEST_ROWS, uncertain
from monitoring.engines.drift_result import NOT_ANSWERED, DriftResult, FeatureDrift, parted
from monitoring.engines.drift_rule import OWN_PERIODS, P_VALUES, Rule, drifted
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.roles import kind_of, there
from monitoring.engines.versions import versions

NAME = "frozen_baseline"
INCOMPARABLE, NOT_COUNTED = "incomparable", "not_counted"
"""A number that became text; a column of the model itself for which an earlier plan of counts did not ask."""
METHOD = {
    "name": NAME,
    "instrument": "frozen baseline: counts over the cells of the reference",
    "hidden_cells": "laid together into one cell in both data periods; the score is then a lower bound of that over all cells",
    "most_in_hidden_cells": str(POOLED_AT_MOST),
}
HIDDEN_OF_TESTS = {
    "hidden_cells_of_tests": "a p-value is that of the categories so laid together; none of z where the first one is hidden"
}
"""Beside the above where a test answers."""


@dataclass(frozen=True)
class FrozenDrift(FeatureDrift):
    """pooled: cells laid together because they did not leave the firm; pooled_share: of the rows that they hold at most."""

    pooled: int = 0
    pooled_share: float = 0.0

    @property
    def is_there(self) -> bool:
        """How many values there are is not known of what cannot be compared, or was not counted."""
        return self.status in (INCOMPARABLE, NOT_COUNTED) or super().is_there


@dataclass(frozen=True)
class FrozenResult(DriftResult):
    """The same result, with its method by name. baseline: digest of the document that holds the cells and the counts."""

    baseline: str = ""

    def to_dict(self) -> dict[str, Any]:
        found = super().to_dict()
        tested = any(each.method in OVER_CATEGORIES for each in (*self.features, *self.roles))
        return {**found, "method": {**found["method"], **METHOD, **(HIDDEN_OF_TESTS if tested else {})}}


def measure(
    reference: Path,
    current: Path,
    *,
    features: Sequence[str],
    roles: Mapping[str, str] | None = None,
    rule: Rule,
    fewest: int = FEWEST_ROWS,
    seed: int = 0,
    inputs: Mapping[str, str] | None = None,
) -> FrozenResult:
    """Drift over the cells that were frozen: of every declared feature, and of the columns of the model itself that both have.

    roles: column by role. Raises MissingColumns, CannotMeasure.
    """
    if not features:
        raise CannotMeasure("no_features")
    if rule.limits_from == OWN_PERIODS:
        raise CannotMeasure("counts_have_no_periods")
    for method in rule.methods:
        if method not in BY_COUNTS:
            raise CannotMeasure("method_needs_rows", method=method)
    pairs = held(reference, current, features)
    role_of = there(roles or {})
    own = held_own(reference, current, list(role_of))
    columns: dict[str, tuple[Held, Held] | None] = {**pairs, **own.pairs}
    found = [
        _column(name, role_of.get(name, ""), pair, rule, seed, at, fewest)
        for at, (name, pair) in enumerate(columns.items())
    ]
    found += [unmeasured(name, role_of[name], NOT_COUNTED, rule) for name in own.not_counted]
    one, other = pairs[features[0]]
    digests = inputs or {}
    return summed(found, (one.rows, other.rows), rule, seed, digests, baseline=digests.get("reference", ""))


def summed(
    found: Sequence[FrozenDrift],
    rows: tuple[int, int],
    rule: Rule,
    seed: int,
    inputs: Mapping[str, str],
    *,
    baseline: str,
    of: type[FrozenResult] = FrozenResult,
) -> FrozenResult:
    """All features, and the share of those measured that drifted; the columns of the model itself apart."""
    features, roles = parted(found)
    measured = [each for each in features if each.status == "measured"]
    drifted = sum(bool(each.drifted) for each in measured)
    return of(
        features=list(features),
        roles=list(roles),
        measured=len(measured),
        drifted=drifted,
        drifted_share=drifted / len(measured) if measured else None,
        rows={
            "reference": rows[0],
            "current": rows[1],
            "reference_read": rows[0],
            "current_read": rows[1],
        },
        rule=rule,
        seed=seed,
        by_counts=True,
        inputs=dict(inputs),
        libraries=versions("duckdb", "numpy", "scipy"),
        baseline=baseline,
    )


def unmeasured(name: str, role: str, status: str, rule: Rule) -> FrozenDrift:
    """How many values are there is not known of what is no number any more, or was not counted."""
    return FrozenDrift(
        feature=name,
        kind=status,
        status=status,
        n_reference=0,
        n_current=0,
        missing_reference=None,
        missing_current=None,
        method=rule.method_of(name, status) or "",
        threshold=None,
        role=role,
    )


def _column(
    name: str, role: str, pair: tuple[Held, Held] | None, rule: Rule, seed: int, at: int, fewest: int
) -> FrozenDrift:
    if pair is None:
        return unmeasured(name, role, INCOMPARABLE, rule)
    one, other = pair
    kind = kind_of(one.cells.kind, role)
    method = rule.method_of(name, kind) or ""
    threshold = rule.threshold_of(name, method, kind)
    together = laid(one, other)
    about: dict[str, Any] = {
        "feature": name,
        "kind": kind,
        "n_reference": one.n,
        "n_current": other.n,
        "missing_reference": _missing(one),
        "missing_current": _missing(other),
        "method": method,
        "threshold": threshold,
        "role": role,
        "pooled": together.pooled,
        "pooled_share": together.share,
    }
    if min(one.n, other.n) < fewest or not together.answers(method):
        return FrozenDrift(status="insufficient_data", **about)
    if method in P_VALUES:
        p_value = together.p_value(method)
        if math.isnan(p_value):
            return FrozenDrift(status=NOT_ANSWERED, **about)
        judged = drifted(method, p_value, threshold)
        return FrozenDrift(status="measured", score=p_value, drifted=judged, **about)
    layout = together.layout(method)
    score = layout.score()
    found = uncertain(layout, score, seed, at)
    return FrozenDrift(status="measured", score=score, drifted=score >= threshold, **about | found)


def _missing(each: Held) -> float | None:
    """None where the number of missing values did not leave the firm."""
    return None if each.missing is None else each.missing / each.rows
