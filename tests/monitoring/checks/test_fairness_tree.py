"""Three answers of the plan choose the measure of fairness that decides; the others are told beside it."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from monitoring.checks.fairness_tree import primary
from tests.monitoring.checks.saying import said

FAIRNESS = CHECKS["fairness"]
BY_REFUSAL = {"equal_rates_owed": "no", "outcomes_known": "yes", "mistake": "refusal"}


def judged(limits: dict[str, Any], *, labelled: bool = True) -> Judged:
    """a: 90 of 100 good ones and 10 of 100 bad ones are chosen; b: 60 of 100 and 10 of 100. The rates are 0.5 and 0.35."""
    of = {"a": (90, 10, 10, 90), "b": (60, 40, 10, 90)}
    rows = []
    for name, (right, missed, wrong, refused) in of.items():
        cells = [(True, True, right), (True, False, missed), (False, True, wrong), (False, False, refused)]
        rows += [[name, label if labelled else None, chosen, n] for label, chosen, n in cells]
    return FAIRNESS.judge(measure("fairness", Inputs(counts={"g": rows}, sensitive=("g",))), limits)


def facts(found: Judged) -> dict[str, Any]:
    return {each.metric: each for each in found.measurements if each.subject == "g"}


@pytest.mark.parametrize(
    ("answers", "metric"),
    [
        ({}, "demographic_parity_ratio"),
        ({"equal_rates_owed": "yes", "mistake": "grant"}, "demographic_parity_ratio"),
        ({"equal_rates_owed": "no", "outcomes_known": "no"}, "demographic_parity_ratio"),
        (BY_REFUSAL, "equal_opportunity_difference"),
        ({**BY_REFUSAL, "mistake": "grant"}, "false_positive_rate_difference"),
        ({**BY_REFUSAL, "mistake": "both"}, "equalized_odds_difference"),
    ],
)
def test_the_answers_lead_to_one_measure(answers: dict[str, str], metric: str) -> None:
    assert primary(answers).metric == metric
    assert FAIRNESS.notes(FAIRNESS.limits_of(answers)) == primary(answers).words


def test_where_equal_rates_are_not_owed_the_ratio_is_told_and_not_judged() -> None:
    found = judged({**BY_REFUSAL, "equal_opportunity_difference": 0.5})
    told = facts(found)
    assert told["demographic_parity_ratio"].value == pytest.approx(0.7)
    assert (told["demographic_parity_ratio"].limit, told["demographic_parity_ratio"].verdict) == (
        None,
        "reported",
    )
    assert (found.verdict, found.summary_key) == ("passed", "gap_passed")
    assert judged({}).verdict == "failed"


def test_the_measure_that_decides_fails_by_its_own_limit_and_is_said() -> None:
    found = judged({**BY_REFUSAL, "equal_opportunity_difference": 0.1})
    assert (found.verdict, found.summary_key) == ("failed", "gap_failed")
    assert "it is 0.3" in said(FAIRNESS, found) and "limit 0.1" in said(FAIRNESS, found)
    by_grant = judged({**BY_REFUSAL, "mistake": "grant", "false_positive_rate_difference": 0.1})
    assert facts(by_grant)["false_positive_rate_difference"].value == 0
    assert by_grant.verdict in ("passed", "uncertain")


@pytest.mark.parametrize(
    ("limits", "labelled"), [(BY_REFUSAL, True), ({**BY_REFUSAL, "equal_opportunity_difference": 0.1}, False)]
)
def test_a_measure_without_a_limit_or_without_outcomes_is_not_judged(
    limits: dict[str, Any], labelled: bool
) -> None:
    found = judged(limits, labelled=labelled)
    assert (found.verdict, found.summary_key) == ("insufficient_data", "not_judged")
    assert said(FAIRNESS, found).startswith("The measure that decides was not judged for g")


@pytest.mark.parametrize(
    ("limits", "silent"),
    [
        ({"equalized_odds_difference": 0.05}, ["equalized_odds_difference"]),
        ({"equal_opportunity_difference_amber": 0.05}, ["equal_opportunity_difference"]),
        ({}, None),
    ],
)
def test_a_limit_on_mistakes_without_outcomes_is_never_green(limits: dict[str, Any], silent: Any) -> None:
    found = judged({**limits, "demographic_parity_ratio": 0.01}, labelled=False)
    assert (found.verdict, found.summary_key) == ("uncertain" if silent else "passed", "passed")
    assert found.params.get("not_measured") == silent
    for metric in silent or []:
        fact = facts(found)[metric]
        assert (fact.value, fact.limit, fact.verdict) == (None, 0.05, "insufficient_data")
    assert "Not measured, so not passed" in said(FAIRNESS, found) or silent is None


def crossed(limits: dict[str, Any]) -> Judged:
    """Each column alone is even; where both meet, one group is never chosen."""
    even = [["a", None, True, 60], ["a", None, False, 60], ["b", None, True, 60], ["b", None, False, 60]]
    result = measure("fairness", Inputs(counts={"g": even}, sensitive=("g",)))
    pair = [["a × x", None, True, 60], ["a × y", None, False, 60]]
    both = measure("fairness", Inputs(counts={"g × h": pair}, sensitive=("g × h",)))
    return FAIRNESS.judge({**result, "crossed": both["attributes"]}, limits)


def test_intersections_are_told_judged_or_left_out_as_the_plan_says() -> None:
    told, strict, none = (crossed({"intersections": each}) for each in ("told", "judged", "none"))
    subjects = [{each.subject for each in found.measurements} for found in (told, strict, none)]
    assert ["g × h" in each for each in subjects] == [True, True, False]
    assert (told.verdict, strict.verdict, none.verdict) == ("uncertain", "failed", "uncertain")
    ratio = next(
        each
        for each in told.measurements
        if (each.metric, each.subject) == ("demographic_parity_ratio", "g × h")
    )
    assert (ratio.value, ratio.verdict) == (0.0, "reported")
    assert "g × h" in said(FAIRNESS, strict)


def columns_alone(limits: dict[str, Any], chosen: int) -> Judged:
    """Two columns counted each for itself, as before counts told of pairs. chosen: of 60 people of one group."""
    rows = [
        ["a", None, True, chosen],
        ["a", None, False, 60 - chosen],
        ["b", None, True, 50],
        ["b", None, False, 10],
    ]
    counts = {"g": rows, "h": rows}
    return FAIRNESS.judge(measure("fairness", Inputs(counts=counts, sensitive=("g", "h"))), limits)


@pytest.mark.parametrize(("chosen", "alone"), [(50, "passed"), (45, "uncertain"), (20, "failed")])
def test_pairs_that_are_to_be_judged_and_were_not_counted_are_never_green(chosen: int, alone: str) -> None:
    assert columns_alone({}, chosen).verdict == alone
    strict = columns_alone({"intersections": "judged"}, chosen)

    assert strict.verdict == ("failed" if alone == "failed" else "insufficient_data")
    if alone != "failed":
        assert strict.summary_key == "pairs_not_counted" and "1 of 1 pairs of columns" in said(
            FAIRNESS, strict
        )
        assert {each.subject for each in strict.measurements} >= {"g", "h"}


def test_other_answers_than_the_usual_ones_need_a_reason() -> None:
    from monitoring.runs.plans import problems_of_plan

    problems = problems_of_plan("fairness", BY_REFUSAL, 30, 30, "")
    assert [each.where for each in problems] == ["reason"]
    assert problems_of_plan("fairness", BY_REFUSAL, 30, 30, "a refusal shuts people out") == []
    assert [each.where for each in problems_of_plan("fairness", {"mistake": "none"}, 30, 30, "so")] == [
        "mistake"
    ]


def test_a_ratio_is_amber_above_its_red_limit_where_the_plan_says_so() -> None:
    found = judged({"demographic_parity_ratio": 0.6, "demographic_parity_ratio_amber": 0.9})
    ratio = facts(found)["demographic_parity_ratio"]
    assert (found.verdict, found.summary_key, ratio.verdict, ratio.limit) == ("amber", "amber", "amber", 0.9)
    assert "amber below 0.9" in said(FAIRNESS, found) and "Lowest: b, highest: a." in said(FAIRNESS, found)
    assert judged({"demographic_parity_ratio": 0.6}).verdict == "uncertain"
    assert judged({"demographic_parity_ratio_amber": 0.9}).verdict == "failed"  # 0.7 is below 0.8


def test_a_gap_with_an_amber_limit_alone_is_judged_by_it() -> None:
    found = judged({**BY_REFUSAL, "equal_opportunity_difference_amber": 0.1})
    gap = facts(found)["equal_opportunity_difference"]
    assert (found.verdict, found.summary_key, gap.limit) == ("amber", "gap_amber", 0.1)
    assert "amber above 0.1" in said(FAIRNESS, found)
    assert judged({**BY_REFUSAL, "equal_opportunity_difference_amber": 0.9}).verdict == "passed"


def test_where_equal_rates_are_not_owed_their_amber_limit_says_nothing() -> None:
    limits = {**BY_REFUSAL, "equal_opportunity_difference": 0.5, "demographic_parity_ratio_amber": 0.9}
    found = judged(limits)
    assert found.verdict == "passed"
    assert facts(found)["demographic_parity_ratio"].verdict == "reported"


def test_another_amber_limit_is_held_against_the_answer_on_file() -> None:
    rows = [["a", None, True, 900], ["a", None, False, 100], ["b", None, True, 800], ["b", None, False, 200]]
    result = measure("fairness", Inputs(counts={"g": rows}, sensitive=("g",)))
    again = FAIRNESS.judge_again(result, {}, {"demographic_parity_ratio_amber": 0.95})
    assert again is not None and again.verdict == "amber"
    assert FAIRNESS.judge(result, {}).verdict == "passed"


def test_amber_of_the_groups_that_are_seen_is_told_though_others_are_hidden() -> None:
    rows = [["a", None, True, 900], ["a", None, False, 100], ["b", None, True, 800], ["b", None, False, 200]]
    result = measure("fairness", Inputs(counts={"g": rows}, sensitive=("g",))) | {
        "hidden": {"g": [{"group": "c"}]}
    }
    assert FAIRNESS.judge(result, {"demographic_parity_ratio_amber": 0.95}).verdict == "amber"
    assert FAIRNESS.judge(result, {}).verdict == "insufficient_data"
