"""Are people of different groups chosen at similar rates?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Check, Inputs, Judged, Limits, MeasurementFact, Verdict, worst
from monitoring.checks.fairness_figures import beside, gap_facts, group_name, not_told, rate_facts, weighed
from monitoring.checks.fairness_limits import JUDGED, LIMITS, NONE
from monitoring.checks.fairness_pairs import uncounted
from monitoring.checks.fairness_tree import primary
from monitoring.checks.fairness_words import SUMMARIES, Saying, saying
from monitoring.checks.grading import named, with_gaps

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from monitoring.engines.counts import Counts

MOST_NAMED = 10


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
    from monitoring.engines.refusals import CannotMeasure

    if inputs.weight:
        raise CannotMeasure("weights_not_counted")
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
        "weight": inputs.weight,
    }
    if inputs.decides:
        from monitoring.engines import boosters, scoring

        assert inputs.artefact is not None and inputs.threshold is not None
        model = boosters.load(inputs.artefact, inputs.artefact_format, inputs.features)
        scores = scoring.score_window(inputs.current, model, inputs.progress)
        asked |= {"threshold": inputs.threshold, "high_score": inputs.high_score}
        return "artefact", counts.from_scores(rows, scores, **asked)
    if inputs.prediction:
        return "prediction", counts.from_window(rows, prediction=inputs.prediction, **asked)
    assert inputs.threshold is not None
    asked |= {"threshold": inputs.threshold, "high_score": inputs.high_score}
    return "score", counts.from_score_column(rows, score=inputs.score, **asked)


def _rows(inputs: Inputs) -> Path | pa.Table:
    """The data period as it is, read out of core; joined only where outcomes came later, or where it has no column of them."""
    from monitoring.engines import late_labels, windows

    assert inputs.current is not None
    read = [*inputs.sensitive, *(name for name in (inputs.prediction, inputs.score, inputs.weight) if name)]
    has_own = inputs.labels is None and inputs.label in windows.column_types(inputs.current)
    if not inputs.label or inputs.label in read or has_own:
        return inputs.current
    of_labels: dict[str, Any] = {"identifier": inputs.identifier, "labels": inputs.labels}
    return late_labels.columns_of(inputs.current, read, label=inputs.label, **of_labels)


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """The point estimate of the measure that the plan's answers chose decides; the worst attribute speaks for all."""
    hidden = result.get("hidden", {})
    crossed = [] if limits["intersections"] == NONE else result.get("crossed", [])
    judged = [*result["attributes"], *(crossed if limits["intersections"] == JUDGED else [])]
    told = [each for each in crossed if each not in judged]
    gaps = {each["attribute"]: gap_facts(each, limits) for each in judged}
    silent = {each["attribute"]: not_told(each, limits) for each in judged}
    verdicts = [
        with_gaps(_verdict(each, gaps[each["attribute"]], limits, hidden), silent[each["attribute"]])
        for each in judged
    ]
    missing = [fact for each in judged for fact in silent[each["attribute"]]]
    facts = [fact for each in judged for fact in (*gaps[each["attribute"]], *beside(each, limits))] + missing
    facts += [fact for each in told for fact in (*gap_facts(each, {}), *beside(each, {}))]
    facts += [*rate_facts("", result["overall"], "reported"), *weighed(result)]
    verdict = worst([each for each in verdicts if each != "not_run"])
    if verdict == "uncertain" and any(each["attribute"] in hidden for each in judged):
        verdict = "insufficient_data"
    unseen = uncounted(result) if limits["intersections"] == JUDGED else {}
    if unseen and verdict in ("passed", "uncertain"):  # a pair that is not seen may be the one treated worse
        return Judged("insufficient_data", facts, "pairs_not_counted", unseen)
    decisive = next(each for each, its in zip(judged, verdicts, strict=True) if its == verdict)
    names = [group_name(each["group"]) for each in hidden.get(decisive["attribute"], [])]
    its = (
        _verdict(decisive, gaps[decisive["attribute"]], limits, hidden) if verdict == "uncertain" else verdict
    )
    said = _saying(its, decisive, gaps[decisive["attribute"]], limits, bool(names))
    params = {
        **_params(decisive, said.metric, limits, is_shown=verdict == "failed"),
        **named(missing),
        "hidden": ", ".join([*names[:MOST_NAMED], *["…"][: len(names) > MOST_NAMED]]),
    }
    return Judged(verdict, facts, said.key, params)


def _verdict(
    attribute: Mapping[str, Any], gaps: Sequence[MeasurementFact], limits: Limits, hidden: Mapping[str, Any]
) -> Verdict:
    if attribute["status"] != "measured":
        return "insufficient_data"
    judged = [fact.verdict for fact in gaps if fact.limit is not None or fact.verdict == "insufficient_data"]
    if attribute["attribute"] in hidden and not {"failed", "amber"} & set(judged):
        return "insufficient_data"  # a group that is not seen may be the one treated worse
    decides = next((fact for fact in gaps if fact.metric == primary(limits).metric), None)
    if decides is None or decides.limit is None:  # the measure that decides was not judged
        judged.append("insufficient_data")
    return worst(judged)


def _saying(
    verdict: Verdict,
    decisive: Mapping[str, Any],
    gaps: Sequence[MeasurementFact],
    limits: Limits,
    is_hidden: bool,
) -> Saying:
    chosen = primary(limits).metric
    if verdict != "insufficient_data":
        return saying(verdict, gaps, limits)
    if is_hidden:
        return Saying("hidden", chosen)
    not_judged = chosen != "demographic_parity_ratio" and decisive["status"] == "measured"
    return Saying("not_judged" if not_judged else str(verdict), chosen)


def retold(result: Mapping[str, Any], former: Limits, chosen: Limits) -> Mapping[str, Any] | None:
    """Which groups are compared is settled while they are counted."""
    return result if former["minimum_group"] == chosen["minimum_group"] else None


def _params(attribute: Mapping[str, Any], metric: str, limits: Limits, *, is_shown: bool) -> dict[str, Any]:
    """is_shown: of a red answer the pair that differs by more than chance, where it is not the farthest one."""
    gap = attribute["gaps"].get(metric, {})
    gap = (gap.get("shown") if is_shown else None) or gap
    params = {key: gap.get(key) for key in ("value", "low", "high", "n", "lowest", "highest")}
    return {
        **params,
        "attribute": attribute["attribute"],
        "measure": metric,
        "groups": sum(group["status"] == "compared" for group in attribute["groups"]),
        "limit": limits[metric],
        "amber": limits[f"{metric}_amber"],
        "minimum_group": limits["minimum_group"],
    }


CHECK = Check(
    key="fairness",
    version=7,
    title=_("Fairness between groups"),
    question=_("Does the model choose people of different groups at similar rates?"),
    how=_(
        "For every group of a sensitive column Fairlearn computes the share of favourable decisions and, where outcomes are "
        "known, the shares of right and wrong ones, over all rows that carry a decision. Groups below the smallest size are "
        "listed and not compared. Intervals are of 95 per cent: Wilson's for a share, Koopman's for the ratio of the lowest to "
        "the highest, Newcombe's for a difference; of several groups the lowest and the highest are picked as the farthest, so "
        "the interval of their gap is widened until those of all pairs of groups together hold at 95 per cent, while each group "
        "beside the largest is a single comparison; over a red limit a gap is red only where its interval leaves equality out, "
        "else amber."
    ),
    when_bad=_(
        "One group is given a favourable decision clearly less often than another, or meets mistakes more often. That is no "
        "proof of discrimination, for the groups may differ in what is decided upon, and a good value does not rule "
        "discrimination out. Look at the groups named, the data and the threshold, and let the second line say whether the "
        "difference is justified."
    ),
    unit="ratio",
    evidence="check:fairness",
    needs=("current", "sensitive", "decision"),
    limits=LIMITS,
    summaries=SUMMARIES,
    measure=measure,
    judgement=judge,
    retold=retold,
    notes=lambda limits: primary(limits).words,
    opens=_opens,
    reads_counts=True,
    reads_labels=True,
)
