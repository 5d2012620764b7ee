"""Are people of different groups chosen at similar rates?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import (
    Check,
    FactVerdict,
    Inputs,
    Judged,
    Limit,
    Limits,
    MeasurementFact,
    against,
    worst,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from monitoring.engines.counts import Counts

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
REPORTED = ("equal_opportunity_ratio", "false_positive_rate_difference", "false_positive_rate_ratio")
"""Gaps that no plan can limit: they are told and not judged."""
SIDES: dict[str, Literal["at_least", "at_most"]] = {
    "demographic_parity_ratio": "at_least",
    "demographic_parity_difference": "at_most",
    "equalized_odds_difference": "at_most",
    "equal_opportunity_difference": "at_most",
}


def measure(inputs: Inputs) -> dict[str, Any]:
    """Counts first, then an artefact to run, then a column of decisions, then a column of scores."""
    from monitoring.counting.documents import is_counts
    from monitoring.engines import fairness

    minimum = int(CHECK.limits_of(inputs.limits)["minimum_group"])
    if inputs.current is not None and is_counts(inputs.current):
        return _of_document(inputs.current, inputs, minimum)
    source, counts = _counted(inputs)
    result = fairness.measure(counts, minimum_group=minimum, inputs=inputs.digests)
    inputs.progress(100, "fairness")
    return {**result.to_dict(), "source": source, "threshold": inputs.threshold}


def _of_document(path: Path, inputs: Inputs, minimum: int) -> dict[str, Any]:
    """The decisions are those of the firm's own column: nothing is run here, so no threshold is applied."""
    from monitoring.engines.counted import fairness

    asked: dict[str, Any] = {"sensitive": inputs.sensitive, "favourable": inputs.favourable}
    found = fairness.measure(path, minimum_group=minimum, inputs=inputs.digests, **asked)
    inputs.progress(100, "fairness")
    return {**found, "source": "counts", "threshold": None}


def _opens(inputs: Inputs) -> bool:
    """Counts carry the firm's own decisions: where they are given nothing is decided here."""
    from monitoring.counting.documents import is_counts

    counted = bool(inputs.counts) or (inputs.current is not None and is_counts(inputs.current))
    return inputs.decides and not counted


def _counted(inputs: Inputs) -> tuple[str, Counts]:
    from monitoring.engines import counts

    if inputs.counts:
        return "counts", counts.from_rows(inputs.counts, favourable=inputs.favourable)
    assert inputs.current is not None
    rows = _rows(inputs)
    asked: dict[str, Any] = {
        "sensitive": inputs.sensitive,
        "label": inputs.label or None,
        "favourable": inputs.favourable,
    }
    if inputs.decides:
        from monitoring.engines import boosters, scoring

        assert inputs.artefact is not None and inputs.threshold is not None
        model = boosters.load(inputs.artefact, inputs.artefact_format, inputs.features)
        scores = scoring.score_window(inputs.current, model, inputs.progress)
        return "artefact", counts.from_scores(rows, scores, threshold=inputs.threshold, **asked)
    if inputs.prediction:
        return "prediction", counts.from_window(rows, prediction=inputs.prediction, **asked)
    assert inputs.threshold is not None
    return "score", counts.from_score_column(rows, score=inputs.score, threshold=inputs.threshold, **asked)


def _rows(inputs: Inputs) -> Path | pa.Table:
    """The data period, with the outcomes that came later where there are any, or where it has no column of its own."""
    from monitoring.engines import late_labels

    assert inputs.current is not None
    read = [*inputs.sensitive, *(name for name in (inputs.prediction, inputs.score) if name)]
    if not inputs.label or inputs.label in read:
        return inputs.current
    of_labels: dict[str, Any] = {"identifier": inputs.identifier, "labels": inputs.labels}
    return late_labels.columns_of(inputs.current, read, label=inputs.label, **of_labels)


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """The point estimate decides; the worst attribute speaks for all."""
    facts: list[MeasurementFact] = []
    verdicts = []
    hidden = result.get("hidden", {})
    for attribute in result["attributes"]:
        gaps = [
            _gap_fact(attribute, metric, limits.get(metric))
            for metric in SIDES
            if metric in attribute["gaps"]
        ]
        facts += gaps + _reported(attribute) + _against_largest(attribute)
        facts += [fact for group in attribute["groups"] for fact in _group_facts(attribute, group)]
        judged = [
            fact.verdict for fact in gaps if fact.limit is not None or fact.verdict == "insufficient_data"
        ]
        if attribute["attribute"] in hidden:  # a group that is not seen may be the one treated worse
            judged.append("insufficient_data")
        verdicts.append(worst(judged) if attribute["status"] == "measured" else "insufficient_data")
    verdict = worst([each for each in verdicts if each != "not_applicable"])
    decisive = next(at for at, each in zip(result["attributes"], verdicts, strict=True) if each == verdict)
    facts += _rate_facts("", result["overall"], "reported")
    names = [_group_name(each["group"]) for each in hidden.get(decisive["attribute"], [])]
    key = "hidden" if names and verdict == "insufficient_data" else str(verdict)
    return Judged(verdict, facts, key, {**_params(decisive, limits), "hidden": ", ".join(names)})


def _group_name(group: str | None) -> str:
    return "?" if group is None else group


def retold(result: Mapping[str, Any], former: Limits, chosen: Limits) -> Mapping[str, Any] | None:
    """Which groups are compared is settled while they are counted."""
    return result if former["minimum_group"] == chosen["minimum_group"] else None


def _gap_fact(attribute: Mapping[str, Any], metric: str, limit: float | None) -> MeasurementFact:
    gap = attribute["gaps"][metric]
    return MeasurementFact(
        metric=metric,
        subject=attribute["attribute"],
        value=gap["value"],
        low=gap["low"],
        high=gap["high"],
        n=gap["n"],
        unit="ratio" if metric.endswith("ratio") else "difference",
        limit=limit,
        verdict=against(SIDES.get(metric, "at_most"), limit, gap["value"], gap["low"], gap["high"]),
    )


def _reported(attribute: Mapping[str, Any]) -> list[MeasurementFact]:
    return [
        _gap_fact(attribute, metric, None)
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
    return _rate_facts(f"{attribute['attribute']}={_group_name(group['group'])}", group, verdict)


def _rate_facts(subject: str, group: Mapping[str, Any], verdict: FactVerdict) -> list[MeasurementFact]:
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


def _params(attribute: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    gap = attribute["gaps"].get("demographic_parity_ratio", {})
    params = {key: gap.get(key) for key in ("value", "low", "high", "n", "lowest", "highest")}
    return {
        **params,
        "attribute": attribute["attribute"],
        "limit": limits["demographic_parity_ratio"],
        "minimum_group": limits["minimum_group"],
    }


CHECK = Check(
    key="fairness",
    version=2,
    title=_("Fairness between groups"),
    question=_("Does the model choose people of different groups at similar rates?"),
    unit="ratio",
    evidence="check:fairness",
    needs=("current", "sensitive", "decision"),
    limits=(
        Limit(
            "demographic_parity_ratio",
            _("Lowest rate divided by the highest, at least"),
            0.8,
            _(
                "The four-fifths rule: a convention of US employment practice (1978), not a statistical law and not "
                "a rule of Kazakhstan's law. Set the limit that your own policy names."
            ),
            "at_least",
        ),
        Limit(
            "equalized_odds_difference",
            _("Largest gap in true or false positive rates, at most"),
            None,
            _(
                "No limit is customary; without one the gap is reported and not judged. It needs known outcomes."
            ),
            "at_most",
        ),
        Limit(
            "equal_opportunity_difference",
            _("Largest gap in true positive rates, at most"),
            None,
            _(
                "No limit is customary; without one the gap is reported and not judged. It needs known outcomes."
            ),
            "at_most",
        ),
        Limit(
            "minimum_group",
            _("Smallest group that is compared, people"),
            30,
            _(
                "A smaller group is listed but not compared: its rate would be mostly chance. 30 is a convention."
            ),
        ),
    ),
    summaries={
        "passed": _(
            "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
            "above the limit %(limit)s with its whole interval."
        ),
        "uncertain": _(
            "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
            "it passes the limit %(limit)s, but the interval crosses it, so this is uncertain."
        ),
        "failed": _(
            "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
            "outside the limits of the plan (ratio at least %(limit)s). Lowest: %(lowest)s, highest: %(highest)s."
        ),
        "insufficient_data": _(
            "%(attribute)s has fewer than two groups of at least %(minimum_group)s people: too few to compare."
        ),
        "hidden": _(
            "%(attribute)s is not judged: the counts of %(hidden)s did not leave the organisation, because fewer than 10 "
            "people stand in one of their cells or would be found out by them."
        ),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
    retold=retold,
    opens=_opens,
    reads_counts=True,
    reads_labels=True,
)
