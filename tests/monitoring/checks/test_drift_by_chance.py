"""What chance alone explains is no drift: small data periods that have not changed are uncertain, and real shifts are found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from monitoring.engines.drift_rule import OWN_PERIODS
from tests.monitoring.checks.saying import said
from tests.monitoring.counting.files import counted_from, stored

DRIFT = CHECKS["drift"]
COLUMNS = ("x0", "x1", "x2")
WAYS = ("evidently_equal", "frozen_baseline", "counts")
UNCHANGED = [
    *(
        ("evidently_equal", rows, seed, 0.1)
        for rows, seed in ((60, 1), (60, 2), (60, 3), (200, 1), (200, 2), (200, 4))
    ),
    *(
        ("frozen_baseline", rows, seed, 0.1)
        for rows, seed in ((60, 2), (60, 3), (60, 4), (200, 2), (200, 4), (200, 7))
    ),
    *(("counts", 200, seed, 0.03) for seed in (1, 3, 5)),
]
"""Way, rows, seed, limit: the few cells that leave a firm reach 0.1 by chance hardly ever."""
SHIFTED = [*((way, rows) for way in WAYS[:2] for rows in (60, 100, 200, 500)), ("counts", 100)]


def a_period(path: Path, rng: np.random.Generator, rows: int, shifted: Sequence[str] = ()) -> Path:
    drawn = {name: rng.normal(1.0 if name in shifted else 0.0, 1, rows) for name in COLUMNS}
    table = pa.table(drawn)
    if path.suffix == ".csv":
        csv.write_csv(table, path)
    else:
        pq.write_table(table, path)
    return path


def measured(
    folder: Path, way: str, rows: int, seed: int, shifted: Sequence[str] = (), **limits: Any
) -> tuple[dict[str, Any], Judged]:
    rng, ending = np.random.default_rng(seed), "csv" if way == "counts" else "parquet"
    paths = {
        "reference": a_period(folder / f"reference.{ending}", rng, rows),
        "current": a_period(folder / f"current.{ending}", rng, rows, shifted),
    }
    if way == "counts":
        made = counted_from(paths["reference"], paths["current"], COLUMNS)
        paths = {part: stored(folder, each, part) for part, each in made.items()}
    else:
        limits = {"cells": way, **limits}
    result = measure("drift", Inputs(**paths, features=COLUMNS, limits=limits))
    return result, DRIFT.judge(result, limits)


def verdicts(judged: Judged) -> dict[str, str]:
    return {each.subject or each.metric: each.verdict for each in judged.measurements}


@pytest.mark.parametrize(("way", "rows", "seed", "limit"), UNCHANGED)
def test_small_periods_that_have_not_changed_are_uncertain(tmp_path, way, rows, seed, limit):
    result, judged = measured(tmp_path, way, rows, seed, feature_score=limit)
    reached = [each["feature"] for each in result["features"] if each["drifted"]]
    assert reached and result["drifted_share"] == pytest.approx(len(reached) / 3)
    assert (judged.verdict, judged.summary_key) == ("uncertain", "by_chance")
    assert judged.measurements[0].value == result["drifted_share"]
    told = verdicts(judged)
    assert told.pop("drifted_share") == "uncertain"
    assert told == {name: "uncertain" if name in reached else "passed" for name in COLUMNS}
    sentence = said(DRIFT, judged)
    assert f"whether these have drifted: {', '.join(reached)}. Hand in longer data periods" in sentence
    assert "Too few values" not in sentence


@pytest.mark.parametrize(("way", "rows"), SHIFTED)
def test_a_shift_by_one_standard_deviation_still_fails(tmp_path, way, rows):
    _result, judged = measured(tmp_path, way, rows, 1, ["x0", "x1"])
    assert judged.verdict == "failed" and judged.params["drifted"] >= 2
    assert [verdicts(judged)[name] for name in ("drifted_share", "x0", "x1")] == ["failed", "amber", "amber"]


def test_where_something_moved_only_that_is_counted_and_the_rest_is_named_beside(tmp_path):
    result, judged = measured(tmp_path, "evidently_equal", 60, 1, ["x0"])
    assert result["drifted_share"] == 1.0
    assert (judged.verdict, judged.params["drifted"], judged.params["names"]) == ("amber", 1, "x0")
    assert judged.params["share"] == pytest.approx(1 / 3)
    share = judged.measurements[0]
    assert (share.value, share.limit, share.verdict) == (1.0, 0.5, "amber")
    assert verdicts(judged) == {"drifted_share": "amber", "x0": "amber", "x1": "uncertain", "x2": "uncertain"}
    assert said(DRIFT, judged) == (
        "1 features have drifted (of 3 measured), led by x0. At their limit or beyond it, but no farther than chance alone may "
        "bring them: x1, x2."
    )


@pytest.mark.parametrize("way", WAYS)
def test_with_many_rows_nothing_is_otherwise(tmp_path, way):
    _result, same = measured(tmp_path, way, 5000, 1)
    assert (same.verdict, set(verdicts(same).values())) == ("passed", {"passed"})


@pytest.mark.parametrize("way", WAYS[:2])
def test_with_many_rows_a_shift_is_told_as_before(tmp_path, way):
    result, moved = measured(tmp_path, way, 5000, 1, ["x1"])
    assert (moved.verdict, moved.params["share"]) == ("amber", result["drifted_share"])
    assert said(DRIFT, moved) == "1 features have drifted (of 3 measured), led by x1."


def test_among_many_unchanged_columns_chance_moves_few():
    """As the decision says it: nine in ten reach the limit with 60 rows, and about one in fifteen moves by more than chance."""
    from monitoring.engines.drift import uncertain
    from monitoring.engines.drift_statistics import layout

    rng, reached, beyond = np.random.default_rng(2026), 0, 0
    for at in range(100):
        ours = layout(rng.normal(size=60), rng.normal(size=60), "psi", categorical=False)
        score = ours.score()
        reached += score >= 0.1
        beyond += score > uncertain(ours, score, 0, at)["by_chance"]
    assert reached > 85 and beyond < 15


def column(score: float | None, chance: float | None, **told: Any) -> dict[str, Any]:
    about = {
        "feature": "x",
        "status": "measured",
        "kind": "numeric",
        "n_current": 60,
        "method": "psi",
        "threshold": 0.1,
    }
    drifted = None if score is None else score >= 0.1
    bare = {"score": score, "low": None, "high": None, "by_chance": chance, "own_largest": None}
    return {**about, **bare, "drifted": drifted, **told}


def result_of(*features: dict[str, Any], roles: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    there = [each["drifted"] for each in features if each["status"] == "measured"]
    share = sum(there) / len(there) if there else None
    return {"features": list(features), "roles": list(roles), "measured": len(there), "drifted_share": share}


@pytest.mark.parametrize(
    ("score", "chance", "verdict"),
    [(0.3, 0.3, "uncertain"), (0.3001, 0.3, "failed"), (0.3, None, "failed"), (0.05, 0.3, "passed")],
)
def test_a_score_has_to_lie_above_what_chance_gives_where_that_is_known(score, chance, verdict):
    assert DRIFT.judge(result_of(column(score, chance)), {}).verdict == verdict


def test_a_p_value_knows_no_chance_beside_it():
    told = {"method": "ks", "threshold": 0.05, "drifted": True}
    assert DRIFT.judge(result_of(column(0.01, None, **told)), {}).verdict == "failed"


def test_a_score_of_the_model_that_chance_explains_is_not_amber():
    own = column(0.2, 0.3, feature="points", role="score")
    judged = DRIFT.judge(result_of(column(0.01, 0.3), roles=[own]), {})
    assert (judged.verdict, judged.summary_key, judged.params["by_chance"]) == (
        "uncertain",
        "by_chance",
        "points",
    )
    assert verdicts(judged) == {"drifted_share": "passed", "x": "passed", "points": "uncertain"}
    moved = DRIFT.judge(result_of(column(0.2, 0.3), roles=[{**own, "score": 0.31}]), {})
    assert (moved.verdict, moved.summary_key, moved.params["own"]) == ("amber", "own", "points")
    assert said(DRIFT, moved).endswith("no farther than chance alone may bring them: x.")


def test_too_few_values_are_named_beside_it():
    few = column(None, None, feature="rare", status="insufficient_data")
    judged = DRIFT.judge(result_of(column(0.2, 0.3), few), {})
    assert (judged.verdict, judged.summary_key) == ("uncertain", "by_chance")
    assert said(DRIFT, judged).endswith("Too few values to compare: rare.")


def test_other_limits_are_judged_by_the_same_rule():
    result = result_of(column(0.2, 0.3), column(0.4, 0.3, feature="y"))
    said_of = {limit: DRIFT.judge_again(result, {}, {"feature_score": limit}) for limit in (0.1, 0.25, 0.5)}
    assert {limit: each and each.verdict for limit, each in said_of.items()} == {
        0.1: "failed",
        0.25: "failed",
        0.5: "passed",
    }
    again = DRIFT.judge_again(result_of(column(0.2, 0.3)), {}, {"feature_score": 0.15})
    assert again is not None and (again.verdict, again.summary_key) == ("uncertain", "by_chance")


def test_a_limit_from_own_periods_is_above_chance_already():
    result = result_of(column(0.5, 0.3, own_largest=0.1, threshold=0.3))
    limits = {"limits_from": OWN_PERIODS}
    again = DRIFT.judge_again(result, limits, {**limits, "margin": 2.0})
    assert again is not None and again.verdict == "failed"
