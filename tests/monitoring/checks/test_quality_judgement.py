"""When data quality and robustness are green, amber or red; too few rows are neither."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.checks import CHECKS
from monitoring.checks.check import Judged
from tests.monitoring.checks.saying import said

N = 1000


def estimate(value: float | None, width: float = 0.01, n: int = N) -> dict[str, Any]:
    low, high = (None, None) if value is None else (value - width, value + width)
    return {"value": value, "low": low, "high": high, "n": n}


def column(**said: Any) -> dict[str, Any]:
    usual = {
        "column": "income",
        "missing": estimate(0.3),
        "missing_rise": estimate(0.0),
        "outside": estimate(0.0),
        "bounds": {"from": "reference", "low": 0, "high": 9},
        "type_changed": False,
        "constant": False,
        "constant_reference": False,
    }
    return {**usual, **said}


def group(gap: float, **said: Any) -> dict[str, Any]:
    usual = {"group": "north", "reference": estimate(0.4), "current": estimate(0.4 + gap)}
    return {**usual, "gap": estimate(gap), "population_gap": None, **said}


def judged(*columns: dict[str, Any], limits: dict[str, Any] | None = None, **said: Any) -> Judged:
    usual = {
        "columns": list(columns) or [column()],
        "representation": [],
        "repeated": estimate(0.0),
        "repeated_reference": estimate(0.0),
        "repeated_ids": None,
        "gaps": None,
        "rows": {"reference": N, "current": N, "columns": 1},
    }
    return CHECKS["quality"].judge({**usual, **said}, limits or {})


def groups(*found: dict[str, Any], status: str = "compared") -> list[dict[str, Any]]:
    return [{"column": "region", "sensitive": True, "status": status, "groups": list(found)}]


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({}, "passed"),
        ({"missing_rise": estimate(0.06)}, "amber"),
        ({"missing_rise": estimate(0.21)}, "failed"),
        ({"missing_rise": estimate(0.045)}, "uncertain"),
        ({"missing_rise": estimate(-0.3)}, "passed"),
        ({"outside": estimate(0.03)}, "amber"),
        ({"outside": estimate(0.11)}, "failed"),
        ({"outside": estimate(None), "bounds": {"from": "reference", "values": []}}, "uncertain"),
        ({"type_changed": True}, "failed"),
        ({"constant": True}, "amber"),
        ({"constant": True, "constant_reference": True}, "passed"),
    ],
)
def test_a_column_is_judged_by_what_it_lacks_and_what_it_holds(said: dict[str, Any], verdict: str) -> None:
    assert judged(column(**said)).verdict == verdict


def test_beside_a_figure_stands_the_limit_that_it_exceeds_or_would_exceed_first() -> None:
    limits = []
    for rise in (0.01, 0.06, 0.3):
        facts = judged(column(missing_rise=estimate(rise))).measurements
        limits += [each.limit for each in facts if each.metric == "missing_rise"]
    assert limits == [0.05, 0.05, 0.2]


def test_a_policy_may_set_a_limit_on_the_share_that_is_missing() -> None:
    assert judged(column()).verdict == "passed"
    assert judged(column(), limits={"missing_share": 0.25}).verdict == "failed"
    assert judged(column(), limits={"missing_share": 0.305}).verdict == "uncertain"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"representation": groups(group(-0.11))}, "amber"),
        ({"representation": groups(group(0.05), group(0.25))}, "failed"),
        ({"representation": groups(group(0.0, population_gap=estimate(-0.3)))}, "failed"),
        ({"representation": groups(group(0.4), status="insufficient_data")}, "uncertain"),
        ({"repeated": estimate(0.3), "repeated_reference": estimate(0.3)}, "uncertain"),
        ({"repeated": estimate(0.05)}, "amber"),
        ({"repeated_ids": estimate(0.0)}, "passed"),
        ({"repeated_ids": estimate(0.001)}, "amber"),
        ({"repeated_ids": estimate(0.02)}, "failed"),
        ({"gaps": {"status": "measured", "column": "day", "empty": estimate(0.5)}}, "failed"),
        ({"gaps": {"status": "not_daily", "column": "day", "empty": estimate(None)}}, "passed"),
        ({"gaps": {"status": "insufficient_data", "column": "day", "empty": estimate(0.0)}}, "uncertain"),
    ],
)
def test_groups_repetitions_and_days_are_judged_beside_the_columns(
    said: dict[str, Any], verdict: str
) -> None:
    if "repeated" in said:
        said = {**said, "repeated": {**said["repeated"], "low": said["repeated"]["value"] - 0.005}}
    assert judged(**said).verdict == verdict


def test_too_few_rows_are_never_green_however_good_they_look() -> None:
    few = judged(rows={"reference": N, "current": 49, "columns": 1})
    assert few.verdict == "insufficient_data"
    assert said(CHECKS["quality"], few) == "A data period has only 49 rows; at least 50 are needed."


def test_the_sentence_names_what_is_wrong_and_where() -> None:
    bad = judged(column(missing_rise=estimate(0.3)), representation=groups(group(0.15)))
    sentence = said(CHECKS["quality"], bad)
    assert "More missing values: income." in sentence
    assert sentence.endswith("Groups of another size: region=north.")  # of the other troubles there is none


def test_every_share_of_the_quality_has_its_n_and_its_interval() -> None:
    facts = judged(column(), representation=groups(group(0.0)), repeated_ids=estimate(0.0)).measurements
    assert {each.metric for each in facts} >= {"missing_share", "group_share_current", "repeated_ids"}
    assert all(each.n == N and each.low is not None and each.high is not None for each in facts)


def flips(change: str, feature: str, value: float | None, width: float = 0.01) -> dict[str, Any]:
    status = "refused" if value is None else "measured"
    return {"change": change, "feature": feature, "status": status, "flipped": estimate(value, width)}


def robust(*found: dict[str, Any], sampled: int = N, **limits: Any) -> Judged:
    usual = [flips("noise", "", 0.01), flips("noise", "income", 0.9), flips("missing", "income", 0.1)]
    there = {(each["change"], each["feature"]): each for each in [*usual, *found]}
    result = {
        "flips": list(there.values()),
        "favoured": estimate(0.8),
        "noise_share": 0.1,
        "rows": {"total": sampled, "sampled": sampled},
    }
    return CHECKS["robustness"].judge(result, limits)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([], "passed"),
        ([flips("noise", "", 0.045)], "uncertain"),
        ([flips("noise", "", 0.06)], "amber"),
        ([flips("noise", "", 0.11)], "failed"),
        ([flips("missing", "debt", 0.3)], "amber"),
        ([flips("missing", "debt", 0.6)], "failed"),
        ([flips("missing", "income", None)], "uncertain"),
        ([flips("missing", "income", None), flips("noise", "", 0.06)], "amber"),
        ([flips("low", "income", None)], "passed"),  # no limit is set, so it was not asked
        ([flips("low", "income", 0.9), flips("neighbour", "", 0.9)], "passed"),
    ],
)
def test_a_model_is_robust_by_how_many_decisions_turn(found: list[dict[str, Any]], verdict: str) -> None:
    assert robust(*found).verdict == verdict


def test_a_model_that_refuses_missing_values_is_told_so_and_does_not_pass() -> None:
    found = robust(flips("missing", "income", None))
    silent = [each for each in found.measurements if each.metric == "flips_missing"]
    assert [(each.subject, each.value, each.n, each.verdict) for each in silent] == [
        ("income", None, 0, "insufficient_data")
    ]
    assert found.params["not_measured"] == ["flips_missing"]
    assert "The model refuses missing values" in said(CHECKS["robustness"], found)


def test_what_is_only_reported_is_judged_once_a_limit_is_set() -> None:
    assert robust(flips("low", "income", 0.9), extreme_red=0.5).verdict == "failed"
    assert robust(flips("neighbour", "", 0.9), step_red=0.5).verdict == "failed"
    assert robust(flips("neighbour", "income", 0.9), step_red=0.5).verdict == "passed"


def test_the_feature_that_is_missed_most_is_named() -> None:
    sentence = said(CHECKS["robustness"], robust(flips("missing", "debt", 0.2)))
    assert "the feature missed most is debt (0.2)" in sentence and "0 to 0.02, n = 1000" in sentence


def test_too_few_rows_say_nothing_of_robustness() -> None:
    assert robust(sampled=49).verdict == "insufficient_data"
