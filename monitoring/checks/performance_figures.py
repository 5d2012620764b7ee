"""What a plan of performance may limit, and the figures of calibration and of cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Limit, Limits, MeasurementFact
from monitoring.checks.grading import exceeded, fact, of_side, unmeasured
from monitoring.engines.costs import Matrix, rise

PERIODS = ("current", "reference")
CALIBRATION = {"ece": "error", "calibration_slope": "slope", "calibration_intercept": "intercept"}
UNITS = {"ece": "difference", "calibration_slope": "slope", "calibration_intercept": "log-odds"}
ASKED = {
    "accuracy_fall": "difference",
    "auc_fall": "difference",
    "brier_rise": "squared error",
    "ece_rise": "difference",
    "cost_rise": "cost",
}
NEEDED = {"accuracy_fall": "decision", "auc_fall": "score"}
PLACES = 2
"""Digits after the point of a bin's mean score: bins that agree in them are told apart by their number."""


def calibrated(result: Mapping[str, Any]) -> list[MeasurementFact]:
    """Error, slope and intercept of each period, and bin by bin how often the scores came true."""
    found = []
    for part in PERIODS:
        told = result["periods"][part].get("calibration")
        if told is not None:
            found += [
                fact(f"{name}_{part}", "", told[key], UNITS[name])
                for name, key in CALIBRATION.items()
                if told[key]["value"] is not None
            ]
            found += _bins(told["bins"], part)
    return found


def _bins(bins: list[Mapping[str, Any]], part: str) -> list[MeasurementFact]:
    return [
        fact(f"came_true_{part}", f"{at:02}: {each['predicted']:.{PLACES}f}", each["observed"], "share")
        for at, each in enumerate(bins, start=1)
    ]


def costs(result: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """By how much the mean cost of a decision has risen, and what it was: only where the plan declares a cost matrix.

    The counts are in the result, so another matrix needs no other run.
    """
    matrix, decisions = _matrix(limits), _decisions(result)
    if matrix is None or None in decisions:
        return []
    before, now = (matrix.expected(each) for each in decisions)
    risen, amber, red = asdict(rise(before, now)), limits["cost_rise_amber"], limits["cost_rise"]
    verdict = of_side("at_most", amber, red, risen)
    return [
        fact("cost_rise", "", risen, "cost", exceeded(verdict, amber, red), verdict),
        fact("cost_current", "", asdict(now), "cost"),
        fact("cost_reference", "", asdict(before), "cost"),
    ]


def silent(result: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """Falls and rises that the plan limits and that the data periods do not tell.

    Accuracy needs decisions and the area needs scores; a model may rightly have one of them alone, and both have a limit by
    default. So a limit that stands at its default counts only where there is what it needs; another value, or an amber limit,
    was put there by a tier or a person and is asked for whatever there is.
    """
    told = {metric for metric in ASKED if metric.rpartition("_")[0] in result["falls"]}
    if _matrix(limits) is not None and None not in _decisions(result):
        told.add("cost_rise")
    found = []
    for metric, unit in ASKED.items():
        amber, red = limits[f"{metric}_amber"], limits[metric]
        needed = NEEDED.get(metric, "")
        if needed and red == DEFAULTS[metric] and not result.get("sources", {}).get(needed):
            red = None
        if metric not in told and (amber is not None or red is not None):
            found.append(unmeasured(metric, unit, red, amber=amber))
    return found


def _decisions(result: Mapping[str, Any]) -> list[Any]:
    return [result["periods"][part]["decisions"] for part in ("reference", "current")]


def _matrix(limits: Limits) -> Matrix | None:
    wrong = (limits["cost_false_positive"], limits["cost_false_negative"])
    if None in wrong:
        return None
    return Matrix(*wrong, limits["cost_true_positive"], limits["cost_true_negative"])


COST = _(
    "What one such decision costs you, in a unit of your own. Positive is the outcome that a high score stands for. Without the "
    "cost of both mistakes no cost is computed."
)
REPORTED = _("No limit is customary; without one the rise is reported and not judged.")
CONVENTION = _(
    "Five points are a convention of this house: no standard and no rule of law sets them. The reference must be data "
    "that the model was not trained on, for on its own training data every model looks better."
)
EARLIER = _(
    "Beyond it the answer is amber, to be looked into before it is red. No limit is customary; without one there is green or "
    "red alone. With few rows chance alone brings figures that far: three points need about a thousand rows in each period."
)
LIMITS = (
    Limit("accuracy_fall_amber", _("Fall of the accuracy: amber above"), None, EARLIER, "at_most"),
    Limit("accuracy_fall", _("Largest fall of the accuracy"), 0.05, CONVENTION, "at_most"),
    Limit("auc_fall_amber", _("Fall of the area under the ROC curve: amber above"), None, EARLIER, "at_most"),
    Limit("auc_fall", _("Largest fall of the area under the ROC curve"), 0.05, CONVENTION, "at_most"),
    Limit("brier_rise_amber", _("Rise of the Brier score: amber above"), None, EARLIER, "at_most"),
    Limit("brier_rise", _("Largest rise of the Brier score"), None, REPORTED, "at_most"),
    Limit("ece_rise_amber", _("Rise of the calibration error: amber above"), None, EARLIER, "at_most"),
    Limit("ece_rise", _("Largest rise of the calibration error"), None, REPORTED, "at_most"),
    Limit("cost_false_positive", _("Cost of a false positive"), None, COST),
    Limit("cost_false_negative", _("Cost of a false negative"), None, COST),
    Limit("cost_true_positive", _("Cost of a true positive"), 0.0, COST),
    Limit("cost_true_negative", _("Cost of a true negative"), 0.0, COST),
    Limit("cost_rise_amber", _("Rise of the cost of a decision: amber above"), None, EARLIER, "at_most"),
    Limit("cost_rise", _("Largest rise of the cost of a decision"), None, REPORTED, "at_most"),
    Limit(
        "labelled_share",
        _("Smallest share of rows with a known outcome"),
        None,
        _(
            "Outcomes that become known first may not be typical: who does not repay is known before who does. Below this share "
            "nothing is judged. No share is customary."
        ),
        "at_least",
    ),
)
DEFAULTS = {limit.key: limit.default for limit in LIMITS}
