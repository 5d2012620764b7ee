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
from tests.monitoring.counting.files import BOTH, a_file, counted, plan_of, stored
from tests.monitoring.loans import FEATURES


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Both parts as canonical Parquet."""
    folder = tmp_path_factory.mktemp("rows")
    paths = {
        part: canonical(a_file(folder, part), name=f"{part}.csv", limits=Limits()).path
        for part in ("reference", "current")
    }
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


def test_fairness_from_counts_is_fairness_from_rows(rows, counts):
    one, other = measure("fairness", rows), measure("fairness", counts)

    assert other["source"] == "counts" and other["hidden"] == {}
    for key in ("attributes", "counts", "rows"):
        assert other[key] == one[key]
    check = CHECKS["fairness"]
    assert check.judge(other, {}).verdict == check.judge(one, {}).verdict


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
