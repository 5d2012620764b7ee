"""Do the data that the model meets today still look like the data it was approved on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks import drift_chance, drift_columns, drift_figures
from monitoring.checks.check import Check, Inputs, Judged, Limits, Verdict
from monitoring.checks.drift_chance import BY_CHANCE
from monitoring.checks.drift_columns import CELLS
from monitoring.checks.drift_limits import FEWEST, FIXED, LIMITS
from monitoring.checks.drift_roles import NOT_COUNTED, ROLE_SUMMARIES
from monitoring.checks.grading import NOTHING
from monitoring.engines.drift_result import NOT_ANSWERED
from monitoring.engines.drift_rule import (
    FROZEN_BASELINE,
    OWN_PERIODS,
    P_VALUES,
    Own,
    Rule,
    drifted,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OTHER_FIGURES = ("limits_from", CELLS, "numeric_method", "categorical_method", FEWEST)
"""Settings under which the scores themselves would be others."""
LEAST = 2
"""Values without which there is nothing to compare, whatever a plan says."""
NAMED = 5
"""How many drifted features a sentence names."""


def measure(inputs: Inputs) -> dict[str, Any]:
    """Evidently's ValueDrift of every declared feature, or over the frozen baseline: so the plan says, or there are no rows."""
    from monitoring.counting.documents import is_counts
    from monitoring.engines import drift, frozen_drift

    assert inputs.current is not None
    limits = CHECK.limits_of(inputs.limits)
    rule, fewest = rule_of(limits), max(LEAST, int(limits[FEWEST]))
    if any(is_counts(each) for each in (inputs.reference, inputs.current) if each):
        assert inputs.reference is not None
        about: dict[str, Any] = {"features": inputs.features, "roles": inputs.roles, "rule": rule}
        about |= {"fewest": fewest, "seed": inputs.seed, "inputs": inputs.digests}
        return frozen_drift.measure(inputs.reference, inputs.current, **about).to_dict()
    if limits[CELLS] == FROZEN_BASELINE:
        return _over_baseline(inputs, rule, fewest)
    assert inputs.reference is not None
    return drift.measure(
        inputs.reference,
        inputs.current,
        features=inputs.features,
        categorical=inputs.categorical,
        roles=inputs.roles,
        rule=rule,
        time=inputs.time,
        fewest=fewest,
        seed=inputs.seed,
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def _over_baseline(inputs: Inputs, rule: Rule, fewest: int) -> dict[str, Any]:
    """From what is kept; what is not yet is made here, and given back to be kept."""
    from monitoring.engines import frozen_baseline
    from monitoring.engines.counted.kept import baseline_of, scan_of

    assert inputs.current is not None
    digests, named = inputs.digests, inputs.categorical
    baseline = baseline_of(
        inputs.baseline,
        inputs.reference,
        inputs.features,
        named,
        digests.get("reference", ""),
        inputs.roles,
    )
    inputs.progress(20, "baseline")
    scan = scan_of(inputs.scan, inputs.current, baseline, named, digests.get("current", ""))
    inputs.progress(80, "drift")
    about: dict[str, Any] = {"features": inputs.features, "rule": rule, "fewest": fewest}
    about |= {"seed": inputs.seed}
    found = frozen_baseline.measure(baseline, scan, inputs=digests, **about).to_dict()
    return {**found, "kept": {"baseline": baseline.text, "scan": scan.text}} if inputs.keeps else found


def rule_of(limits: Limits) -> Rule:
    """The methods and thresholds of a plan. Raises CannotMeasure."""
    warning = float(limits["feature_score"])
    return Rule(
        limits["numeric_method"],
        warning,
        limits["categorical_method"],
        warning,
        limits["limits_from"],
        float(limits["margin"]),
        float(limits["significance"]),
        drift_columns.read(limits[drift_columns.KEY]),
    )


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """Red when the share of features that moved by more than chance reaches the limit, amber when any did, else passed.

    A column at its limit or beyond it that chance alone explains says nothing: where nothing else moved, the answer is uncertain.
    With limits from own periods a single feature is red as well, when it lies a multiple of its limit away. A score, a decision
    or an outcome that has drifted is amber by itself, and part of no share; one with too few values says nothing of the whole.
    Where counts do not tell them at all, or the method of any column has no answer for its values, the answer is not green.
    """
    features, roles, red = result["features"], result.get("roles", []), limits["drifted_share"]
    columns = [*features, *roles]
    moved, own = _moved(features), _moved(roles)
    share = _share_beyond(result)
    strong = _strong(result, limits["strong_multiple"])
    verdict = _verdict(features, moved, share, red)
    verdict, key = ("failed", "strong") if strong and verdict == "amber" else (verdict, str(verdict))
    unsaid = {
        NOT_COUNTED: [each["feature"] for each in _of(roles, NOT_COUNTED)],
        NOT_ANSWERED: [f"{each['feature']} ({each['method']})" for each in _of(columns, NOT_ANSWERED)],
        BY_CHANCE: [each["feature"] for each in columns if drift_chance.explains(each)],
    }
    if own:
        verdict, key = (verdict, f"{key}_own") if moved else ("amber", "own")
    elif unsaid[NOT_COUNTED] and verdict in ("passed", "uncertain"):
        verdict, key = "uncertain", NOT_COUNTED
    elif unsaid[NOT_ANSWERED] and not moved:
        verdict, key = "uncertain", NOT_ANSWERED
    elif unsaid[BY_CHANCE] and verdict in ("passed", "uncertain"):
        verdict, key = "uncertain", BY_CHANCE
    facts = [fact for each in columns for fact in drift_figures.of_column(each)]
    moved.sort(key=_distance, reverse=True)
    params = {
        "drifted": len(moved),
        "measured": result["measured"],
        "unmeasured": len(features) - result["measured"],
        "share": share,
        "limit": red,
        "names": ", ".join(each["feature"] for each in moved[:NAMED]),
        "strong": ", ".join(each["feature"] for each in strong[:NAMED]),
        "multiple": limits["strong_multiple"],
        "own": ", ".join(each["feature"] for each in own),
        "not_counted": ", ".join(unsaid[NOT_COUNTED]),
        "not_answered": ", ".join(unsaid[NOT_ANSWERED][:NAMED]),
        "by_chance": _named(unsaid[BY_CHANCE]),
        "too_few": _named([each["feature"] for each in _of(features, "insufficient_data")]),
    }
    return Judged(verdict, [drift_figures.of_share(result, share, red), *facts], key, params)


def _moved(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By more than chance, or so that they cannot be compared any more."""
    drifted = [each for each in columns if each["drifted"] or each["status"] == "incomparable"]
    return [each for each in drifted if not drift_chance.explains(each)]


def _of(columns: list[dict[str, Any]], status: str) -> list[dict[str, Any]]:
    return [each for each in columns if each["status"] == status]


def _named(names: list[str]) -> str:
    """The first ones; the figures below the sentence name all."""
    return ", ".join([*names[:NAMED], *("…" for _more in names[NAMED : NAMED + 1])]) or NOTHING


def _share_beyond(result: Mapping[str, Any]) -> float | None:
    """Of the features measured, those that moved by more than chance; the result's own share is Evidently's, of all."""
    share: float | None = result["drifted_share"]
    if share is None or not any(map(drift_chance.explains, result["features"])):
        return share
    moved = sum(each["status"] == "measured" for each in _moved(result["features"]))
    return float(moved / result["measured"])


def retold(result: Mapping[str, Any], former: Limits, chosen: Limits) -> dict[str, Any] | None:
    """The scores on file beside other limits of a feature; another method, or another source of limits, needs the data."""
    if any(former[key] != chosen[key] for key in OTHER_FIGURES) or _measures_otherwise(former, chosen):
        return None
    rule = rule_of(chosen)
    features, roles = ([_retold(each, rule) for each in result.get(key, [])] for key in ("features", "roles"))
    moved = sum(bool(each["drifted"]) for each in features if each["status"] == "measured")
    share = moved / result["measured"] if result["measured"] else None
    return {**result, "features": features, "roles": roles, "drifted": moved, "drifted_share": share}


def _measures_otherwise(former: Limits, chosen: Limits) -> bool:
    """Whether a column of its own has another method, or goes by its quarters as it did not before."""
    before, now = (drift_columns.read(each[drift_columns.KEY]) for each in (former, chosen))
    pairs = [(before.get(name, Own()), now.get(name, Own())) for name in before.keys() | now.keys()]
    by_quarters = chosen["limits_from"] == OWN_PERIODS
    loses_its_limit = any(
        by_quarters and one.limit is not None and other.limit is None for one, other in pairs
    )
    return loses_its_limit or any(one.method != other.method for one, other in pairs)


def _retold(feature: Mapping[str, Any], rule: Rule) -> Mapping[str, Any]:
    """With the same comparison as when it was measured: a fixed limit is reached, an own one is exceeded."""
    if feature["status"] != "measured":
        return feature
    if feature["method"] in P_VALUES or rule.is_fixed(feature["feature"]):
        limit = rule.threshold_of(feature["feature"], feature["method"], feature["kind"])
        return {**feature, "threshold": limit, "drifted": drifted(feature["method"], feature["score"], limit)}
    limit = max(rule.margin * feature["own_largest"], feature["by_chance"] or 0.0)
    return {**feature, "threshold": limit, "drifted": feature["score"] > limit}


def _strong(result: Mapping[str, Any], multiple: float) -> list[dict[str, Any]]:
    """The features that lie more than a multiple of their own limit away."""
    rule = result.get("rule", {})
    if rule.get("limits_from", FIXED) == FIXED:
        return []
    fixed = {name for name, own in rule.get("columns", {}).items() if own["limit"] is not None}
    judged = [each for each in result["features"] if each["drifted"] and each["threshold"]]
    judged = [each for each in judged if each["feature"] not in fixed]
    return [each for each in judged if each["score"] > multiple * each["threshold"]]


def _distance(feature: Mapping[str, Any]) -> float:
    """How far beyond its limit a feature lies; one that cannot be compared any more comes first."""
    score, limit = feature["score"], feature["threshold"] or 1.0
    if score is None:
        return float("inf")
    if feature["method"] in P_VALUES:
        return float(limit / score) if score else float("inf")
    return float(score / limit)


def _verdict(
    features: list[dict[str, Any]], moved: list[dict[str, Any]], share: float | None, red: float
) -> Verdict:
    if share is None and not moved:
        return "insufficient_data"
    if share is not None and share >= red:
        return "failed"
    if moved:
        return "amber"
    return "uncertain" if any(each["status"] == "insufficient_data" for each in features) else "passed"


SUMMARIES: dict[str, StrOrPromise] = {
    "amber": _("%(drifted)s features have drifted (of %(measured)s measured), led by %(names)s."),
    "failed": _(
        "%(drifted)s of %(measured)s features have drifted (share %(share)s, limit %(limit)s), led by %(names)s."
    ),
    "strong": _(
        "%(strong)s lies more than %(multiple)s times its own limit away. In all, %(drifted)s of %(measured)s features "
        "have drifted."
    ),
    **ROLE_SUMMARIES,
    NOT_ANSWERED: _(
        "None of the %(measured)s measured features has drifted. For the values of some columns their method has no answer: "
        "%(not_answered)s. Choose another method for them."
    ),
    "insufficient_data": _("No feature has enough values in both data periods."),
}
"""What can be said beside columns that chance alone explains."""

CHECK = Check(
    key="drift",
    version=7,
    title=_("Data drift"),
    question=_("Do the data that the model meets now still look like the data it was approved on?"),
    how=_(
        "Each declared feature is compared with the reference by the method that the plan names, usually the population "
        "stability index, as Evidently computes it or over the counts kept of the reference. All rows are read, however "
        "many; limits from the reference's own quarters go by a seeded sample above 200,000, and beyond 5 million rows so do the "
        "methods that compare the values themselves. The score of a distance has a 95 per cent interval from resampling, a "
        "p-value has none; a distance that reaches a fixed limit counts only where it also exceeds what 95 of 100 pairs of "
        "draws from the pooled rows give, and is told as uncertain otherwise."
    ),
    when_bad=_(
        "The data are no longer those that the model was approved on, so its record says less about today. That does not "
        "mean that its answers are wrong, and it does not say why the data changed. Begin with the features named: ask "
        "whether a source, a unit or the clients have changed, and look at the check of performance."
    ),
    unit="share",
    evidence="check:drift",
    needs=("reference", "current", "features"),
    limits=LIMITS,
    summaries={
        "passed": _("None of the %(measured)s features has drifted."),
        "uncertain": _(
            "None of the %(measured)s measured features has drifted; %(unmeasured)s had too few values to say."
        ),
        BY_CHANCE: drift_chance.SENTENCE,
        **drift_chance.beside(SUMMARIES),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
    retold=retold,
    reads_counts=True,
)
