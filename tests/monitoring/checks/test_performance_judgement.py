"""When falling performance is red, uncertain, or too little known; and one feature far out by own limits."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs, Judged
from monitoring.checks.performance import SHARES
from tests.monitoring.checks.saying import said
from tests.monitoring.checks.test_judgements import drifted

PERFORMANCE = CHECKS["performance"]


def estimate(value: float | None, low: float | None, high: float | None, n: int = 200) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "n": n}


def judged(
    falls: dict[str, dict[str, Any]],
    *,
    n: int = 200,
    limits: dict[str, Any] | None = None,
    sources: dict[str, str] | None = None,
) -> Judged:
    period = {
        "n": n,
        "rows": n,
        "without_label": 0,
        "base_rate": estimate(0.4, 0.3, 0.5),
        "accuracy": estimate(0.8, 0.7, 0.9) if "accuracy" in falls else None,
        "decisions": None,
        "auc": estimate(0.9, 0.8, 1.0) if "auc" in falls else None,
        "gini": None,
        "ks": None,
        "brier": None,
        "calibration": None,
    }
    return PERFORMANCE.judge(
        {"periods": {"reference": period, "current": period}, "falls": falls, "sources": sources or {}},
        limits or {},
    )


SMALL, WIDE, LARGE = estimate(0.01, -0.02, 0.04), estimate(0.01, -0.1, 0.1), estimate(0.08, 0.02, 0.14)
UNKNOWN = estimate(None, None, None)


@pytest.mark.parametrize(
    ("falls", "verdict", "sentence"),
    [
        ({"accuracy": SMALL, "auc": SMALL}, "passed", "passed"),
        ({"accuracy": SMALL, "auc": WIDE}, "uncertain", "uncertain"),
        ({"accuracy": LARGE, "auc": SMALL}, "failed", "failed"),
        ({"auc": LARGE}, "failed", "failed"),
        ({"accuracy": SMALL, "auc": UNKNOWN}, "insufficient_data", "one_outcome"),
        ({"accuracy": LARGE, "auc": UNKNOWN}, "failed", "failed"),
        ({}, "insufficient_data", "one_outcome"),
    ],
)
def test_the_largest_fall_speaks(falls: dict[str, Any], verdict: str, sentence: str) -> None:
    found = judged(falls)

    assert (found.verdict, found.summary_key) == (verdict, sentence)
    assert said(PERFORMANCE, found)


def test_few_rows_answer_nothing_whatever_they_say() -> None:
    few = judged({"accuracy": LARGE, "auc": SMALL}, n=49)
    assert few.verdict == "insufficient_data"
    falls = [fact.verdict for fact in few.measurements if fact.metric.endswith("_fall")]
    assert falls == ["insufficient_data", "insufficient_data"]
    assert "Only 49 rows" in said(PERFORMANCE, judged({"accuracy": LARGE}, n=49))
    assert judged({"accuracy": LARGE}, n=49, limits={"fewest_rows": 30}).verdict == "failed"


def test_a_plan_s_own_limit_judges_and_stands_beside_the_figure() -> None:
    found = judged({"accuracy": LARGE}, limits={"accuracy_fall": 0.2})

    assert found.verdict == "passed"
    assert [(each.metric, each.limit, each.verdict) for each in found.measurements[:1]] == [
        ("accuracy_fall", 0.2, "passed")
    ]


def test_what_it_needs_is_an_outcome_and_an_answer() -> None:
    assert [need for need in PERFORMANCE.needs if Inputs().lacks(need)] == list(PERFORMANCE.needs)
    assert not Inputs(score="p").lacks("answer") and Inputs(label="y").lacks("answer")


def far(score: float, limits_from: str = "own_periods") -> Judged:
    """Four features with a limit of 0.1, one of which lies at `score`."""
    quiet = drifted(0.01, 0.02, 0.03, score)
    features = [
        {"feature": fact.subject, "status": "measured", "n_current": 100, "method": "psi", "threshold": 0.1}
        | {"score": fact.value, "low": None, "high": None, "drifted": fact.verdict == "amber"}
        for fact in quiet.measurements[1:]
    ]
    result = {
        "features": features,
        "measured": 4,
        "drifted_share": 0.25,
        "rule": {"limits_from": limits_from},
    }
    return CHECKS["drift"].judge(result, {"limits_from": limits_from})


def test_one_feature_alone_is_amber_unless_it_lies_far_beyond_its_own_limit() -> None:
    assert far(0.29).verdict == "amber"
    assert (far(0.31).verdict, far(0.31).summary_key) == ("failed", "strong")
    assert "f3 lies more than 3.0 times its own limit away" in said(CHECKS["drift"], far(0.31))
    assert far(0.31, "fixed").verdict == "amber"


DECISIONS = {"true_positives": 30, "false_positives": 10, "false_negatives": 5, "true_negatives": 55}


def priced(limits: dict[str, Any], *, missed: int = 5) -> Judged:
    """Both periods decided 100 rows; now `missed` of the 35 positives were missed."""
    before = {**DECISIONS, **{share: estimate(None, None, None, 0) for share in SHARES}}
    now = {**before, "true_positives": 35 - missed, "false_negatives": missed}
    common = {
        "n": 100,
        "rows": 100,
        "without_label": 0,
        "base_rate": estimate(0.35, 0.3, 0.4),
        "calibration": None,
    }
    figures = dict.fromkeys(("accuracy", "auc", "gini", "ks", "brier"))
    periods = {
        part: {**common, **figures, "accuracy": estimate(0.8, 0.7, 0.9), "decisions": decisions}
        for part, decisions in (("reference", before), ("current", now))
    }
    return PERFORMANCE.judge({"periods": periods, "falls": {"accuracy": SMALL}}, limits)


def test_without_a_cost_matrix_no_cost_is_told() -> None:
    assert not [each for each in priced({}).measurements if each.metric.startswith("cost")]


def test_the_cost_of_a_decision_is_told_against_the_reference_and_judged_by_its_limit() -> None:
    matrix = {"cost_false_positive": 2.0, "cost_false_negative": 20.0}
    facts = {each.metric: each for each in priced(matrix, missed=30).measurements}
    assert facts["cost_reference"].value == pytest.approx(1.2) and facts[
        "cost_current"
    ].value == pytest.approx(6.2)
    assert facts["cost_rise"].value == pytest.approx(5.0) and facts["cost_rise"].verdict == "reported"

    limited = priced({**matrix, "cost_rise": 1.0}, missed=30)
    assert (limited.verdict, limited.summary_key) == ("failed", "cost_rise")
    assert "a decision costs 5.0 more than in the reference" in said(PERFORMANCE, limited)


def test_a_small_share_of_known_outcomes_is_not_judged_where_the_plan_asks_for_more() -> None:
    period = {"n": 60, "rows": 200, "without_label": 140, "base_rate": estimate(0.4, 0.3, 0.5)}
    empty = dict.fromkeys(("accuracy", "auc", "gini", "ks", "brier", "decisions", "calibration"))
    result = {
        "periods": {key: {**empty, **period} for key in ("reference", "current")},
        "falls": {"accuracy": LARGE},
    }
    little = PERFORMANCE.judge(result, {"labelled_share": 0.5})
    assert (little.verdict, little.summary_key) == ("insufficient_data", "little_known")
    assert {each.verdict for each in little.measurements if each.metric == "accuracy_fall"} == {
        "insufficient_data"
    }
    assert "only 0.3 of the rows" in said(PERFORMANCE, little)
    assert PERFORMANCE.judge(result, {}).verdict == "failed"


AMBER = {"accuracy_fall_amber": 0.03, "auc_fall_amber": 0.03}


@pytest.mark.parametrize(
    ("fall", "verdict", "limit"),
    [
        (estimate(0.04, 0.035, 0.045), "amber", 0.03),
        (estimate(0.08, 0.02, 0.14), "failed", 0.05),
        (estimate(0.01, -0.02, 0.04), "uncertain", 0.03),
        (estimate(0.01, 0.0, 0.02), "passed", 0.03),
        (estimate(-0.2, -0.3, -0.1), "passed", 0.03),  # it has got better
        (UNKNOWN, "insufficient_data", 0.03),
    ],
)
def test_a_fall_is_amber_before_it_is_red_where_the_plan_says_so(
    fall: dict[str, Any], verdict: str, limit: float
) -> None:
    found = judged({"accuracy": fall}, limits={"accuracy_fall_amber": 0.03})

    assert found.verdict == verdict
    assert (found.measurements[0].verdict, found.measurements[0].limit) == (verdict, limit)


@pytest.mark.parametrize(
    ("limits", "missing"),
    [
        ({}, None),  # the area has a limit by default, and a model without scores owes no area
        ({"auc_fall": 0.05}, None),
        ({"auc_fall": 0.01}, "auc_fall"),
        ({"auc_fall_amber": 0.03}, "auc_fall"),
        ({"brier_rise": 0.001}, "brier_rise"),
        ({"ece_rise_amber": 0.001}, "ece_rise"),
        ({"cost_rise": 1.0, "cost_false_positive": 2.0}, "cost_rise"),
    ],
)
def test_a_limit_of_the_plan_that_found_no_figure_is_never_green(
    limits: dict[str, Any], missing: str | None
) -> None:
    found = judged({"accuracy": SMALL}, limits=limits)
    silent = [each for each in found.measurements if each.metric == missing]
    assert found.verdict == ("uncertain" if missing else "passed")
    assert [(each.value, each.verdict) for each in silent] == [(None, "insufficient_data")] * len(silent)
    assert found.params.get("not_measured") == ([missing] if missing else None)
    assert judged({"accuracy": LARGE}, limits=limits).verdict == "failed"


def test_the_default_limit_of_the_area_is_asked_where_there_are_scores() -> None:
    scored = judged({"accuracy": SMALL}, sources={"score": "column", "decision": "column"})
    assert (scored.verdict, scored.params["not_measured"]) == ("uncertain", ["auc_fall"])


def test_an_amber_answer_says_both_limits_in_words_and_red_speaks_first() -> None:
    found = judged({"accuracy": estimate(0.04, 0.035, 0.045), "auc": SMALL}, limits=AMBER)
    assert "amber above a fall of 0.03" in said(PERFORMANCE, found) and found.summary_key == "amber"
    assert judged({"accuracy": estimate(0.04, 0.0, 0.1), "auc": LARGE}, limits=AMBER).verdict == "failed"
    assert judged({"accuracy": estimate(0.04, 0.035, 0.045)}).verdict == "passed"


def test_a_rise_of_the_cost_alone_is_amber_by_its_own_name_and_needs_no_red_limit() -> None:
    matrix = {"cost_false_positive": 2.0, "cost_false_negative": 20.0}
    found = priced({**matrix, "cost_rise_amber": 1.0}, missed=30)
    assert (found.verdict, found.summary_key) == ("amber", "cost_rise")
    assert "beyond the limit 1.0" in said(PERFORMANCE, found)


def test_other_amber_limits_judge_an_answer_on_file_again() -> None:
    falls = {"accuracy": estimate(0.04, 0.035, 0.045)}
    period = dict.fromkeys(("accuracy", "auc", "gini", "ks", "brier", "decisions", "calibration"))
    period |= {"n": 200, "rows": 200, "without_label": 0, "base_rate": estimate(0.4, 0.3, 0.5)}
    result = {"periods": {"reference": period, "current": period}, "falls": falls}
    again = PERFORMANCE.judge_again(result, {}, {"accuracy_fall_amber": 0.03})
    assert again is not None and again.verdict == "amber"
