"""The figures of fairness: gaps with their limits, each group beside the largest, and every rate with its counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from monitoring.checks.check import FactVerdict, Limits, MeasurementFact, against
from monitoring.checks.fairness_tree import primary
from monitoring.checks.grading import exceeded, of_side, unmeasured
from monitoring.engines.intervals import holds_equality

RATES = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "false_negative_rate",
    "true_negative_rate",
    "precision",
    "accuracy",
)
CONFUSION = ("true_positives", "false_positives", "false_negatives", "true_negatives")
REPORTED = ("equal_opportunity_ratio", "false_positive_rate_ratio")
"""Gaps that no plan can limit: they are told and not judged."""
SIDES: dict[str, Literal["at_least", "at_most"]] = {
    "demographic_parity_ratio": "at_least",
    "demographic_parity_difference": "at_most",
    "equalized_odds_difference": "at_most",
    "equal_opportunity_difference": "at_most",
    "false_positive_rate_difference": "at_most",
}


def gap_facts(attribute: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """Gaps that a plan may limit. The ratio is judged only where equal rates are owed."""
    owed = {**limits}
    if primary(limits).metric != "demographic_parity_ratio":
        owed |= dict.fromkeys(("demographic_parity_ratio", "demographic_parity_ratio_amber"))
    return [_gap_fact(attribute, metric, owed) for metric in SIDES if metric in attribute["gaps"]]


def is_by_chance(fact: MeasurementFact, limits: Limits) -> bool:
    """Whether a gap is over its red limit and amber all the same, because its interval holds equality."""
    over = against(SIDES[fact.metric], limits.get(fact.metric), fact.value, fact.low, fact.high)
    return fact.verdict == "amber" and over == "failed"


def not_told(attribute: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """Gaps that the plan limits and that the groups do not tell, such as those of mistakes where no outcomes are known."""
    if attribute["status"] != "measured":
        return []
    n = sum(group["confusion"]["n"] for group in attribute["groups"])
    silent = [metric for metric in SIDES if metric not in attribute["gaps"]]
    asked = {metric: (limits.get(f"{metric}_amber"), limits.get(metric)) for metric in silent}
    return [
        unmeasured(metric, "difference", red, attribute["attribute"], n, amber=amber)
        for metric, (amber, red) in asked.items()
        if (amber, red) != (None, None)
    ]


def beside(attribute: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """What is told beside the gaps."""
    groups = [fact for group in attribute["groups"] for fact in _group_facts(attribute, group)]
    return _reported(attribute) + _tested(attribute) + _against_largest(attribute) + groups


def group_name(group: str | None) -> str:
    """As the figures name it; nobody's group is a question mark."""
    return "?" if group is None else group


def _tested(attribute: Mapping[str, Any]) -> list[MeasurementFact]:
    """The p-value of the gap between the lowest and the highest group, beside the ratio."""
    return [
        MeasurementFact(
            f"{rate}_gap_{each['test']}",
            attribute["attribute"],
            each["p_value"],
            None,
            None,
            each["n"],
            "p-value",
            None,
            "reported",
        )
        for rate, each in attribute.get("tests", {}).items()
    ]


def _gap_fact(attribute: Mapping[str, Any], metric: str, limits: Limits) -> MeasurementFact:
    """Over its red limit a gap is red only where the interval of such a pair leaves equality out: else it may be chance."""
    gap, amber, red = attribute["gaps"][metric], limits.get(f"{metric}_amber"), limits.get(metric)
    verdict = of_side(SIDES.get(metric, "at_most"), amber, red, gap)
    limit = exceeded(verdict, amber, red)
    if verdict == "failed" and _is_unshown(metric, gap, red):
        verdict = "amber"
    return MeasurementFact(
        metric=metric,
        subject=attribute["attribute"],
        value=gap["value"],
        low=gap["low"],
        high=gap["high"],
        n=gap["n"],
        unit="ratio" if metric.endswith("ratio") else "difference",
        limit=limit,
        verdict=verdict,
    )


def _is_unshown(metric: str, gap: Mapping[str, Any], red: float | None) -> bool:
    """Whether no pair of groups is over the limit by more than chance."""
    shown = gap.get("shown")
    if not holds_equality(metric, gap):
        return False
    return shown is None or of_side(SIDES.get(metric, "at_most"), None, red, shown) != "failed"


def _reported(attribute: Mapping[str, Any]) -> list[MeasurementFact]:
    return [
        _gap_fact(attribute, metric, {})
        for metric in REPORTED
        if attribute["gaps"].get(metric, {}).get("value") is not None
    ]


def _against_largest(attribute: Mapping[str, Any]) -> list[MeasurementFact]:
    return [
        MeasurementFact(
            f"{how}_to_largest",
            f"{attribute['attribute']}={each['group']}",
            each[how]["value"],
            each[how]["low"],
            each[how]["high"],
            each[how]["n"],
            how,
            None,
            "reported",
        )
        for each in attribute["against_largest"]
        for how in ("ratio", "difference")
        if each[how]["value"] is not None
    ]


def _group_facts(attribute: Mapping[str, Any], group: Mapping[str, Any]) -> list[MeasurementFact]:
    verdict: FactVerdict = "reported" if group["status"] == "compared" else "insufficient_data"
    return rate_facts(f"{attribute['attribute']}={group_name(group['group'])}", group, verdict)


def rate_facts(subject: str, group: Mapping[str, Any], verdict: FactVerdict) -> list[MeasurementFact]:
    """The rates that have something to be counted over, and the four counts behind them."""
    rates = [
        MeasurementFact(
            rate, subject, each["value"], each["low"], each["high"], each["n"], "share", None, verdict
        )
        for rate in RATES
        for each in [group[rate]]
        if each["n"]
    ]
    told = group["confusion"]
    counts = [
        MeasurementFact(count, subject, told[count], None, None, told["n"], "rows", None, verdict)
        for count in CONFUSION
        if told["n"]
    ]
    return rates + counts


def weighed(result: Mapping[str, Any]) -> list[MeasurementFact]:
    """How many rows the weights leave, of all with a decision; nothing where each row counts once."""
    found = result.get("weights")
    if not found:
        return []
    n = result["rows"]["total"] - result["rows"]["without_prediction"]
    value = float(found["effective"])
    return [
        MeasurementFact("effective_rows", found["column"], value, None, None, n, "rows", None, "reported")
    ]
