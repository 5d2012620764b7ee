"""What do the model's decisions rest on, and can that explanation be relied on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Check, Inputs, Judged, Limit, Limits, MeasurementFact, Verdict, against
from monitoring.checks.explanation_figures import (
    FIDELITY,
    GAPS,
    LIMITS,
    MOVES,
    NAMED,
    OF_PROXIES,
    PROXIES,
    PROXY_FROM,
    SENTENCES,
    STABLE,
    by_proxies,
    faithful,
    moved,
    names_of_proxies,
    proxy_associations,
    ranked,
    retold,
    stable,
)
from monitoring.checks.grading import NOTHING, named, with_gaps

if TYPE_CHECKING:
    from monitoring.engines.boosters import Model


def measure(inputs: Inputs) -> dict[str, Any]:
    """SHAP values of a seeded sample of the current data period: of the model, or of a stand-in for one that is not opened."""
    from monitoring.engines import explanation
    from monitoring.engines.attributed import Attributed

    assert inputs.current is not None
    model = _model(inputs)
    found = explanation.measure(
        inputs.current,
        model,
        sensitive=inputs.sensitive,
        proxy_from=CHECK.limits_of(inputs.limits)[PROXY_FROM],
        reference=inputs.reference,
        before=Attributed.read(inputs.attribution) if inputs.attribution else None,
        seed=inputs.seed,
        inputs=inputs.digests,
        progress=inputs.progress,
    )
    if not inputs.keeps:
        return found.to_dict()
    before = found.before if explanation.stays(model) else None
    made = before.to_dict() if before and before.is_finite else None
    return {**found.to_dict(), "kept": {"attribution": made}}


def _model(inputs: Inputs) -> Model:
    from monitoring.engines import boosters, surrogate

    assert inputs.current is not None
    if _opens(inputs):
        assert inputs.artefact is not None
        return boosters.load(inputs.artefact, inputs.artefact_format, inputs.features)
    return surrogate.fitted(
        inputs.current,
        inputs.features,
        score=inputs.score,
        prediction=inputs.prediction,
        favourable=inputs.favourable,
        high_score=inputs.high_score,
        seed=inputs.seed,
    )


def _opens(inputs: Inputs) -> bool:
    """A file that cannot be run here is left closed where there are answers to which a stand-in can be fitted."""
    answers = bool(inputs.score or inputs.prediction)
    return inputs.scores_itself or (inputs.artefact is not None and not answers)


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """Failed when the values do not add up or rest on a sensitive attribute; a shaky ranking is uncertain.

    So is an answer that could not tell whether the ranking is stable, whether the attribution has moved, or what stands in.
    """
    facts = [_sensitive(result, limits), _agreement(result, limits), _additivity(result, limits)]
    more = {
        fact.metric: fact
        for fact in (
            *stable(result, limits),
            *moved(result, limits),
            *faithful(result, limits),
            *by_proxies(result, limits),
        )
    }
    gaps = [each for each in more.values() if each.metric in GAPS and each.value is None]
    seen = _verdict(result["rows"]["explained"] >= limits["fewest_rows"], facts, more)
    verdict = with_gaps(seen, gaps)
    params = {
        "top": ", ".join(result["top"][:NAMED]),
        "n": result["rows"]["explained"],
        "share": result["sensitive_share"]["value"],
        "share_limit": limits["sensitive_share"],
        "agreement": result["agreement"],
        "agreement_limit": limits["agreement"],
        "fewest": limits["fewest_rows"],
        **{f"{key}_value": fact.value for key, fact in more.items()},
        **{f"{key}_limit": fact.limit for key, fact in more.items()},
        **named(gaps),
        "left": ", ".join((result.get("moved") or {}).get("left", [])[:NAMED]) or NOTHING,
        "proxies": names_of_proxies(result) or NOTHING,
    }
    told = facts + list(more.values()) + proxy_associations(result) + ranked(result) + _importances(result)
    return Judged(verdict, told, _sentence(seen, facts, more), params)


def _verdict(is_enough: bool, facts: list[MeasurementFact], more: Mapping[str, MeasurementFact]) -> Verdict:
    sensitive, agreement, additivity = (fact.verdict for fact in facts)
    if not is_enough or _is(more, FIDELITY, "insufficient_data"):
        return "insufficient_data"
    if "failed" in (sensitive, additivity) or _is(more, FIDELITY, "failed"):
        return "failed"
    if any(_is(more, metric, "amber") for metric in (*MOVES, PROXIES)):
        return "amber"
    shaky = (
        agreement == "failed"
        or _is(more, STABLE, "failed", "uncertain")
        or any(_is(more, metric, "uncertain") for metric in (FIDELITY, PROXIES))
    )
    return "uncertain" if sensitive == "uncertain" or shaky else "passed"


def _is(more: Mapping[str, MeasurementFact], metric: str, *verdicts: str) -> bool:
    return metric in more and more[metric].verdict in verdicts


def _sentence(verdict: Verdict, facts: list[MeasurementFact], more: Mapping[str, MeasurementFact]) -> str:
    if verdict == "insufficient_data":
        return "nothing_to_repeat" if _is(more, FIDELITY, "insufficient_data") else verdict
    if verdict == "failed":
        if _is(more, FIDELITY, "failed"):
            return "unfaithful"
        return "does_not_add_up" if facts[2].verdict == "failed" else "rests_on_sensitive"
    if verdict == "amber":
        return "rests_on_proxies" if _is(more, PROXIES, "amber") else "moved"
    if verdict == "uncertain":
        if facts[1].verdict == "failed":
            return "unstable"
        if _is(more, STABLE, "failed", "uncertain"):
            return "unstable_top"
        if _is(more, FIDELITY, "uncertain"):
            return "nearly_unfaithful"
        return "uncertain" if facts[0].verdict == "uncertain" else "nearly_rests_on_proxies"
    return "passed_by_surrogate" if FIDELITY in more else "passed"


def _sensitive(result: Mapping[str, Any], limits: Limits) -> MeasurementFact:
    share, limit = result["sensitive_share"], limits["sensitive_share"]
    verdict = against("at_most", limit, share["value"], share["low"], share["high"])
    return MeasurementFact(
        "sensitive_share",
        "",
        share["value"],
        share["low"],
        share["high"],
        share["n"],
        "share",
        limit,
        verdict,
    )


def _agreement(result: Mapping[str, Any], limits: Limits) -> MeasurementFact:
    """A ranking of one feature cannot change, so it has no agreement to judge."""
    value, limit = result["agreement"], limits["agreement"]
    verdict = "reported" if value is None else against("at_least", limit, value, value, value)
    n = result["rows"]["explained"]
    return MeasurementFact("ranking_agreement", "", value, None, None, n, "kendall_w", limit, verdict)


def _additivity(result: Mapping[str, Any], limits: Limits) -> MeasurementFact:
    value, limit = result["additivity_error"] / result["margin_scale"], limits["additivity"]
    verdict = against("at_most", limit, value, value, value)
    n = result["rows"]["explained"]
    return MeasurementFact("additivity_error", "", value, None, None, n, "relative", limit, verdict)


def _importances(result: Mapping[str, Any]) -> list[MeasurementFact]:
    return [
        MeasurementFact(
            "mean_abs_shap",
            each["feature"],
            mean["value"],
            mean["low"],
            mean["high"],
            mean["n"],
            "margin",
            None,
            "reported",
        )
        for each in result["importances"]
        for mean in [each["mean_abs"]]
    ]


CHECK = Check(
    key="explanation",
    version=5,
    title=_("Explanation of decisions"),
    question=_("What do the model's decisions rest on, and can that explanation be relied on?"),
    how=_(
        "SHAP values of a seeded sample of at most 2,000 rows of the current data period say how far each feature moved "
        "each answer; XGBoost and LightGBM compute them themselves, the library shap does for other models. A model that is "
        "not opened is represented by a LightGBM model fitted to its answers; a feature that alone tells the groups of a "
        "sensitive attribute apart stands in for it. Intervals are of 95 per cent, by resampling rows or by leaving out one "
        "ranking at a time."
    ),
    when_bad=_(
        "Red: the decisions rest on sensitive attributes, or the explanation is not true to the model and must be shown to "
        "nobody. Amber: they rest on other features than in the reference, or on features that stand in for sensitive "
        "attributes. Neither says that the decisions are wrong, nor what causes what: go through the leading features with "
        "people who know the business, and through what clients are told."
    ),
    unit="share",
    evidence="check:explainability",
    needs=("current", "artefact_or_answer", "features"),
    limits=(
        Limit(
            "sensitive_share",
            _("Share of attribution on sensitive attributes, at most"),
            0.05,
            _(
                "Chosen by this house: no standard sets it. It is 0 when no sensitive attribute is an input; features that "
                "stand in for one have a limit of their own."
            ),
            "at_most",
        ),
        *OF_PROXIES,
        Limit(
            "agreement",
            _("Agreement of the feature ranking over resamples (Kendall's W), at least"),
            0.8,
            _("Chosen by this house: below it another sample of the same people would give another story."),
            "at_least",
        ),
        Limit(
            "additivity",
            _("Largest error of the sum of contributions, relative to the largest output, at most"),
            0.001,
            _("SHAP values must add up to the model's output; what is left is rounding of 32-bit numbers."),
            "at_most",
        ),
        *LIMITS,
    ),
    summaries={
        "passed": _(
            "The decisions rest mostly on %(top)s (%(n)s rows explained). Sensitive attributes carry %(share)s of the "
            "attribution, and other samples of the rows rank the features alike (Kendall's W %(agreement)s)."
        ),
        "uncertain": _(
            "The decisions rest mostly on %(top)s. Sensitive attributes carry %(share)s of the attribution: within the "
            "limit %(share_limit)s, but the interval crosses it, so this is uncertain."
        ),
        "unstable": _(
            "The decisions seem to rest on %(top)s, but the ranking changes between samples "
            "(Kendall's W %(agreement)s, limit %(agreement_limit)s), so this is uncertain."
        ),
        "rests_on_sensitive": _(
            "Sensitive attributes carry %(share)s of the attribution, above the limit %(share_limit)s."
        ),
        "does_not_add_up": _(
            "The contributions do not add up to the model's output: this explanation is refused."
        ),
        **SENTENCES,
        "insufficient_data": _("Only %(n)s rows could be explained; at least %(fewest)s are needed."),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
    retold=retold,
    opens=_opens,
    takes_reference=True,
)
