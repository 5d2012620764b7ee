"""Stability, drift of the attribution and fidelity among the figures of an explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Limit, Limits, MeasurementFact, against
from monitoring.checks.grading import fact, unmeasured
from monitoring.engines.proxies import STRONG

STABLE, FIDELITY = "top_agreement", "fidelity"
PROXIES, PROXY_FROM = "proxy_share", "proxy_association"
NAMED = 3
"""How many features a sentence names."""
MOVES = {"attribution_ndcg": "ndcg", "attribution_distance": "distance"}
GAPS = (STABLE, *MOVES, PROXIES, PROXY_FROM)
"""Without one of these a pass is uncertain."""


def stable(result: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """Agreement of the leading features over seeds and backgrounds; n counts the rankings.

    A ranking of one feature cannot change, so nothing is asked of it. Versions before the second did not ask at all.
    """
    told, limit = result.get("stability"), limits["top_agreement"]
    if told is None:
        return []
    found = told["agreement"]
    if told["status"] != "measured":
        return [unmeasured(STABLE, "kendall_w", limit)]
    if found["value"] is None:
        return []
    verdict = against("at_least", limit, found["value"], found["low"], found["high"])
    return [fact(STABLE, "", found, "kendall_w", limit, verdict)]


def ranked(result: Mapping[str, Any]) -> list[MeasurementFact]:
    """How exact the ranking is for that many rows; versions of the check before the third did not say."""
    told = result.get("rank_error")
    return [] if told is None else [fact("rank_error", "", told["change"], "places")]


def moved(result: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """Attribution against the reference: what exceeds its limit is amber, for another explanation need not be a wrong one.

    Without a reference what the plan limits is not measured. Versions before the second did not ask.
    """
    if "moved" not in result:
        return []
    told = result["moved"]
    if told is None:
        return [
            unmeasured(metric, unit, limits[metric])
            for metric, unit in MOVES.items()
            if limits[metric] is not None
        ]
    kept = {"value": told["top_kept"], "low": None, "high": None, "n": told["top"]}
    return [
        _amber("attribution_ndcg", told["ndcg"], "ndcg", limits["attribution_ndcg"], "at_least"),
        _amber(
            "attribution_distance", told["distance"], "distance", limits["attribution_distance"], "at_most"
        ),
        fact("top_kept", "", kept, "share"),
    ]


def _amber(
    metric: str, found: Mapping[str, Any], unit: str, limit: float | None, side: Any
) -> MeasurementFact:
    verdict = against(side, limit, found["value"], found["low"], found["high"])
    its = fact(metric, "", found, unit, limit, verdict)
    return replace(its, verdict="amber") if verdict == "failed" else its


def faithful(result: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """How truly a stand-in repeats the model; nothing where the model itself was opened."""
    found = result.get("fidelity")
    if found is None:
        return []
    limit = limits["fidelity"]
    verdict = against("at_least", limit, found["value"], found["low"], found["high"])
    return [fact(FIDELITY, "", found, "r2", limit, verdict)]


def by_proxies(result: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """What rests on features that stand in for a sensitive attribute: amber, for such a feature may have reasons of its own.

    Nothing where there is no such attribute. What could not be told of one is no pass. Versions before the fifth did not look.
    """
    told = result.get("proxies")
    if told is None:
        return []
    if told["share"]["value"] is None:
        return [unmeasured(PROXIES, "share", limits[PROXIES])]
    missing = [unmeasured(PROXY_FROM, "association", limits[PROXY_FROM])] if told["untold"] else []
    return [_amber(PROXIES, told["share"], "share", limits[PROXIES], "at_most"), *missing]


def proxy_associations(result: Mapping[str, Any]) -> list[MeasurementFact]:
    """How strongly each of them goes with what it stands in for, or may."""
    return [fact(PROXY_FROM, _pair(each), each["association"], each["measure"]) for each in _found(result)]


def names_of_proxies(result: Mapping[str, Any]) -> str:
    """Those that carry most, each with what it stands in for; where none surely does, those that may."""
    found = sorted(_found(result), key=lambda each: (not each["stands_in"], -each["share"]))
    surely = [each for each in found if each["stands_in"]]
    return ", ".join(map(_pair, (surely or found)[:NAMED]))


def _found(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((result.get("proxies") or {}).get("found", []))


def _pair(proxy: Mapping[str, Any]) -> str:
    return f"{proxy['feature']} ≈ {proxy['attribute']}"


def retold(result: Mapping[str, Any], former: Limits, chosen: Limits) -> Mapping[str, Any] | None:
    """Which features stand in is settled while they are measured."""
    is_same = former[PROXY_FROM] == chosen[PROXY_FROM] or result.get("proxies") is None
    return result if is_same else None


OF_PROXIES = (
    Limit(
        PROXIES,
        _("Share of attribution on features that stand in for a sensitive attribute, at most"),
        0.05,
        _(
            "Chosen by this house, as for the attributes themselves. Above it is amber: such a feature can have good reasons of "
            "its own, and somebody has to name them."
        ),
        "at_most",
    ),
    Limit(
        PROXY_FROM,
        _("Association with a sensitive attribute from which a feature stands in for it"),
        STRONG,
        _(
            "From 0, none, to 1: Cramér's V for two categories, the correlation ratio for a number and a category, Spearman's "
            "coefficient for two numbers. 0.5 is chosen by this house. What stands in only together with other features is not "
            "found."
        ),
    ),
)
LIMITS = (
    Limit(
        "top_agreement",
        _("Agreement of the leading features over seeds and backgrounds (Kendall's W), at least"),
        0.8,
        _("Chosen by this house: below it other rows and another background would put other features first."),
        "at_least",
    ),
    Limit(
        "attribution_ndcg",
        _("Order of the features against the reference (NDCG), at least"),
        0.9,
        _("The limit that Amazon SageMaker Clarify alerts at, a convention. Below it is amber: look why."),
        "at_least",
    ),
    Limit(
        "attribution_distance",
        _("Distance of the attribution from the reference (Jensen–Shannon), at most"),
        None,
        _("No limit is customary; without one the distance is reported and not judged."),
        "at_most",
    ),
    Limit(
        "fidelity",
        _("Fidelity of a stand-in for a model that is not opened (R²), at least"),
        0.8,
        _(
            "Chosen by this house: a stand-in that repeats less of the answers explains itself, not the model."
        ),
        "at_least",
    ),
    Limit(
        "fewest_rows",
        _("Fewest rows that are explained"),
        50,
        _("With fewer another draw of rows puts other features first. 50 is a convention of this house."),
    ),
)
SENTENCES = {
    "passed_by_surrogate": _(
        "By a stand-in for the model, which was not opened (R² %(fidelity_value)s on held-out rows), the decisions "
        "rest mostly on %(top)s (%(n)s rows). Sensitive attributes carry %(share)s of the attribution."
    ),
    "unfaithful": _(
        "The model was not opened, and the stand-in for it repeats too little of its answers (R² %(fidelity_value)s, limit "
        "%(fidelity_limit)s): this explanation is refused."
    ),
    "nearly_unfaithful": _(
        "By a stand-in for the model the decisions rest mostly on %(top)s. Its R² %(fidelity_value)s is within the limit "
        "%(fidelity_limit)s, but the interval crosses it, so this is uncertain."
    ),
    "nothing_to_repeat": _(
        "All answers of the data period are the same, so there is nothing that a stand-in could repeat."
    ),
    "moved": _(
        "The decisions rest on other features than in the reference (NDCG %(attribution_ndcg_value)s, limit "
        "%(attribution_ndcg_limit)s; no longer leading: %(left)s). Now they rest mostly on %(top)s."
    ),
    "rests_on_proxies": _(
        "Features that stand in for sensitive attributes (%(proxies)s) carry %(proxy_share_value)s of the attribution, above the "
        "limit %(proxy_share_limit)s."
    ),
    "nearly_rests_on_proxies": _(
        "Features that stand in for sensitive attributes (%(proxies)s) carry %(proxy_share_value)s of the attribution: within "
        "the limit %(proxy_share_limit)s, but the interval crosses it, so this is uncertain."
    ),
    "unstable_top": _(
        "The decisions seem to rest on %(top)s, but other rows and backgrounds put other features first (Kendall's W "
        "%(top_agreement_value)s, limit %(top_agreement_limit)s), so this is uncertain."
    ),
}
