"""How often the decisions were right and how well the scores rank, now and in the reference, by scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitoring.engines.calibration import METHOD as CALIBRATED
from monitoring.engines.calibration import Calibration, calibration
from monitoring.engines.costs import rise
from monitoring.engines.decided import Decided, decided
from monitoring.engines.intervals import Estimate, Z, newcombe_difference, wilson
from monitoring.engines.outcomes import Outcomes
from monitoring.engines.ranking import Area, area, doubled, fall, gini, separation
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain
from monitoring.engines.versions import versions

if TYPE_CHECKING:
    import numpy as np

METHOD = {
    "instrument": "scikit-learn accuracy_score, balanced_accuracy_score, confusion_matrix, roc_auc_score, "
    "brier_score_loss; scipy ks_2samp",
    "share_interval": "wilson",
    "balanced_accuracy_interval": "wilson intervals of both rates, combined",
    "ks_interval": "dvoretzky-kiefer-wolfowitz bands of both outcomes",
    "accuracy_fall_interval": "newcombe hybrid score",
    "auc_interval": "delong; rule of three for a ranking without a mistake",
    "auc_fall_interval": "delong, independent periods",
    "brier_interval": "mean ± 1.96 standard errors",
    "share_fall_interval": "newcombe hybrid score",
    "other_fall_interval": "halves of both intervals, as errors of independent periods",
    **CALIBRATED,
    "confidence": 0.95,
}


@dataclass(frozen=True)
class Performance:
    """One data period. Estimates are None where nobody gave decisions, scores, or scores between 0 and 1."""

    rows: int
    n: int
    events: int
    without_label: int
    without_answer: int
    base_rate: Estimate
    accuracy: Estimate | None
    decisions: Decided | None
    auc: Estimate | None
    gini: Estimate | None
    ks: Estimate | None
    brier: Estimate | None
    calibration: Calibration | None


@dataclass(frozen=True)
class PerformanceResult:
    """Both periods, and by how much each figure got worse. A fall is positive when the current period is worse."""

    periods: dict[str, Performance]
    falls: dict[str, Estimate]
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        return {"kind": "performance", "method": METHOD, "seed": None, **plain(self)}


def measure(
    reference: Outcomes, current: Outcomes, *, inputs: Mapping[str, str] | None = None
) -> PerformanceResult:
    """Figures of both periods and their falls. Raises CannotMeasure for a period without an answered outcome."""
    if current.without_label == current.rows:
        raise CannotMeasure("no_labels", rows=current.rows)
    for name, each in (("reference", reference), ("current", current)):
        if not len(each.truth):
            raise CannotMeasure("no_outcomes", period=name)
    areas = [None if each.scores is None else area(each.truth, each.scores) for each in (reference, current)]
    before, now = (_performance(each, its) for each, its in zip((reference, current), areas, strict=True))
    return PerformanceResult(
        periods={"reference": before, "current": now},
        falls=_falls(before, now, *areas),
        inputs=dict(inputs or {}),
        libraries=versions("scikit-learn", "scipy", "numpy", "duckdb"),
    )


def _performance(seen: Outcomes, ranked: Area | None) -> Performance:
    events = int(seen.truth.sum())
    judged = None if seen.decisions is None else decided(seen.truth, seen.decisions)
    ranking = None if ranked is None else ranked.estimate()
    return Performance(
        rows=seen.rows,
        n=len(seen.truth),
        events=events,
        without_label=seen.without_label,
        without_answer=seen.without_answer,
        base_rate=wilson(events, len(seen.truth)),
        accuracy=None if judged is None else judged.accuracy,
        decisions=judged,
        auc=ranking,
        gini=None if ranking is None else gini(ranking),
        ks=None if seen.scores is None else separation(seen.truth, seen.scores),
        brier=None if seen.scores is None else _brier(seen.truth, seen.scores),
        calibration=None if seen.scores is None else calibration(seen.truth, seen.scores),
    )


def _brier(truth: np.ndarray, scores: np.ndarray) -> Estimate | None:
    """Mean squared error of the probabilities; None when some score is no probability."""
    from sklearn.metrics import brier_score_loss

    if scores.min() < 0 or scores.max() > 1:
        return None
    errors = (scores - truth) ** 2
    value = float(brier_score_loss(truth, scores, pos_label=True))
    half = Z * float(errors.std(ddof=1)) / math.sqrt(len(errors)) if len(errors) > 1 else 1.0
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), len(errors))


def _falls(
    before: Performance, now: Performance, area_before: Area | None, area_now: Area | None
) -> dict[str, Estimate]:
    """By how much each figure got worse; of the Brier and the calibration error, by how much it rose."""
    falls = {}
    if before.accuracy and now.accuracy:
        falls["accuracy"] = newcombe_difference(_counted(before.accuracy), _counted(now.accuracy))
    if before.decisions and now.decisions:
        falls |= _falls_of_decisions(before.decisions, now.decisions)
    if area_before and area_now:
        falls["auc"] = fall(area_before, area_now)
        falls["gini"] = doubled(falls["auc"])
    if before.ks and now.ks:
        falls["ks"] = rise(now.ks, before.ks)
    if before.brier and now.brier:
        falls["brier"] = rise(before.brier, now.brier)
    if before.calibration and now.calibration:
        falls["ece"] = rise(before.calibration.error, now.calibration.error)
    return falls


def _falls_of_decisions(before: Decided, now: Decided) -> dict[str, Estimate]:
    shares = {
        name: newcombe_difference(_counted(getattr(before, name)), _counted(getattr(now, name)))
        for name in ("precision", "true_positive_rate")
    }
    return {**shares, "balanced_accuracy": rise(now.balanced_accuracy, before.balanced_accuracy)}


def _counted(share: Estimate) -> tuple[int, int]:
    """How many rows the share counts, of how many."""
    return round((share.value or 0.0) * share.n), share.n
