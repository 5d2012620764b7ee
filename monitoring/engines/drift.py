"""How far each feature of the current data period has moved from the reference, by Evidently's ValueDrift.

Whole data periods always: by Evidently itself while they fit the budget, above it by its definitions over all rows, from sorted
columns; beyond what can be held, wasserstein and ks go by a thousand parts with a stated error. Only limits from own periods
read a seeded and recorded sample then, and beyond what can be held the methods that ask for the values themselves. Every
distance has a bootstrap interval and the score that chance alone would give, from our own equal statistic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.columns import Pair, paired
from monitoring.engines.counted.drift import Asked, Compared, compared, facts, is_comparable
from monitoring.engines.counted.p_values import OVER_CATEGORIES
from monitoring.engines.drift_result import NOT_ANSWERED, OF_VALUES, DriftResult, FeatureDrift, parted
from monitoring.engines.drift_rule import (
    EVIDENTLY,
    P_VALUES,
    PSI_DECILES,
    Rule,
    drifted,
    evidently_takes,
)
from monitoring.engines.evidently_report import Drifted, value_drift
from monitoring.engines.intervals import Z
from monitoring.engines.own_periods import Periods, Usual, quarters, usual
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.roles import kind_of, there
from monitoring.engines.scoring import Progress, silent
from monitoring.engines.versions import versions
from monitoring.engines.windows import chosen_rows, require_columns, row_count

if TYPE_CHECKING:
    import numpy as np

    from monitoring.engines.drift_statistics import Layout

ROW_BUDGET = 200_000
FEWEST_ROWS = 50
REPLICATES = 200
FEWEST_REPLICATES = 20
DRAWS_PER_FEATURE = 10_000_000
EQUAL_WITHIN = 1e-9
OF_AS_MANY_ROWS = ("g_test", "fisher_exact")
"""Evidently has no answer where the periods have unlike numbers of rows, as they all have."""


def measure(
    reference: Path,
    current: Path,
    *,
    features: Sequence[str],
    categorical: Sequence[str] = (),
    roles: Mapping[str, str] | None = None,
    rule: Rule | None = None,
    time: str = "",
    fewest: int = FEWEST_ROWS,
    seed: int = 0,
    row_budget: int = ROW_BUDGET,
    inputs: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> DriftResult:
    """Drift of every declared feature, and of the columns of the model itself that both windows have.

    roles: column by role. time: cuts the reference into its own quarters. fewest: values a column needs in both windows.
    Raises MissingColumns, CannotMeasure.
    """
    if not features:
        raise CannotMeasure("no_features")
    types = require_columns(reference, features, "reference"), require_columns(current, features, "current")
    role_of = there(roles or {}, *types)
    columns = dict.fromkeys(features, "") | role_of
    rule = rule or Rule()
    totals = row_count(reference), row_count(current)
    asked = Asked(reference, current, columns, categorical, rule, fewest)
    chosen = cache(lambda: [chosen_rows(total, row_budget, seed + at) for at, total in enumerate(totals)])
    if max(totals) > row_budget and not rule.reads_quarters:
        counted = _by_counts(asked, chosen, seed)
        progress(100, "drift")
        return _summed(counted, totals, (None, None), rule, seed, inputs, by_counts=True)
    periods = quarters(reference, time, chosen()[0]) if rule.reads_quarters else None
    found = []
    for at, name in enumerate(columns):
        found.append(_by_rows(asked, name, chosen(), periods, seed, at))
        progress(100 * (at + 1) // len(columns), "drift")
    return _summed(found, totals, chosen(), rule, seed, inputs)


Chosen = Sequence["np.ndarray | None"]
"""Numbers of the rows that are read of each window; None = all."""


def _by_rows(
    asked: Asked, name: str, chosen: Chosen, periods: Periods | None, seed: int, at: int
) -> FeatureDrift:
    role, named = asked.columns[name], name in asked.categorical
    pair = paired(asked.reference, asked.current, name, chosen, categorical=named, role=role)
    return replace(_feature(pair, asked.rule, periods, seed, at, asked.fewest), role=role)


def _by_counts(asked: Asked, chosen: Callable[[], Chosen], seed: int) -> list[FeatureDrift]:
    """What only rows could tell, of windows that cannot be held, is that of a sample."""
    found = compared(asked)
    return [
        _by_rows(asked, name, chosen(), None, seed, at)
        if known.asks_for_rows
        else _counted(name, asked.columns[name], known, asked.rule, seed, at)
        for at, (name, known) in enumerate(found.items())
    ]


def _counted(name: str, role: str, known: Compared, rule: Rule, seed: int, at: int) -> FeatureDrift:
    counted = known.counted
    comparable = is_comparable(known.pair)
    kind = kind_of(known.pair[0].kind, role) if comparable else "incomparable"
    method = known.method or rule.method_of(name, kind) or EVIDENTLY
    threshold = rule.threshold_of(name, method, kind)
    about: dict[str, Any] = {"feature": name, "kind": kind, "method": method, "threshold": threshold}
    about |= facts(known.pair) | {"role": role}
    if counted is None:
        return FeatureDrift(status="insufficient_data" if comparable else "incomparable", **about)
    if math.isnan(counted.score):
        return FeatureDrift(status=NOT_ANSWERED, **about)
    found = uncertain(counted.layout, counted.score, seed, at) if counted.layout else {}
    said = {
        "score": counted.score,
        "error": counted.error,
        "drifted": drifted(method, counted.score, threshold),
    }
    return FeatureDrift(status="measured", **about | said | found)


def _feature(
    pair: Pair, rule: Rule, periods: Periods | None, seed: int, at: int, fewest: int
) -> FeatureDrift:
    named = rule.method_of(pair.name, pair.kind)
    is_comparable = pair.kind != "incomparable" and min(len(pair.reference), len(pair.current)) > 0
    method = named or (
        evidently_takes(pair.kind, len(pair.reference), pair.values) if is_comparable else EVIDENTLY
    )
    threshold = rule.threshold_of(pair.name, method, pair.kind)
    periods = None if rule.is_fixed(pair.name) else periods
    facts: dict[str, Any] = {
        "feature": pair.name,
        "kind": pair.kind,
        "n_reference": len(pair.reference),
        "n_current": len(pair.current),
        "missing_reference": pair.missing_reference,
        "missing_current": pair.missing_current,
        "method": method,
        "threshold": threshold if periods is None else None,
    }
    if pair.kind == "incomparable":
        return FeatureDrift(status="incomparable", **facts)
    if min(len(pair.reference), len(pair.current)) < fewest:
        return FeatureDrift(status="insufficient_data", **facts)
    own = usual(pair, periods, method) if periods else None
    if own and not own.is_enough:
        return FeatureDrift(status="insufficient_data", own_periods=own.scores, **facts)
    found = _measured(pair, threshold, method, seed, at)
    if math.isnan(found["score"]):
        return FeatureDrift(status=NOT_ANSWERED, **facts)
    return FeatureDrift(status="measured", **facts | found | (_by_own(own, rule, found) if own else {}))


def _by_own(own: Usual, rule: Rule, found: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict by what is usual for the feature, in place of the one by a fixed threshold."""
    period, largest = own.largest
    limit = max(rule.margin * largest, found.get("by_chance") or 0.0)
    return {
        "threshold": limit,
        "drifted": found["score"] > limit,
        "own_largest": largest,
        "own_period": period,
        "own_periods": own.scores,
    }


def _measured(pair: Pair, threshold: float, method: str, seed: int, at: int) -> dict[str, Any]:
    """Evidently's score and verdict, and around it what our equal statistic says of its uncertainty."""
    from monitoring.engines.drift_statistics import layout

    if method in P_VALUES:
        return asdict(_tested(pair, threshold, method))
    ours = layout(pair.reference, pair.current, method, categorical=pair.kind == "categorical")
    if method == PSI_DECILES:
        score = ours.score()
        return {"score": score, "drifted": drifted(method, score, threshold)} | uncertain(
            ours, score, seed, at
        )
    verdict, score = value_drift(pair, method, threshold), ours.score()
    if not _agree(method, score, verdict.score):
        return asdict(verdict)
    if pair.kind == "categorical":
        verdict = Drifted(score, drifted(method, score, threshold))
    return asdict(verdict) | uncertain(ours, verdict.score, seed, at)


def _agree(method: str, ours: float, theirs: float) -> bool:
    """Whether two scores are one. Of two equal periods Hellinger's root of almost nothing is 0 or 1e-8.

    Evidently adds categories in the order of a set, which another process has otherwise, so its last digits differ from run to
    run; ours are added in order.
    """
    if method == "hellinger":
        ours, theirs = ours**2, theirs**2
    return math.isclose(ours, theirs, rel_tol=EQUAL_WITHIN, abs_tol=EQUAL_WITHIN)


def _tested(pair: Pair, threshold: float, method: str) -> Drifted:
    """Evidently's p-value; 1 where nothing varies, for which each of its tests has an answer of its own or none."""
    from monitoring.engines.drift_statistics import layout

    if not pair.is_constant and method not in OF_AS_MANY_ROWS:
        return value_drift(pair, method, threshold)
    score = 1.0
    if not pair.is_constant:
        counts = layout(pair.reference, pair.current, "psi", categorical=True)
        score = OVER_CATEGORIES[method](counts.reference, counts.current)
    return Drifted(score, drifted(method, score, threshold))


def uncertain(ours: Layout, score: float, seed: int, at: int) -> dict[str, Any]:
    """What resampling says of a score: its interval, and what chance alone would give."""
    import numpy as np

    replicates = max(FEWEST_REPLICATES, min(REPLICATES, DRAWS_PER_FEATURE // ours.draws))
    rng = np.random.default_rng([seed, at])
    error = float(np.std(ours.resampled(replicates, rng), ddof=1))
    chance = float(np.quantile(ours.by_chance(replicates, rng), 0.95))
    low, high = max(0.0, score - Z * error), score + Z * error
    return {"low": low, "high": high, "by_chance": chance, "replicates": replicates}


def _summed(
    found: list[FeatureDrift],
    totals: tuple[int, int],
    chosen: Chosen,
    rule: Rule,
    seed: int,
    inputs: Mapping[str, str] | None,
    *,
    by_counts: bool = False,
) -> DriftResult:
    features, roles = parted(found)
    measured = [feature for feature in features if feature.status == "measured"]
    moved = sum(bool(feature.drifted) for feature in measured)
    read = [total if rows is None else len(rows) for total, rows in zip(totals, chosen, strict=True)]
    return DriftResult(
        features=features,
        roles=roles,
        measured=len(measured),
        drifted=moved,
        drifted_share=moved / len(measured) if measured else None,
        rows={
            "reference": totals[0],
            "current": totals[1],
            "reference_read": read[0],
            "current_read": read[1],
        },
        rule=rule,
        seed=seed,
        by_counts=by_counts,
        inputs=dict(inputs or {}),
        libraries=versions(*_libraries(found, by_counts=by_counts)),
    )


def _libraries(found: Sequence[FeatureDrift], *, by_counts: bool) -> Sequence[str]:
    rows = ("evidently", "numpy", "pandas", "scipy")
    if not by_counts:
        return rows
    asks_evidently = any(each.method in OF_VALUES and each.kind == "numeric" for each in found)
    return ("duckdb", *(rows if asks_evidently else ("numpy", "scipy")))
