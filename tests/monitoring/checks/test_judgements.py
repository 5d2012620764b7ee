"""Each check's verdict on results of every kind; judging needs no science library."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from tests.monitoring.checks.saying import said


def fair(*groups: tuple[str, int, int], limits: dict[str, Any] | None = None) -> Judged:
    """The verdict on groups of (name, chosen, of)."""
    rows = [[name, None, True, chosen] for name, chosen, _ in groups]
    rows += [[name, None, False, of - chosen] for name, chosen, of in groups]
    result = measure("fairness", Inputs(counts={"race": rows}, sensitive=("race",)))
    return CHECKS["fairness"].judge(result, limits or {})


@pytest.mark.parametrize(
    ("chosen", "of", "verdict"),
    [(700, 1000, "failed"), (850, 1000, "passed"), (80, 100, "uncertain"), (20, 25, "insufficient_data")],
)
def test_fairness_by_the_size_of_the_gap_and_of_the_group(chosen: int, of: int, verdict: str) -> None:
    assert fair(("a", 950, 1000), ("b", chosen, of)).verdict == verdict


def test_the_four_fifths_ratio_of_the_boston_data_fails_with_its_facts() -> None:
    """Approved: 1,527 of 1,681 white applicants, 218 of 308 others; ratio 0.779174."""
    judged = fair(("white", 1527, 1681), ("non-white", 218, 308))

    fact = judged.measurements[0]
    assert judged.verdict == "failed"
    assert (fact.metric, fact.subject, fact.limit, fact.n) == ("demographic_parity_ratio", "race", 0.8, 1989)
    assert fact.value == pytest.approx(0.779174, abs=1e-6)
    sentence = said(CHECKS["fairness"], judged)
    assert "0.779 of the highest (95% interval 0.72 to 0.834, n = 1989)" in sentence
    assert "Lowest: non-white, highest: white." in sentence


def test_a_plan_s_own_limit_is_the_one_that_judges() -> None:
    assert (
        fair(("a", 950, 1000), ("b", 850, 1000), limits={"demographic_parity_ratio": 0.95}).verdict
        == "failed"
    )


def test_rates_of_every_group_are_facts_that_are_not_judged() -> None:
    facts = {(fact.metric, fact.subject): fact for fact in fair(("a", 9, 100), ("b", 9, 100)).measurements}

    assert facts["selection_rate", "race=a"].verdict == "reported"
    assert facts["selection_rate", "race=a"].value == 0.09


def drifted(
    *scores: float | None, status: str = "measured", roles: list[dict[str, Any]] | None = None, **limits: Any
) -> Judged:
    features = [
        {
            "feature": f"f{at}",
            "status": status if score is None else "measured",
            "n_current": 100,
            "method": "psi",
            "threshold": 0.1,
            "score": score,
            "low": None,
            "high": None,
            "drifted": None if score is None else score >= 0.1,
        }
        for at, score in enumerate(scores)
    ]
    measured = [each for each in features if each["score"] is not None]
    share = sum(bool(each["drifted"]) for each in measured) / len(measured) if measured else None
    return CHECKS["drift"].judge(
        {"features": features, "roles": roles or [], "measured": len(measured), "drifted_share": share},
        limits,
    )


def own(role: str, score: float | None, status: str = "measured") -> dict[str, Any]:
    """A column of the model itself, as the engine tells it."""
    told = {"feature": f"the {role}", "role": role, "status": status, "n_current": 100, "method": "psi"}
    drifted_far = None if score is None else score >= 0.1
    return {**told, "threshold": 0.1, "score": score, "low": None, "high": None, "drifted": drifted_far}


def test_a_drifted_score_decision_or_outcome_is_amber_and_part_of_no_share() -> None:
    judged = drifted(0.01, 0.02, roles=[own("score", 0.3), own("label", 0.01)])
    assert (judged.verdict, judged.summary_key) == ("amber", "own")
    assert said(CHECKS["drift"], judged) == (
        "None of the 2 measured features has drifted, but the score, the decision or the outcome has: the score."
    )
    facts = {(each.metric, each.subject): (each.value, each.verdict) for each in judged.measurements}
    assert facts["drifted_share", ""] == (0.0, "passed")
    assert facts["score_psi", "the score"] == (0.3, "amber")
    assert facts["label_psi", "the label"] == (0.01, "passed")


@pytest.mark.parametrize(
    ("scores", "verdict", "key"),
    [((0.01, 0.02, 0.3), "amber", "amber_own"), ((0.01, 0.3), "failed", "failed_own")],
)
def test_beside_drifted_features_it_changes_no_verdict_and_is_named(scores, verdict, key) -> None:
    judged = drifted(*scores, roles=[own("prediction", None, "incomparable")])
    assert (judged.verdict, judged.summary_key) == (verdict, key)
    assert said(CHECKS["drift"], judged).endswith("of score, decision and outcome the prediction.")
    assert judged.verdict == drifted(*scores).verdict


def test_of_too_few_outcomes_nothing_is_said_but_that_they_are_too_few() -> None:
    judged = drifted(0.01, roles=[own("label", None, "insufficient_data")])
    assert judged.verdict == "passed" and judged.summary_key == "passed"
    assert judged.measurements[-1].verdict == "insufficient_data"


def test_drift_is_green_amber_or_red_by_the_share_of_features() -> None:
    assert drifted(0.01, 0.02, 0.09).verdict == "passed"
    assert drifted(0.01, 0.02, 0.3).verdict == "amber"
    assert drifted(0.01, 0.3).verdict == "failed"
    assert drifted(0.01, 0.02, 0.3, drifted_share=0.3).verdict == "failed"


def test_a_feature_that_could_not_be_measured_is_never_a_pass() -> None:
    assert drifted(None, status="insufficient_data").verdict == "insufficient_data"
    assert drifted(0.01, None, status="insufficient_data").verdict == "uncertain"
    assert drifted(0.01, None, status="incomparable").verdict == "amber"
    assert drifted(None, status="incomparable").verdict == "amber"


def test_the_sentence_names_the_features_that_moved_most() -> None:
    assert said(CHECKS["drift"], drifted(0.01, 0.2, 0.05, 0.4, 0.0)) == (
        "2 features have drifted (of 5 measured), led by f3, f1."
    )


def explained(limits: dict[str, Any] | None = None, **changed: Any) -> Judged:
    result = {
        "rows": {"total": 500, "explained": 500},
        "sensitive_share": {"value": 0.0, "low": 0.0, "high": 0.0, "n": 500},
        "agreement": 0.97,
        "additivity_error": 1e-6,
        "margin_scale": 4.0,
        "top": ["income", "debt"],
        "importances": [
            {"feature": "income", "mean_abs": {"value": 0.4, "low": 0.3, "high": 0.5, "n": 500}},
        ],
    }
    return CHECKS["explanation"].judge({**result, **changed}, limits or {})


def share(value: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": 0.0, "high": high, "n": 500}


def stands_in(value: float | None, high: float | None, **changed: Any) -> dict[str, Any]:
    found = {
        "feature": "relationship",
        "attribute": "sex",
        "measure": "cramers_v",
        "share": value,
        "stands_in": True,
    }
    found["association"] = {"value": 0.64, "low": 0.62, "high": 0.67, "n": 500}
    share = {"value": value, "low": value and 0.0, "high": high, "n": 500}
    told = {
        "attributes": ["sex"],
        "untold": [],
        "features": 2,
        "least": 0.5,
        "found": [found],
        "share": share,
    }
    return {**told, **changed}


@pytest.mark.parametrize(
    ("changed", "verdict", "sentence"),
    [
        ({}, "passed", "passed"),
        ({"proxies": None}, "passed", "passed"),
        ({"proxies": stands_in(0.01, 0.03)}, "passed", "passed"),
        ({"proxies": stands_in(0.04, 0.06)}, "uncertain", "nearly_rests_on_proxies"),
        ({"proxies": stands_in(0.3, 0.4)}, "amber", "rests_on_proxies"),
        ({"proxies": stands_in(None, None, found=[], untold=["sex"])}, "uncertain", "passed"),
        ({"proxies": stands_in(0.01, 0.03, untold=["age"])}, "uncertain", "passed"),
        ({"proxies": stands_in(0.3, 0.4, untold=["age"])}, "amber", "rests_on_proxies"),
        (
            {"proxies": stands_in(0.3, 0.4), "sensitive_share": share(0.06, 0.09)},
            "failed",
            "rests_on_sensitive",
        ),
        ({"proxies": stands_in(0.04, 0.06), "sensitive_share": share(0.04, 0.06)}, "uncertain", "uncertain"),
        ({"sensitive_share": share(0.06, 0.09)}, "failed", "rests_on_sensitive"),
        ({"sensitive_share": share(0.04, 0.06)}, "uncertain", "uncertain"),
        ({"agreement": 0.5}, "uncertain", "unstable"),
        ({"agreement": None}, "passed", "passed"),
        ({"additivity_error": 0.1}, "failed", "does_not_add_up"),
        ({"rows": {"total": 49, "explained": 49}}, "insufficient_data", "insufficient_data"),
    ],
)
def test_an_explanation_is_judged_by_what_it_rests_on_and_whether_it_holds(
    changed: dict[str, Any], verdict: str, sentence: str
) -> None:
    judged = explained(**changed)

    assert (judged.verdict, judged.summary_key) == (verdict, sentence)
    if judged.params["agreement"] is not None:
        assert said(CHECKS["explanation"], judged)


def test_a_feature_that_stands_in_for_an_attribute_is_named_with_it() -> None:
    judged = explained(proxies=stands_in(0.3, 0.4))

    assert said(CHECKS["explanation"], judged) == (
        "Features that stand in for sensitive attributes (relationship ≈ sex) carry 0.3 of the attribution, above the limit 0.05."
    )
    [told] = [each for each in judged.measurements if each.metric == "proxy_association"]
    assert (told.subject, told.value, told.low, told.high, told.n) == (
        "relationship ≈ sex",
        0.64,
        0.62,
        0.67,
        500,
    )
    assert (told.unit, told.verdict) == ("cramers_v", "reported")


def test_what_may_stand_in_is_named_where_nothing_surely_does_and_what_could_not_be_told_is_said() -> None:
    may = {**stands_in(0.0, 0.06)["found"][0], "stands_in": False}
    judged = explained(proxies=stands_in(0.0, 0.06, found=[may]))
    assert (
        judged.summary_key == "nearly_rests_on_proxies" and judged.params["proxies"] == "relationship ≈ sex"
    )

    untold = explained(proxies=stands_in(None, None, found=[], untold=["sex"]))
    assert untold.params["not_measured"] == ["proxy_share"]
    assert explained(proxies=stands_in(0.0, 0.0, found=[], untold=["age"])).params["not_measured"] == [
        "proxy_association"
    ]


def test_another_association_is_not_previewed_from_what_was_measured() -> None:
    check, found = CHECKS["explanation"], {"proxies": stands_in(0.3, 0.4)}
    assert check.retold(found, {"proxy_association": 0.5}, {"proxy_association": 0.9}) is None
    assert check.retold(found, {"proxy_association": 0.5}, {"proxy_association": 0.5}) is found
    assert check.retold({}, {"proxy_association": 0.5}, {"proxy_association": 0.9}) == {}


def test_importances_are_facts_with_their_intervals() -> None:
    fact = explained().measurements[-1]

    assert (fact.metric, fact.subject, fact.value, fact.low, fact.high) == (
        "mean_abs_shap",
        "income",
        0.4,
        0.3,
        0.5,
    )


def test_how_many_rows_an_explanation_needs_the_plan_says() -> None:
    result = {"rows": {"total": 60, "explained": 60}}
    assert explained(**result).verdict == "passed"
    few = explained(**result, limits={"fewest_rows": 100})
    assert few.verdict == "insufficient_data"
    assert said(CHECKS["explanation"], few) == "Only 60 rows could be explained; at least 100 are needed."


def test_drift_counts_under_a_name_of_its_own_what_it_did_not_measure() -> None:
    """The parameter that names figures is a list of their keys; the count of drift is none, and its sentence holds."""
    assert "Not measured, so not passed" not in said(CHECKS["drift"], drifted(0.0, None))
