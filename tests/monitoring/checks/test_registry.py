"""The register of checks is light, complete and honest about its limits."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Literal

import pytest
from django.utils import translation

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, against, worst
from monitoring.runs import words
from tests.monitoring.checks.saying import said

HEAVY = [
    *("evidently", "fairlearn", "shap", "mlflow", "duckdb", "sklearn", "pandas", "xgboost", "lightgbm"),
    *("onnxruntime", "skops", "numpy", "pyarrow", "scipy"),
]


def test_reading_the_checks_imports_no_science_library() -> None:
    code = f"import sys, monitoring.checks\nassert not set({HEAVY}) & set(sys.modules), set({HEAVY}) & set(sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_each_check_gives_its_kind_of_evidence() -> None:
    assert {key: check.evidence for key, check in CHECKS.items()} == {
        "decision_log": "audit_log",
        "drift": "check:drift",
        "explanation": "check:explainability",
        "fairness": "check:fairness",
        "performance": "check:performance",
        "quality": "check:data_quality",
        "robustness": "check:robustness",
        "trading": "check:trading",
    }


def test_each_limit_is_explained_and_conventions_are_called_so() -> None:
    limits = {limit.key: limit for check in CHECKS.values() for limit in check.limits}

    assert all(str(limit.title) and str(limit.explanation) for limit in limits.values())
    assert limits["demographic_parity_ratio"].default == 0.8
    assert "convention" in str(limits["demographic_parity_ratio"].explanation)
    assert limits["feature_score"].default == 0.1
    assert "0.25" in str(limits["feature_score"].explanation)


@pytest.mark.parametrize("words", ["title", "question", "how", "when_bad"])
@pytest.mark.parametrize("key", sorted(CHECKS))
def test_each_check_says_in_three_languages_what_it_asks_how_and_what_a_bad_answer_means(
    key: str, words: str
) -> None:
    told = {}
    for language in ("en", "kk", "ru"):
        with translation.override(language):
            told[language] = str(getattr(CHECKS[key], words))
    assert all(each.strip() for each in told.values())
    assert len(set(told.values())) == 3, told
    if words in ("how", "when_bad"):
        assert all(1 <= len(re.findall(r"[.!?](?:\s|$)", each)) <= 3 for each in told.values()), told
        assert not any(re.search("compliant|соответству|сәйкес келеді", each) for each in told.values())


@pytest.mark.parametrize("key", sorted(CHECKS))
def test_a_check_that_was_given_nothing_has_not_run_and_says_what_is_missing(key: str) -> None:
    check = CHECKS[key]

    judged = check.judge(measure(key, Inputs()), {})

    assert judged.verdict == "not_run"
    assert words.needs(list(check.needs)) in said(check, judged)


def test_a_plan_overrides_only_limits_that_the_check_has() -> None:
    drift = CHECKS["drift"]

    assert drift.limits_of({"drifted_share": 0.2, "made_up": 1}) == {
        **drift.default_limits,
        "drifted_share": 0.2,
    }


@pytest.mark.parametrize(
    ("side", "value", "low", "high", "verdict"),
    [
        ("at_least", 0.9, 0.85, 0.95, "passed"),
        ("at_least", 0.8, 0.8, 0.95, "passed"),
        ("at_least", 0.9, 0.79, 1.0, "uncertain"),
        ("at_least", 0.9, None, None, "uncertain"),
        ("at_least", 0.79, 0.7, 0.9, "failed"),
        ("at_least", None, None, None, "insufficient_data"),
        ("at_most", 0.7, 0.6, 0.8, "passed"),
        ("at_most", 0.7, 0.6, 0.81, "uncertain"),
        ("at_most", 0.81, 0.7, 0.9, "failed"),
    ],
)
def test_the_point_decides_and_a_crossing_interval_makes_a_pass_uncertain(
    side: Literal["at_least", "at_most"],
    value: float | None,
    low: float | None,
    high: float | None,
    verdict: str,
) -> None:
    assert against(side, 0.8, value, low, high) == verdict


def test_without_a_limit_a_number_is_only_reported() -> None:
    assert against("at_least", None, 0.1, 0.0, 0.2) == "reported"


def test_the_worst_part_speaks_and_nothing_judged_is_never_a_pass() -> None:
    assert worst(["passed", "uncertain", "failed"]) == "failed"
    assert worst(["passed", "insufficient_data"]) == "insufficient_data"
    assert worst(["reported"]) == "insufficient_data"
    assert worst([]) == "insufficient_data"
