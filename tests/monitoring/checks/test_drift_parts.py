"""Columns counted in parts: the error stands beside the score, and what it leaves open is never green."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from monitoring.checks.drift_limits import FROZEN_BASELINE
from monitoring.engines import drift
from monitoring.engines.drift_rule import Rule
from tests.monitoring.checks.saying import said

DRIFT = CHECKS["drift"]


def column(
    score: float, error: float, *, method: str = "wasserstein", limit: float = 0.1, **told: Any
) -> dict[str, Any]:
    moved = score <= limit if method == "ks" else score >= limit
    about = {
        "feature": "income",
        "status": "measured",
        "n_current": 6_000_000,
        "method": method,
        "threshold": limit,
    }
    return {**about, "score": score, "low": None, "high": None, "drifted": moved, "error": error, **told}


def judged(*features: dict[str, Any], roles: tuple[dict[str, Any], ...] = ()) -> Judged:
    share = sum(each["drifted"] for each in features) / len(features)
    result = {
        "features": list(features),
        "roles": list(roles),
        "measured": len(features),
        "drifted_share": share,
    }
    return DRIFT.judge(result, {})


@pytest.mark.parametrize(
    ("method", "score", "error", "verdict"),
    [
        ("wasserstein", 0.098, 0.001, "passed"),
        ("wasserstein", 0.0992, 0.001, "uncertain"),
        ("wasserstein", 0.1001, 0.001, "failed"),
        ("ks", 0.3, 0.1, "passed"),
        ("ks", 0.15, 0.05, "uncertain"),
        ("ks", 0.1, 0.05, "failed"),
    ],
)
def test_a_limit_within_the_error_of_counting_is_never_green(method, score, error, verdict) -> None:
    found = judged(column(score, error, method=method))
    assert found.verdict == verdict
    told = {each.metric: each for each in found.measurements}
    assert told[method].verdict == {"failed": "amber"}.get(verdict, verdict)
    assert (told[f"{method}_error"].value, told[f"{method}_error"].verdict) == (error, "reported")
    assert told[f"{method}_error"].unit == told[method].unit


def test_the_sentence_names_what_lies_too_near() -> None:
    assert said(DRIFT, judged(column(0.0992, 0.001), column(0.01, 0.001, feature="age"))) == (
        "None of the 2 measured features has drifted as they were counted, but income lies so near its limit that its error of "
        "counting leaves it open; 0 could not be measured."
    )
    own = column(0.0992, 0.001, feature="score", role="score")
    assert judged(column(0.01, 0.001), roles=(own,)).verdict == "uncertain"
    assert {each.metric for each in judged(column(0.01, 0.0), roles=(own,)).measurements} == {
        "drifted_share",
        "wasserstein",
        "score_wasserstein",
        "score_wasserstein_error",
    }


@pytest.fixture
def windows(tmp_path: Path) -> tuple[Path, Path]:
    rng = np.random.default_rng(7)
    wages = rng.lognormal(11, 1, 40_000), rng.lognormal(11.06, 1, 40_000)
    reference, current = tmp_path / "reference.parquet", tmp_path / "current.parquet"
    for path, each in zip((reference, current), wages, strict=True):
        pq.write_table(pa.table({"income": each}), path)
    return reference, current


def test_over_the_frozen_baseline_the_rows_themselves_lie_within_the_error_told(windows) -> None:
    reference, current = windows
    limits = {"cells": FROZEN_BASELINE, "numeric_method": "wasserstein"}
    result = measure(
        "drift", Inputs(reference=reference, current=current, features=("income",), limits=limits)
    )
    told = {each.metric: each.value for each in DRIFT.judge(result, limits).measurements}
    exact = drift.measure(reference, current, features=["income"], rule=Rule("wasserstein")).features[0]
    assert exact.error == 0 and told["wasserstein_error"] > 0
    assert abs(told["wasserstein"] - exact.score) <= told["wasserstein_error"]
