"""Do the data that the model meets today still look like the data it was approved on?"""

from __future__ import annotations

from collections.abc import Mapping
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
)

if TYPE_CHECKING:
    from monitoring.engines.drift_rule import Rule

NUMERIC_METHODS = ("psi", "wasserstein", "jensenshannon", "ks", "evidently")
CATEGORICAL_METHODS = ("psi", "jensenshannon", "chisquare", "z", "evidently")
P_VALUES = ("ks", "chisquare", "z")
UNITS = {"psi": "nats", **dict.fromkeys(P_VALUES, "p-value")}
FIXED, OWN_PERIODS = "fixed", "own_periods"
NAMED = 5
"""How many drifted features a sentence names."""


def measure(inputs: Inputs) -> dict[str, Any]:
    """Evidently's ValueDrift of every declared feature; over frozen cells where a data period is counts instead of rows."""
    from monitoring.counting.documents import is_counts
    from monitoring.engines import drift, frozen_drift

    assert inputs.reference is not None and inputs.current is not None
    rule = _rule(CHECK.limits_of(inputs.limits))
    if is_counts(inputs.reference) or is_counts(inputs.current):
        about: dict[str, Any] = {"features": inputs.features, "rule": rule, "inputs": inputs.digests}
        return frozen_drift.measure(inputs.reference, inputs.current, seed=inputs.seed, **about).to_dict()
    return drift.measure(
        inputs.reference,
        inputs.current,
        features=inputs.features,
        categorical=inputs.categorical,
        rule=rule,
        time=inputs.time,
        seed=inputs.seed,
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def _rule(limits: Limits) -> Rule:
    from monitoring.engines.drift_rule import Rule

    warning = float(limits["feature_score"])
    return Rule(
        limits["numeric_method"],
        warning,
        limits["categorical_method"],
        warning,
        limits["limits_from"],
        float(limits["margin"]),
        float(limits["significance"]),
    )


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """Red when the share of drifted features reaches the limit, amber when any drifted, else passed.

    With limits from own periods a single feature is red as well, when it lies a multiple of its limit away.
    """
    features = result["features"]
    moved = [each for each in features if each["drifted"] or each["status"] == "incomparable"]
    share = result["drifted_share"]
    strong = _strong(result, limits["strong_multiple"])
    verdict = _verdict(features, moved, share, limits["drifted_share"])
    verdict, key = ("failed", "strong") if strong and verdict == "amber" else (verdict, str(verdict))
    facts = [_share_fact(result, limits["drifted_share"]), *map(_feature_fact, features)]
    moved.sort(key=_distance, reverse=True)
    params = {
        "drifted": len(moved),
        "measured": result["measured"],
        "unmeasured": len(features) - result["measured"],
        "share": share,
        "limit": limits["drifted_share"],
        "names": ", ".join(each["feature"] for each in moved[:NAMED]),
        "strong": ", ".join(each["feature"] for each in strong[:NAMED]),
        "multiple": limits["strong_multiple"],
    }
    return Judged(verdict, facts, key, params)


def retold(result: Mapping[str, Any], former: Limits, chosen: Limits) -> dict[str, Any] | None:
    """The scores on file beside other limits of a feature; another method, or another source of limits, needs the data."""
    if any(former[key] != chosen[key] for key in ("limits_from", "numeric_method", "categorical_method")):
        return None
    features = [_retold(each, chosen) for each in result["features"]]
    drifted = sum(bool(each["drifted"]) for each in features if each["status"] == "measured")
    share = drifted / result["measured"] if result["measured"] else None
    return {**result, "features": features, "drifted": drifted, "drifted_share": share}


def _retold(feature: Mapping[str, Any], limits: Limits) -> Mapping[str, Any]:
    """With the same comparison as when it was measured: a fixed limit is reached, an own one is exceeded."""
    if feature["status"] != "measured":
        return feature
    if limits["limits_from"] == FIXED:
        limit = float(limits["feature_score"])
        return {**feature, "threshold": limit, "drifted": feature["score"] >= limit}
    limit = max(float(limits["margin"]) * feature["own_largest"], feature["by_chance"] or 0.0)
    return {**feature, "threshold": limit, "drifted": feature["score"] > limit}


def _strong(result: Mapping[str, Any], multiple: float) -> list[dict[str, Any]]:
    """The features that lie more than a multiple of their own limit away."""
    if result.get("rule", {}).get("limits_from", FIXED) == FIXED:
        return []
    judged = [each for each in result["features"] if each["drifted"] and each["threshold"]]
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


def _share_fact(result: Mapping[str, Any], red: float) -> MeasurementFact:
    share = result["drifted_share"]
    verdict: FactVerdict = "insufficient_data"
    if share is not None:
        verdict = "failed" if share >= red else "amber" if share > 0 else "passed"
    return MeasurementFact("drifted_share", "", share, None, None, result["measured"], "share", red, verdict)


def _feature_fact(feature: Mapping[str, Any]) -> MeasurementFact:
    verdicts: dict[str, FactVerdict] = {"insufficient_data": "insufficient_data", "incomparable": "amber"}
    judged: FactVerdict = "amber" if feature["drifted"] else "passed"
    return MeasurementFact(
        metric=feature["method"],
        subject=feature["feature"],
        value=feature["score"],
        low=feature["low"],
        high=feature["high"],
        n=feature["n_current"],
        unit=UNITS.get(feature["method"], "distance"),
        limit=feature["threshold"],
        verdict=verdicts.get(feature["status"], judged),
    )


CHECK = Check(
    key="drift",
    version=3,
    title=_("Data drift"),
    question=_("Do the data that the model meets now still look like the data it was approved on?"),
    unit="share",
    evidence="check:drift",
    needs=("reference", "current", "features"),
    limits=(
        Limit(
            "feature_score",
            _("A feature has drifted from this score on"),
            0.1,
            _(
                "For the population stability index 0.1 (some change) and 0.25 (large change) are conventions of "
                "credit scoring, not statistical laws; 0.1 is also Evidently's own default for every method here."
            ),
            "at_most",
        ),
        Limit(
            "drifted_share",
            _("Red when this share of the features has drifted"),
            0.5,
            _(
                "Evidently's own default for a whole data period, a convention. Below it any drifted feature is amber."
            ),
            "at_most",
        ),
        Limit(
            "limits_from",
            _("Where the limit of a feature comes from"),
            FIXED,
            _(
                "fixed: the score set above, the same for every feature. own_periods: each calendar quarter of the "
                "reference is measured against its other quarters, and the farthest one sets the limit of the feature; "
                "this needs a column of the time and at least 8 quarters of 30 rows. Where nothing changes, a new quarter "
                "exceeds the farthest of Q own ones by chance once in Q + 1 times, for each feature. So a single feature "
                "is amber; that half of them exceed at once happens by chance at most twice in Q + 1 times, however "
                "the features hang together, and that is red."
            ),
            choices=(FIXED, OWN_PERIODS),
        ),
        Limit(
            "margin",
            _("Limit from own periods: times the farthest own quarter"),
            1.5,
            _(
                "A reference of a few years has not seen everything that is normal: half as far again is allowed before "
                "a feature counts as drifted. A convention of this house; 1 takes the farthest quarter as it is. The limit "
                "is never below the score that chance alone gives."
            ),
        ),
        Limit(
            "strong_multiple",
            _("Limit from own periods: one feature alone is red beyond this many times its limit"),
            3.0,
            _(
                "Among many features the farthest is expected to exceed its limit now and then, so one alone is amber. "
                "Three times its limit, with the usual margin four and a half times the farthest quarter on file, chance "
                "does not explain even where extremes are common: mostly a column whose meaning or unit has changed. "
                "A convention of this house."
            ),
        ),
        Limit(
            "numeric_method",
            _("Method for numbers"),
            "psi",
            _(
                "psi: bins of both data periods together. wasserstein: distance over the spread of the reference, "
                "easily moved by outliers. jensenshannon: distance of the binned shares. ks: p-value of the "
                "Kolmogorov–Smirnov test. evidently: what Evidently takes by itself, a p-value up to 1,000 rows of "
                "the reference and a distance above."
            ),
            choices=NUMERIC_METHODS,
        ),
        Limit(
            "categorical_method",
            _("Method for categories"),
            "psi",
            _(
                "psi or jensenshannon, over the shares of the categories. chisquare: p-value of the chi-square test. "
                "z: p-value of the test of two shares, for two categories. evidently: what Evidently takes by itself."
            ),
            choices=CATEGORICAL_METHODS,
        ),
        Limit(
            "significance",
            _("Methods that give a p-value: a feature has drifted below it"),
            0.05,
            _(
                "A convention, and Evidently's own default. A p-value falls with the number of rows: among many rows it "
                "calls the smallest change drift, and of twenty unchanged features it calls one drifted."
            ),
        ),
    ),
    summaries={
        "passed": _("None of the %(measured)s features has drifted."),
        "uncertain": _(
            "None of the %(measured)s measured features has drifted; %(unmeasured)s had too few values to say."
        ),
        "amber": _("%(drifted)s features have drifted (of %(measured)s measured), led by %(names)s."),
        "failed": _(
            "%(drifted)s of %(measured)s features have drifted (share %(share)s, limit %(limit)s), led by %(names)s."
        ),
        "strong": _(
            "%(strong)s lies more than %(multiple)s times its own limit away. In all, %(drifted)s of %(measured)s features "
            "have drifted."
        ),
        "insufficient_data": _("No feature has enough values in both data periods."),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
    retold=retold,
    reads_counts=True,
)
