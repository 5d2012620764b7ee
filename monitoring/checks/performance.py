"""Are the model's answers still as good as when it was approved?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import (
    Check,
    FactVerdict,
    Inputs,
    Judged,
    Limit,
    Limits,
    MeasurementFact,
    Verdict,
    worst,
)
from monitoring.checks.grading import exceeded, fact, named, of_side, with_gaps
from monitoring.checks.performance_figures import LIMITS, calibrated, costs, silent

if TYPE_CHECKING:
    from monitoring.engines.outcomes import Outcomes

JUDGED = ("accuracy", "auc")
FALLS = ("gini", "ks", "precision", "true_positive_rate", "balanced_accuracy")
"""Told and not judged: each says in its own way what the two that are judged say."""
RISES = {"brier": "squared error", "ece": "difference"}
PERIODS = ("current", "reference")
FIGURES = {
    "accuracy": "share",
    "auc": "area",
    "gini": "coefficient",
    "ks": "distance",
    "brier": "squared error",
    "base_rate": "share",
}
SHARES = (
    "balanced_accuracy",
    "true_positive_rate",
    "true_negative_rate",
    "false_positive_rate",
    "false_negative_rate",
    "precision",
)
CONFUSION = ("true_positives", "false_positives", "false_negatives", "true_negatives")


def measure(inputs: Inputs) -> dict[str, Any]:
    """The artefact is run over both periods when there is one; else their own columns of scores and decisions."""
    from monitoring.engines import performance

    sources = {"score": "column" if inputs.score else "", "decision": "column" if inputs.prediction else ""}
    if inputs.scores_itself:
        sources["score"] = "artefact"
    if inputs.threshold is not None and sources["score"] and (inputs.scores_itself or not inputs.prediction):
        sources["decision"] = "score"
    result = performance.measure(
        _outcomes(inputs, "reference"), _outcomes(inputs, "current"), inputs=inputs.digests
    )
    inputs.progress(100, "performance")
    facts = {"sources": sources, "threshold": inputs.threshold, "favourable": inputs.favourable}
    return {**result.to_dict(), **facts}


def _outcomes(inputs: Inputs, part: str) -> Outcomes:
    from monitoring.engines import boosters, late_labels, outcomes, scoring

    path = inputs.reference if part == "reference" else inputs.current
    assert path is not None
    rows = late_labels.columns_of(
        path,
        [inputs.prediction, inputs.score],
        label=inputs.label,
        identifier=inputs.identifier,
        labels=inputs.labels if part == "current" else None,
    )
    answers = (inputs.prediction, inputs.score, inputs.threshold, inputs.high_score)
    asked = outcomes.Asked(inputs.label, inputs.favourable, *answers)
    if not inputs.scores_itself:
        return outcomes.read(rows, asked)
    assert inputs.artefact is not None
    model = boosters.load(inputs.artefact, inputs.artefact_format, inputs.features)
    return outcomes.read(rows, asked, scoring.score_window(path, model, inputs.progress))


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """The point of each fall decides, amber before red; one within its limits whose interval crosses one is uncertain.

    So is an answer in which a limit of the plan found no figure.
    """
    falls = [_fall_fact(key, result, limits) for key in JUDGED if key in result["falls"]]
    falls += [_rise_fact(key, result, limits) for key in RISES if key in result["falls"]] + costs(
        result, limits
    )
    gaps = silent(result, limits)
    told = [_fall_fact(key, result, limits) for key in FALLS if key in result["falls"]] + _labelled_facts(
        result
    )
    told += _period_facts(result) + _decision_facts(result) + calibrated(result)
    fewest = min(result["periods"][part]["n"] for part in PERIODS)
    params = {**_params(result, limits, fewest), **named(gaps)}
    told += gaps
    unsaid = [replace(fact, verdict="insufficient_data") for fact in falls]
    if _is_little_known(result, limits):
        return Judged("insufficient_data", unsaid + told, "little_known", params)
    if fewest < limits["fewest_rows"]:
        return Judged("insufficient_data", unsaid + told, "insufficient_data", params)
    verdict = worst([fact.verdict for fact in falls if fact.verdict != "reported"])
    return Judged(with_gaps(verdict, gaps), falls + told, *_sentence(verdict, falls, params))


def _sentence(
    verdict: Verdict, falls: list[MeasurementFact], params: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The key of what is said: of a rise that alone exceeds its limit by its own name."""
    beyond = [each for each in falls if each.verdict == verdict and verdict in ("failed", "amber")]
    if beyond and not any(each.metric in (f"{key}_fall" for key in JUDGED) for each in beyond):
        return beyond[0].metric, {**params, "rise": beyond[0].value, "limit": beyond[0].limit}
    return ("one_outcome" if verdict == "insufficient_data" else verdict), params


def _fall_fact(key: str, result: Mapping[str, Any], limits: Limits) -> MeasurementFact:
    fall, amber, red = result["falls"][key], limits.get(f"{key}_fall_amber"), limits.get(f"{key}_fall")
    verdict = of_side("at_most", amber, red, fall)
    return _fact(f"{key}_fall", fall, "difference", exceeded(verdict, amber, red), verdict)


def _rise_fact(key: str, result: Mapping[str, Any], limits: Limits) -> MeasurementFact:
    rise, amber, red = result["falls"][key], limits[f"{key}_rise_amber"], limits[f"{key}_rise"]
    verdict = of_side("at_most", amber, red, rise)
    return _fact(f"{key}_rise", rise, RISES[key], exceeded(verdict, amber, red), verdict)


def _labelled_facts(result: Mapping[str, Any]) -> list[MeasurementFact]:
    """Share of the rows whose outcome is known: all rows are looked at, so it has no interval."""
    return [
        fact(f"labelled_share_{part}", "", {"value": share, "low": None, "high": None, "n": n}, "share")
        for part in PERIODS
        for share, n in [_labelled(result, part)]
    ]


def _labelled(result: Mapping[str, Any], part: str) -> tuple[float, int]:
    period = result["periods"][part]
    return (period["rows"] - period["without_label"]) / period["rows"], period["rows"]


def _is_little_known(result: Mapping[str, Any], limits: Limits) -> bool:
    """Outcomes that are known first may be those of special cases."""
    least = limits["labelled_share"]
    return least is not None and _labelled(result, "current")[0] < least


def _period_facts(result: Mapping[str, Any]) -> list[MeasurementFact]:
    return [
        _fact(f"{figure}_{part}", result["periods"][part][figure], unit, None, "reported")
        for figure, unit in FIGURES.items()
        for part in PERIODS
        if result["periods"][part][figure] is not None
    ]


def _decision_facts(result: Mapping[str, Any]) -> list[MeasurementFact]:
    """Shares that have something to be counted over, and the four counts behind them."""
    facts = []
    for part in PERIODS:
        period = result["periods"][part]
        told = period["decisions"] or {}
        facts += [
            _fact(f"{share}_{part}", told[share], "share", None, "reported")
            for share in SHARES
            if told and told[share]["value"] is not None
        ]
        facts += [
            MeasurementFact(
                f"{count}_{part}", "", told[count], None, None, period["n"], "rows", None, "reported"
            )
            for count in CONFUSION
            if told
        ]
    return facts


def _fact(
    metric: str, found: Mapping[str, Any], unit: str, limit: float | None, verdict: FactVerdict
) -> MeasurementFact:
    return MeasurementFact(
        metric, "", found["value"], found["low"], found["high"], found["n"], unit, limit, verdict
    )


def _params(result: Mapping[str, Any], limits: Limits, fewest: int) -> dict[str, Any]:
    values = {
        f"{figure}_{part}": (result["periods"][part][figure] or {}).get("value")
        for figure in JUDGED
        for part in PERIODS
    }
    falls = {f"{key}_fall": (result["falls"].get(key) or {}).get("value") for key in JUDGED}
    set_limits = {f"{key}_limit": limits[f"{key}_fall"] for key in JUDGED}
    set_limits |= {f"{key}_amber": limits[f"{key}_fall_amber"] for key in JUDGED}
    known = {"labelled": _labelled(result, "current")[0], "least": limits["labelled_share"]}
    return {**values, **falls, **set_limits, **known, "n": fewest, "fewest": limits["fewest_rows"]}


CHECK = Check(
    key="performance",
    version=4,
    title=_("Performance"),
    question=_("Are the model's answers still as good as on the data it was approved on?"),
    how=_(
        "Every row with a known outcome and an answer counts, in the current data period and in the reference; the answer "
        "comes from the model's file where it can be run here, else from the columns of the data period. scikit-learn "
        "computes the accuracy and the area under the ROC curve. Intervals of the fall are of 95 per cent: Newcombe's for "
        "the accuracy, DeLong's for the area."
    ),
    when_bad=_(
        "The model is wrong more often than on the data it was approved on, or tells good cases from bad ones less well. "
        "The figures do not say why, and outcomes that are known first may not be typical. Look at the share of known "
        "outcomes and at the checks of drift and of data quality, then decide whether to limit the model, train it anew or "
        "suspend it."
    ),
    unit="difference",
    evidence="check:performance",
    needs=("reference", "current", "label", "answer"),
    limits=(
        *LIMITS,
        Limit(
            "fewest_rows",
            _("Fewest rows with a known outcome in either period"),
            50,
            _(
                "With 50 rows an accuracy is known to about 14 points either way; fewer say next to nothing. "
                "50 is a convention."
            ),
        ),
    ),
    summaries={
        "passed": _(
            "The answers are as good as before. Accuracy: %(accuracy_current)s, in the reference %(accuracy_reference)s. "
            "Area under the ROC curve: %(auc_current)s, in the reference %(auc_reference)s."
        ),
        "uncertain": _(
            "The falls are within the limits %(accuracy_limit)s and %(auc_limit)s, but an interval crosses its limit, so "
            "this is uncertain. Accuracy: %(accuracy_current)s, in the reference %(accuracy_reference)s. Area under the "
            "ROC curve: %(auc_current)s, in the reference %(auc_reference)s."
        ),
        "amber": _(
            "Look into it: an answer has got worse, beyond an amber limit of the plan and not beyond a red one. Accuracy: "
            "%(accuracy_current)s, in the reference %(accuracy_reference)s (amber above a fall of %(accuracy_amber)s). Area "
            "under the ROC curve: %(auc_current)s, in the reference %(auc_reference)s (amber above a fall of %(auc_amber)s)."
        ),
        "failed": _(
            "The answers have got worse, beyond the limits of the plan. Accuracy: %(accuracy_current)s, in the reference "
            "%(accuracy_reference)s (largest fall %(accuracy_limit)s). Area under the ROC curve: %(auc_current)s, in the "
            "reference %(auc_reference)s (largest fall %(auc_limit)s)."
        ),
        "insufficient_data": _(
            "Only %(n)s rows of a period have a known outcome and an answer; at least %(fewest)s are needed."
        ),
        "brier_rise": _("The Brier score has risen by %(rise)s, beyond the limit %(limit)s of the plan."),
        "ece_rise": _(
            "The scores come true less well than before: the calibration error has risen by %(rise)s, beyond the limit "
            "%(limit)s of the plan."
        ),
        "cost_rise": _(
            "By the cost matrix of the plan a decision costs %(rise)s more than in the reference, beyond the limit %(limit)s."
        ),
        "little_known": _(
            "The outcome of only %(labelled)s of the rows is known; the plan asks for at least %(least)s. Not judged yet."
        ),
        "one_outcome": _(
            "One of the two outcomes is too rare in a data period to say how well the scores rank, or there is neither a "
            "decision nor a score to judge."
        ),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
    opens=lambda inputs: inputs.scores_itself,
    reads_labels=True,
)
