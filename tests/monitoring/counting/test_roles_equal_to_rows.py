"""Score, decision and outcome counted at the firm drift as those of its rows; what is hidden or was not counted is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.counting import making, sources
from monitoring.counting.asking import COLUMNS
from monitoring.data.intake import Limits, canonical
from monitoring.engines.refusals import CannotMeasure
from tests.monitoring.counting.files import plan_of, stored
from tests.monitoring.loans import csv

PARTS = ("reference", "current")
OWN: dict[str, Any] = {"features": ["dep"], "score": "p", "label": "paid", "sensitive": ["white"]}
NAMES = {"p": "score", "approve": "prediction", "paid": "label"}


def scored(part: str) -> pd.DataFrame:
    """The real applications with a score of many values, which moves within its range, and outcomes in words."""
    frame = pd.read_csv(csv(part))
    place = pd.Series(range(len(frame)))
    moved = 0.3 + 0.5 * ((place * 7) % 307) / 307
    frame["p"] = (place * 13 % 997) / 996 if part == "reference" else moved
    frame["paid"] = ["yes" if n % 2 or n % 5 == 0 else "no" for n in place]
    return frame[["dep", "white", "approve", "p", "paid"]]


def of_rows(folder: Path, **frames: pd.DataFrame) -> Inputs:
    paths = {}
    for part in PARTS:
        kept = folder / f"{part}.csv"
        frames.get(part, scored(part)).to_csv(kept, index=False)
        paths[part] = canonical(kept, name=kept.name, limits=Limits()).path
    roles = {"score": "p", "prediction": "approve", "label": "paid", "sensitive": ("white",)}
    return Inputs(**paths, features=("dep",), seed=1, **roles)


def documents_of(folder: Path, **roles: Any) -> dict[str, dict[str, Any]]:
    asked = {**OWN, **roles}
    reference = making.document(folder / "reference.csv", plan_of(**asked))
    current = making.document(folder / "current.csv", plan_of(reference, **asked))
    return {"reference": reference, "current": current}


def of_counts(rows: Inputs, folder: Path, made: dict[str, dict[str, Any]]) -> Inputs:
    return replace(rows, **{part: stored(folder, each, part) for part, each in made.items()})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scored")


@pytest.fixture(scope="module")
def rows(folder: Path) -> Inputs:
    return of_rows(folder)


@pytest.fixture(scope="module")
def made(rows: Inputs, folder: Path) -> dict[str, dict[str, Any]]:
    return documents_of(folder)


@pytest.fixture(scope="module")
def counts(rows: Inputs, folder: Path, made: dict[str, dict[str, Any]]) -> Inputs:
    return of_counts(rows, folder, made)


def test_the_document_tells_the_histogram_of_the_score_and_the_values_of_decision_and_outcome(made):
    for document in made.values():
        assert document["version"] == 4
        assert {each["name"]: each["role"] for each in document["roles"]} == NAMES
        assert all(None not in each["counts"] and each["missing"] == 0 for each in document["roles"])
        assert not any({"mean", "low"} & set(each) for each in document["roles"])
    score, decision, outcome = made["current"]["roles"]
    assert len(score["edges"]) == 11
    assert (decision["kind"], decision["values"], sum(decision["counts"])) == ("few", [0.0, 1.0], 307)
    assert (outcome["values"], outcome["counts"]) == (["no", "yes"], [123, 184, 0])


def test_their_drift_from_counts_is_that_from_rows(rows, counts):
    """Over the frozen baseline all three, and decision and outcome over rows as well: their values are their cells.

    The baseline draws the interval of the score over two more cells, which no row lies in.
    """
    found = by_name(measure("drift", counts))
    over_cells = by_name(measure("drift", replace(rows, limits={"cells": "frozen_baseline"})))
    evidently = by_name(measure("drift", rows))

    assert list(found) == list(over_cells) == list(evidently) == list(NAMES)
    for name, role in NAMES.items():
        one, other = found[name], over_cells[name]
        for key in ("role", "kind", "status", "method", "threshold", "drifted", "n_reference", "n_current"):
            assert one[key] == other[key], (name, key)
        for key in ("score", *(() if role == "score" else ("low", "high", "by_chance"))):
            assert one[key] == pytest.approx(other[key], abs=1e-9), (name, key)
        assert (one["role"], one["pooled"]) == (role, 0)
        if role != "score":
            assert one["score"] == pytest.approx(evidently[name]["score"], abs=1e-9)
    assert found["p"]["drifted"] and found["p"]["score"] > 0.1


@pytest.mark.parametrize("part", PARTS)
def test_counts_of_one_period_beside_rows_of_the_other_give_the_same(rows, counts, part):
    mixed = replace(counts, **{part: getattr(rows, part)})
    for name, one in by_name(measure("drift", mixed)).items():
        assert one["score"] == pytest.approx(by_name(measure("drift", counts))[name]["score"], abs=1e-9)


def test_a_score_and_a_decision_that_have_drifted_are_amber_named_as_from_rows(rows, counts):
    judged = [CHECKS["drift"].judge(measure("drift", each), {}) for each in (rows, counts)]
    for each in judged:
        assert (each.verdict, each.summary_key, each.params["own"]) == ("amber", "own", "p, approve")
        figures = {fact.metric: fact.verdict for fact in each.measurements if fact.subject != "dep"}
        assert figures == {
            "drifted_share": "passed",
            "score_psi": "amber",
            "prediction_psi": "amber",
            "label_psi": "passed",
        }


def test_a_column_that_is_hidden_is_insufficient_data(rows, folder, tmp_path, made):
    """Four applications are not decided yet: the groups and the decisions together would tell so."""
    frame = scored("current")
    frame.loc[:3, "approve"] = None
    frame.to_csv(tmp_path / "current.csv", index=False)
    current = making.document(tmp_path / "current.csv", plan_of(made["reference"], **OWN))
    found = measure("drift", of_counts(rows, tmp_path, {**made, "current": current}))

    told = by_name(found)
    for name in ("approve", "paid"):
        [role] = [each for each in current["roles"] if each["name"] == name]
        assert {*role["counts"], role["missing"]} == {None}
        assert (told[name]["status"], told[name]["score"], told[name]["drifted"]) == (
            "insufficient_data",
            None,
            None,
        )
    assert told["p"]["status"] == "measured"
    figures = {fact.metric: fact.verdict for fact in CHECKS["drift"].judge(found, {}).measurements}
    assert figures["prediction_psi"] == figures["label_psi"] == "insufficient_data"


@pytest.mark.parametrize("part", PARTS)
def test_counts_of_an_earlier_plan_are_not_green_and_say_what_they_do_not_hold(
    rows, folder, tmp_path, made, part
):
    earlier = {key: each for key, each in made[part].items() if key != "roles"} | {"version": 2}
    found = measure("drift", of_counts(rows, tmp_path, {**made, part: earlier}))

    assert {each["feature"]: each["status"] for each in found["roles"]} == dict.fromkeys(NAMES, "not_counted")
    judged = CHECKS["drift"].judge(found, {})
    assert (judged.verdict, judged.summary_key) == ("uncertain", "not_counted")
    assert judged.params["not_counted"] == "p, approve, paid"
    figures = {fact.metric: (fact.value, fact.verdict) for fact in judged.measurements}
    for metric in ("score_psi", "prediction_psi", "label_psi"):
        assert figures[metric] == (None, "insufficient_data")
    assert (
        CHECKS["drift"].judge(measure("drift", replace(rows, **periods(tmp_path, made))), {}).verdict
        == "amber"
    )


def periods(folder: Path, made: dict[str, dict[str, Any]]) -> dict[str, Path]:
    return {part: stored(folder, each, f"again-{part}") for part, each in made.items()}


def test_a_plan_of_an_earlier_version_is_still_counted(folder, made):
    plan = {key: each for key, each in plan_of(**OWN).items() if key != "roles"} | {"version": 2}
    document = making.document(folder / "reference.csv", plan)
    assert document == {key: each for key, each in made["reference"].items() if key != "roles"} | {
        "version": 2
    }
    assert plan_of(document, **OWN)["version"] == 2  # its cells are not known, so they are not asked


def test_of_an_outcome_that_is_to_come_nothing_is_said_as_over_rows(tmp_path, made):
    frame = scored("current").assign(paid=None)
    rows = of_rows(tmp_path, current=frame)
    current = making.document(tmp_path / "current.csv", plan_of(made["reference"], **OWN))
    counts = of_counts(rows, tmp_path, {**made, "current": current})

    assert [each["name"] for each in current["roles"]] == ["p", "approve"]
    for inputs in (rows, counts):
        assert list(by_name(measure("drift", inputs))) == ["p", "approve"]


def test_numbers_that_became_words_are_incomparable(rows, counts, tmp_path):
    words = scored("current").assign(approve=lambda it: it["approve"].map({1: "yes", 0: "no"}))
    found = measure("drift", replace(counts, current=of_rows(tmp_path, current=words).current))

    assert by_name(found)["approve"]["status"] == "incomparable"
    assert CHECKS["drift"].judge(found, {}).params["own"] == "p, approve"


def test_other_cells_of_a_score_are_not_compared(counts, folder, tmp_path):
    other = making.document(folder / "current.csv", plan_of(**OWN))
    with pytest.raises(CannotMeasure) as refusal:
        measure("drift", replace(counts, current=stored(tmp_path, other, "other")))
    assert refusal.value.rule == "cells_disagree"


@pytest.mark.parametrize("name", ["postgresql", "spark", "duckdb"])
def test_every_engine_is_asked_for_them(made, name):
    plan = plan_of(made["reference"], **OWN)
    statement = making.question(name, "scoring.applications", plan)
    for place, column in enumerate(NAMES, start=1):
        [line] = [each for each in statement.split("UNION ALL") if f"CAST({place} AS BIGINT)" in each]
        assert "'cell'" in line and column in line


def test_an_answer_of_the_firms_own_engine_tells_them(folder, tmp_path, made):
    plan = plan_of(made["reference"], **OWN)
    with sources.opened(sources.source_of([str(folder / "current.csv")]), plan) as (engine, _types):
        found = engine.rows(making.question("duckdb", "{source}", plan))
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps([dict(zip(COLUMNS, each, strict=True)) for each in found]))
    assert making.of_result(answer, plan)["roles"] == made["current"]["roles"]


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["feature"]: each for each in found["roles"]}
