"""Do the data that the model meets today still look like the data it was approved on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

METHODS = ("psi", "wasserstein", "jensenshannon")
NAMED = 5
"""How many drifted features a sentence names."""


def measure(inputs: Inputs) -> dict[str, Any]:
    """Evidently's ValueDrift of every declared feature, current against reference."""
    from monitoring.engines import drift

    limits = CHECK.limits_of(inputs.limits)
    warning = float(limits["feature_score"])
    assert inputs.reference is not None and inputs.current is not None
    return drift.measure(
        inputs.reference,
        inputs.current,
        features=inputs.features,
        categorical=inputs.categorical,
        rule=drift.Rule(limits["numeric_method"], warning, limits["categorical_method"], warning),
        seed=inputs.seed,
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """Red when the share of drifted features reaches the limit, amber when any drifted, else passed."""
    features = result["features"]
    moved = [each for each in features if each["drifted"] or each["status"] == "incomparable"]
    share = result["drifted_share"]
    verdict = _verdict(features, moved, share, limits["drifted_share"])
    facts = [_share_fact(result, limits["drifted_share"]), *map(_feature_fact, features)]
    moved.sort(key=lambda each: -(each["score"] or float("inf")))
    params = {
        "drifted": len(moved),
        "measured": result["measured"],
        "unmeasured": len(features) - result["measured"],
        "share": share,
        "limit": limits["drifted_share"],
        "names": ", ".join(each["feature"] for each in moved[:NAMED]),
    }
    return Judged(verdict, facts, verdict, params)


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
        unit="nats" if feature["method"] == "psi" else "distance",
        limit=feature["threshold"],
        verdict=verdicts.get(feature["status"], judged),
    )


CHECK = Check(
    key="drift",
    version=1,
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
            "numeric_method",
            _("Method for numbers"),
            "psi",
            _(
                "psi: bins of both data periods together. wasserstein: distance over the spread of the reference, "
                "easily moved by outliers. jensenshannon: distance of the binned shares."
            ),
            choices=METHODS,
        ),
        Limit(
            "categorical_method",
            _("Method for categories"),
            "psi",
            _("psi or jensenshannon, over the shares of the categories."),
            choices=("psi", "jensenshannon"),
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
        "insufficient_data": _("No feature has enough values in both data periods."),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
)
