"""Drift of rows by the method named frozen baseline: what is kept of the reference, and one pass over the current window.

psi, jensenshannon, kl_div and hellinger over the cells of the counting plan, as over windows of counts; psi_deciles over the
deciles of the reference; wasserstein and ks over at least a thousand parts, with a stated error; chisquare, z, g_test and
fisher_exact over the categories, of which those that fewer than ten rows had are one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from monitoring.engines.counted.baseline import ABSENT, columns_of
from monitoring.engines.counted.kept import Kept
from monitoring.engines.counted.pairs import Pair
from monitoring.engines.drift import FEWEST_ROWS, uncertain
from monitoring.engines.drift_result import NOT_ANSWERED
from monitoring.engines.drift_rule import BY_ROWS, EVIDENTLY, OWN_PERIODS, P_VALUES, Rule, drifted
from monitoring.engines.frozen_drift import (
    HIDDEN_OF_TESTS,
    INCOMPARABLE,
    NAME,
    FrozenDrift,
    FrozenResult,
    summed,
    unmeasured,
)
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.roles import kind_of

METHOD = {
    "name": NAME,
    "instrument": "frozen baseline: cells and counts of the reference as they were kept, and one pass over the current rows",
    "beyond": "numbers beyond the range of the reference have cells of their own",
    "error": "of wasserstein and ks: how far the score can be from that over the rows, at most",
}


class OnePass(FrozenResult):
    """The same result, with its method by name."""

    def to_dict(self) -> dict[str, Any]:
        found = super().to_dict()
        hidden = dict.fromkeys(("hidden_cells", "most_in_hidden_cells", *HIDDEN_OF_TESTS))
        method = {key: each for key, each in found["method"].items() if key not in hidden}
        return {**found, "method": {**method, **METHOD}}


def measure(
    baseline: Kept,
    scan: Kept,
    *,
    features: Sequence[str],
    rule: Rule,
    fewest: int = FEWEST_ROWS,
    seed: int = 0,
    inputs: Mapping[str, str] | None = None,
) -> FrozenResult:
    """Drift of every declared feature, and of the columns of the model itself that both windows had, from the documents alone.

    Raises MissingColumns, CannotMeasure.
    """
    _refuse(rule)
    pairs, rows = _pairs(baseline.document, scan.document)
    missing = [name for name in features if name not in pairs]
    if missing:
        raise MissingColumns(missing, "reference")
    role_of = {each.cells.name: each.role for each in columns_of(baseline.document)}
    columns = dict.fromkeys(features, "") | {name: role_of[name] for name in pairs if role_of[name]}
    found = [
        replace(_feature(name, role, pairs[name], rule, seed, at, fewest), role=role)
        for at, (name, role) in enumerate(columns.items())
    ]
    digests = {**(inputs or {}), "baseline": baseline.sha256}
    return summed(found, rows, rule, seed, digests, baseline=baseline.sha256, of=OnePass)


def _refuse(rule: Rule) -> None:
    if rule.limits_from == OWN_PERIODS:
        raise CannotMeasure("frozen_has_no_periods")
    if EVIDENTLY in rule.methods:
        raise CannotMeasure("frozen_names_its_method")
    for method in rule.methods:
        if method in BY_ROWS:
            raise CannotMeasure("frozen_has_no_values", method=method)


def _pairs(
    baseline: Mapping[str, Any], scan: Mapping[str, Any]
) -> tuple[dict[str, Pair | None], tuple[int, int]]:
    """None where a number became text between the two windows. What one of them does not have is left out."""
    rows = baseline["rows"], scan["rows"]
    return {
        column.cells.name: Pair(column, one, other, rows) if one and other else None
        for column, one, other in zip(columns_of(baseline), baseline["found"], scan["found"], strict=True)
        if other != ABSENT
    }, rows


def _feature(
    name: str, role: str, pair: Pair | None, rule: Rule, seed: int, at: int, fewest: int
) -> FrozenDrift:
    if pair is None:
        return unmeasured(name, role, INCOMPARABLE, rule)
    kind = kind_of(pair.column.cells.kind, role)
    method = rule.method_of(name, kind) or ""
    shares = [1 - n / rows if rows else 1.0 for n, rows in zip(pair.n, pair.rows, strict=True)]
    about: dict[str, Any] = {
        "feature": name,
        "kind": kind,
        "n_reference": pair.n[0],
        "n_current": pair.n[1],
        "missing_reference": shares[0],
        "missing_current": shares[1],
        "method": method,
        "threshold": rule.threshold_of(name, method, kind),
    }
    if min(pair.n) < fewest:
        return FrozenDrift(status="insufficient_data", **about)
    found = _measured(pair, method, about["threshold"], seed, at)
    if math.isnan(found["score"]):
        return FrozenDrift(status=NOT_ANSWERED, **about)
    return FrozenDrift(status="measured", **about | found)


def _measured(pair: Pair, method: str, threshold: float, seed: int, at: int) -> dict[str, Any]:
    if method in P_VALUES:
        score, error = pair.p_value(method)
        return {"score": score, "error": error, "drifted": drifted(method, score, threshold)}
    layout, error = pair.layout(method)
    score = layout.score()
    found = uncertain(layout, score, seed, at)
    return {"score": score, "error": error, "drifted": drifted(method, score, threshold), **found}
