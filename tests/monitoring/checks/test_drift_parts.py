"""Columns counted in parts: the error that this can have made stands beside the score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import translation

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from monitoring.engines import drift
from monitoring.engines.drift_rule import FROZEN_BASELINE, Rule
from monitoring.runs.metrics import METRICS

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


@pytest.mark.parametrize("method", ["wasserstein", "ks"])
def test_the_error_stands_beside_the_score_and_turns_no_verdict(method) -> None:
    found = judged(column(0.15, 0.2, method=method, limit=0.1 if method == "ks" else 0.2))
    told = {each.metric: each for each in found.measurements}
    error = told[f"{method}_error"]
    assert (found.verdict, told[method].verdict) == ("passed", "passed")
    assert (error.value, error.verdict, error.limit) == (0.2, "reported", None)
    assert (error.unit, error.subject, error.n) == (told[method].unit, "income", 6_000_000)


def test_what_was_not_counted_in_parts_has_none_and_a_role_says_whose_it_is() -> None:
    own = column(0.01, 0.001, feature="score", role="score")
    assert {each.metric for each in judged(column(0.01, 0.0), roles=(own,)).measurements} == {
        "drifted_share",
        "wasserstein",
        "score_wasserstein",
        "score_wasserstein_error",
    }


def test_it_has_a_name_in_every_language() -> None:
    for language, words in (("en", "at most"), ("ru", "не более"), ("kk", "ең үлкен")):
        with translation.override(language):
            assert words in str(METRICS["wasserstein_error"]) and words in str(METRICS["score_ks_error"])


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
