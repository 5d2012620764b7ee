"""Counts made at the firm give the figures that its rows give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.counting import documents, making
from monitoring.data.intake import Limits, canonical
from monitoring.engines.refusals import CannotMeasure
from tests.monitoring.counting.files import BOTH, a_file, counted, plan_of, stored, whole_applications
from tests.monitoring.loans import FEATURES


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Both parts as canonical Parquet."""
    folder = tmp_path_factory.mktemp("rows")
    paths = {part: canonical_of(folder, part) for part in ("reference", "current")}
    return Inputs(
        **paths,
        features=tuple(FEATURES),
        label="approve",
        prediction="approve",
        sensitive=("white",),
        seed=1,
    )


@pytest.fixture(scope="module")
def counts(rows: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """The same parts as documents."""
    folder = tmp_path_factory.mktemp("counts")
    made = counted(folder)
    return replace(rows, **{part: stored(folder, each, part) for part, each in made.items()})


def canonical_of(folder: Path, part: str) -> Path:
    return canonical(a_file(folder, part), name=f"{part}.csv", limits=Limits()).path


def test_fairness_from_counts_is_fairness_from_rows(rows, counts):
    one, other = measure("fairness", rows), measure("fairness", counts)

    assert other["source"] == "counts" and other["hidden"] == {}
    for key in ("attributes", "counts", "rows"):
        assert other[key] == one[key]
    check = CHECKS["fairness"]
    assert check.judge(other, {}).verdict == check.judge(one, {}).verdict


# --- two sensitive columns at once

JUDGED = {"intersections": "judged"}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """All 1,974 applicants whose sex is known: no group of both columns is small."""
    path = whole_applications(tmp_path_factory.mktemp("every"))
    current = canonical(path, name="every.csv", limits=Limits()).path
    roles = {
        "features": tuple(FEATURES),
        "label": "approve",
        "prediction": "approve",
        "sensitive": tuple(BOTH),
    }
    return Inputs(current=current, limits=JUDGED, seed=1, **roles)


def of_both(every: Inputs, folder: Path, version: int = 4) -> Inputs:
    """The same applicants as a document, by today's plan or by one of version 1, which asks no pairs."""
    plan = plan_of(sensitive=BOTH)
    if version == 1:
        plan = {key: each for key, each in plan.items() if key not in ("pairs", "roles")} | {"version": 1}
    made = making.document(whole_applications(folder), plan)
    assert made["version"] == version
    return replace(every, current=stored(folder, made, "every"))


def test_pairs_of_sensitive_columns_from_counts_are_those_from_rows(every, tmp_path):
    one, other = measure("fairness", every), measure("fairness", of_both(every, tmp_path))

    [pair] = other["crossed"]
    assert (pair["attribute"], len(pair["groups"]), other["hidden"]) == ("white × male", 4, {})
    assert other["source"] == "counts"
    for key in ("attributes", "crossed", "counts", "crossed_counts", "rows", "overall"):
        assert other[key] == one[key], key
    by_rows, by_counts = (CHECKS["fairness"].judge(each, JUDGED) for each in (one, other))
    assert by_counts == by_rows
    assert any(each.subject == "white × male" for each in by_counts.measurements)


def test_a_document_of_the_first_version_stays_readable_and_is_not_green_where_pairs_are_judged(
    every, tmp_path
):
    """White and male alone would be told as ever."""
    lenient = {"demographic_parity_ratio": 0.1}
    found = measure("fairness", of_both(every, tmp_path, version=1))

    judge = CHECKS["fairness"].judge
    assert found["crossed"] == [] and judge(found, lenient).verdict == "passed"
    strict = judge(found, {**lenient, **JUDGED})
    assert (strict.verdict, strict.summary_key) == ("insufficient_data", "pairs_not_counted")


def test_pairs_that_are_hidden_are_never_green_and_said(every, tmp_path):
    """In the reference twelve applicants have no sex: where they meet white and not white, a block of pairs is hidden."""
    made = counted(tmp_path, sensitive=BOTH)["reference"]
    asked = replace(every, current=stored(tmp_path, made, "hidden"))
    found = measure("fairness", asked)

    assert [each["group"] for each in found["hidden"]["white × male"]] == ["0 × 0", "1 × 0"]
    assert [each["group"] for each in found["crossed"][0]["groups"]] == ["0 × 1", "1 × 1"]
    lenient = {"demographic_parity_ratio": 0.1}
    judged = CHECKS["fairness"].judge(found, {**lenient, **JUDGED})
    assert (judged.verdict, judged.summary_key) == ("insufficient_data", "hidden")
    assert judged.params["hidden"] == "0 × 0, 1 × 0"
    assert CHECKS["fairness"].judge(found, lenient).verdict == "passed"
    from_rows_of_it = measure("fairness", replace(asked, current=canonical_of(tmp_path, "reference")))
    [pair] = from_rows_of_it["crossed"]
    rows = {each["group"]: each for each in pair["groups"]}
    assert all(each == rows[each["group"]] for each in found["crossed"][0]["groups"])


def test_pairs_of_a_column_with_a_hidden_group_are_all_hidden(every, tmp_path):
    made = counted(tmp_path, sensitive=BOTH)["current"]
    found = measure("fairness", replace(every, current=stored(tmp_path, made, "hidden")))

    [pair] = found["crossed"]
    assert (pair["status"], pair["groups"]) == ("insufficient_data", [])
    judged = CHECKS["fairness"].judge(found, {"demographic_parity_ratio": 0.1, **JUDGED})
    assert (judged.verdict, judged.summary_key) == ("insufficient_data", "hidden")


def test_drift_from_counts_is_drift_from_rows_over_the_same_cells(rows, counts):
    """A reference of rows, a reference of counts, current rows or current counts: one score."""
    both = measure("drift", counts)
    from_rows_of_the_reference = measure("drift", replace(counts, reference=rows.reference))

    for one, other in zip(both["features"], from_rows_of_the_reference["features"], strict=True):
        if (
            one["missing_reference"] is None
        ):  # two values are missing in the reference, which only its rows say
            assert one["feature"] == "dep" and one["score"] <= other["score"]
        else:
            assert one == other

    assert "frozen baseline" in both["method"]["instrument"]

    over_rows = measure("drift", replace(counts, current=rows.current))
    whole = [each["feature"] for each in both["features"] if each["pooled"] == 0]
    assert len(whole) >= 5
    for name in whole:
        [one] = [each for each in both["features"] if each["feature"] == name]
        [other] = [each for each in over_rows["features"] if each["feature"] == name]
        assert one == other


def test_drift_of_a_number_of_few_values_is_evidentlys_own(rows, counts):
    """Its values are its cells, so freezing them changes nothing while no value is new."""
    one, other = measure("drift", rows), measure("drift", counts)
    for name in ("cons", "pubrec"):
        [here] = [each for each in one["features"] if each["feature"] == name]
        [there] = [each for each in other["features"] if each["feature"] == name]
        assert there["pooled"] == 0
        assert there["score"] == pytest.approx(here["score"], abs=1e-12)


def test_hidden_cells_laid_together_give_a_lower_bound(rows, counts):
    laid = [each for each in measure("drift", counts)["features"] if each["pooled"]]
    whole = {
        each["feature"]: each for each in measure("drift", replace(counts, current=rows.current))["features"]
    }

    assert laid
    for each in laid:
        if each["status"] == "measured":
            assert each["score"] <= whole[each["feature"]]["score"]
            assert 0 < each["pooled_share"] <= 0.1


def test_a_feature_mostly_hidden_is_not_measured(counts):
    lenient = {"feature_score": 99.0}
    result = measure("drift", replace(counts, limits=lenient))
    [mortgage] = [each for each in result["features"] if each["feature"] == "mortg"]

    assert (mortgage["status"], mortgage["score"], mortgage["drifted"]) == ("insufficient_data", None, None)
    assert mortgage["pooled_share"] > 0.1
    assert CHECKS["drift"].judge(result, lenient).verdict == "uncertain"


def test_a_hidden_group_is_never_green(tmp_path, counts):
    """Two groups of `male` are hidden, one with its small cell and one that would give it away."""
    made = counted(tmp_path, sensitive=BOTH)["current"]
    result = measure(
        "fairness", replace(counts, current=stored(tmp_path, made, "both"), sensitive=tuple(BOTH))
    )

    assert [each["group"] for each in result["hidden"]["male"]] == ["0", None]
    judged = CHECKS["fairness"].judge({**result, "attributes": result["attributes"][:1]}, {})
    assert (judged.verdict, judged.summary_key) == ("insufficient_data", "hidden")
    assert judged.params["hidden"] == "0, ?"


@pytest.mark.parametrize("check", ["performance", "explanation"])
def test_a_check_that_needs_rows_does_not_run(counts, check, tmp_path):
    artefact = tmp_path / "model.json"
    artefact.write_text("{}")
    asked = replace(counts, artefact=artefact, artefact_format="xgboost_json")
    with pytest.raises(CannotMeasure) as refusal:
        measure(check, asked)
    assert refusal.value.rule == "rows_needed"


def test_windows_over_different_cells_are_not_compared(counts, tmp_path):
    other = making.document(a_file(tmp_path, "current"), plan_of())
    with pytest.raises(CannotMeasure) as refusal:
        measure("drift", replace(counts, current=stored(tmp_path, other, "other")))
    assert refusal.value.rule == "cells_disagree"
    assert "loanamt" in refusal.value.params["columns"]


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"limits_from": "own_periods"}, "counts_have_no_periods"),
        ({"numeric_method": "wasserstein"}, "method_needs_rows"),
    ],
)
def test_limits_that_need_rows_are_refused(counts, limits, rule):
    with pytest.raises(CannotMeasure) as refusal:
        measure("drift", replace(counts, limits=limits))
    assert refusal.value.rule == rule


def test_the_same_file_gives_the_same_document(tmp_path: Path):
    one, other = (documents.canonical(counted(tmp_path)["current"]) for _again in range(2))
    assert one == other
