"""Tests over categories need counts alone: counts made at the firm give the p-values that its rows give."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2, fisher_exact, norm

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.counting import documents, making, plans
from monitoring.data.intake import Limits, canonical
from monitoring.engines.counted import p_values

REGIONS, SHOPS = "region", "shop"
ROLES: dict[str, Any] = {"categorical": [REGIONS, SHOPS], "sensitive": [], "label": "", "favourable": "1"}
WHOLE = {"features": [REGIONS, SHOPS], "prediction": "decision", **ROLES}


def a_period(folder: Path, name: str, regions: dict[str, int], shops: dict[str, int], yes: int) -> Path:
    """A CSV file with so many rows of each region and shop, and so many favourable decisions."""
    columns = [[key for key, n in counts.items() for _each in range(n)] for counts in (regions, shops)]
    rows = zip(*columns, ["1"] * yes + ["0"] * (len(columns[0]) - yes), strict=True)
    path = folder / f"{name}.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([[REGIONS, SHOPS, "decision"], *rows])
    return path


def as_rows(path: Path) -> Path:
    return canonical(path, name=path.name, limits=Limits()).path


def as_counts(reference: Path, current: Path) -> tuple[Path, Path]:
    """Both as documents, the current one over the cells of the reference."""
    first = making.document(reference, plans.plan(None, **WHOLE))
    cells = [plans.cells_of(each) for each in first["columns"]]
    roles = [plans.cells_of(each) for each in first["roles"]]
    second = making.document(current, plans.plan(cells, **WHOLE, roles=roles))
    found = []
    for path, each in ((reference, first), (current, second)):
        found.append(path.with_suffix(".counts"))
        found[-1].write_bytes(documents.canonical(each))
    return found[0], found[1]


def drift(reference: Path, current: Path, method: str, **limits: Any) -> dict[str, Any]:
    asked = {"cells": "frozen_baseline", "categorical_method": method, **limits}
    roles = {"features": (REGIONS, SHOPS), "categorical": (REGIONS, SHOPS), "prediction": "decision"}
    digests = {"reference": "r", "current": "c"}
    return measure(
        "drift", Inputs(current=current, reference=reference, **roles, limits=asked, digests=digests)
    )


def columns(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["feature"]: each for each in (*result["features"], *result["roles"])}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return a_period(
        tmp_path, "reference", {"Almaty": 400, "Astana": 300, "Oral": 300}, {"a": 700, "b": 300}, 500
    )


@pytest.fixture
def current(tmp_path: Path) -> Path:
    return a_period(
        tmp_path, "current", {"Almaty": 260, "Astana": 130, "Oral": 110}, {"a": 350, "b": 150}, 240
    )


@pytest.mark.parametrize("method", ["chisquare", "z", "g_test"])
def test_a_p_value_over_counts_is_the_one_over_rows(reference, current, method):
    over_rows = columns(drift(as_rows(reference), as_rows(current), method))
    over_counts = drift(*as_counts(reference, current), method)
    mixed = drift(as_rows(reference), as_counts(reference, current)[1], method)
    for result in (over_counts, mixed):
        found = columns(result)
        assert set(found) == {REGIONS, SHOPS, "decision"}
        for name, each in found.items():
            assert each["score"] == pytest.approx(over_rows[name]["score"], abs=1e-9), name
            assert (each["status"], each["method"], each["pooled"]) == ("measured", method, 0)
            assert (each["drifted"], each["threshold"]) == (over_rows[name]["drifted"], 0.05)
            assert (each["low"], each["by_chance"], each["replicates"]) == (None, None, 0)
    judged = CHECKS["drift"].judge(over_counts, {"categorical_method": method})
    assert judged.verdict == "failed" and judged.params["names"] == REGIONS


def test_fisher_s_exact_test_answers_for_two_categories_over_counts_as_over_rows(reference, current):
    over_rows = columns(drift(as_rows(reference), as_rows(current), "fisher_exact"))
    over_counts = columns(drift(*as_counts(reference, current), "fisher_exact"))

    for found in (over_rows, over_counts):
        assert (found[REGIONS]["status"], found[REGIONS]["score"]) == ("not_answered", None)
        assert found[SHOPS]["score"] == pytest.approx(fisher_exact([[350, 150], [700, 300]])[1], rel=1e-9)
        assert found["decision"]["score"] == pytest.approx(
            fisher_exact([[260, 240], [500, 500]])[1], rel=1e-9
        )


def test_of_more_rows_than_scipy_can_multiply_fisher_has_no_answer():
    few, many = np.array([50, 50]), np.array([5 * 10**9, 5 * 10**9])
    assert p_values.fisher_exact(few, few) == pytest.approx(1.0)
    assert np.isnan(p_values.fisher_exact(many, many))


def test_the_p_values_are_those_on_paper(reference, current):
    """Expected 200, 150 and 150 of 500; found 260, 130 and 110. The first one: 400 of 1,000 and 260 of 500."""
    documents_ = as_counts(reference, current)
    statistic = 60**2 / 200 + 20**2 / 150 + 40**2 / 150
    assert columns(drift(*documents_, "chisquare"))[REGIONS]["score"] == pytest.approx(chi2.sf(statistic, 2))
    g = 2 * sum(n * np.log(n / expected) for n, expected in ((260, 200), (130, 150), (110, 150)))
    assert columns(drift(*documents_, "g_test"))[REGIONS]["score"] == pytest.approx(chi2.sf(g, 2))
    pooled = 660 / 1500
    z = (0.4 - 0.52) / np.sqrt(pooled * (1 - pooled) * (1 / 1000 + 1 / 500))
    assert columns(drift(*documents_, "z"))[REGIONS]["score"] == pytest.approx(2 * norm.sf(abs(z)))


def test_a_category_that_only_one_side_has_is_judged_as_over_rows(tmp_path, reference):
    """New in the current period: sure drift. Gone from it: one more category of which none was found."""
    new = a_period(
        tmp_path, "new", {"Almaty": 200, "Astana": 150, "Oral": 130, "Oskemen": 20}, {"a": 500}, 250
    )
    over_rows = columns(drift(as_rows(reference), as_rows(new), "chisquare"))
    over_counts = columns(drift(*as_counts(reference, new), "chisquare"))
    assert over_counts[REGIONS]["score"] == over_rows[REGIONS]["score"] == 0.0
    assert over_counts[SHOPS]["score"] == pytest.approx(over_rows[SHOPS]["score"], abs=1e-9)
    assert over_rows[SHOPS]["score"] == pytest.approx(chi2.sf(150**2 / 350 + 150, 1), abs=1e-9)


@pytest.mark.parametrize("method", ["psi", "chisquare", "z"])
def test_hidden_cells_are_laid_together_for_a_test_as_for_psi(tmp_path, reference, method):
    """Five rows of Oral are hidden, and with them those of Astana; where both hold more than a tenth, nothing is said."""
    regions = {"Almaty": 2000, "Astana": 150, "Oral": 5}
    few = a_period(tmp_path, "few", regions, {"a": 1400, "b": 755}, 1000)
    large = {"Almaty": 2000, "Astana": 150, "Oral": 50}
    before = a_period(tmp_path, "before", large, {"a": 1400, "b": 800}, 1000)
    one = columns(drift(*as_counts(before, few), method))[REGIONS]
    assert (one["status"], one["pooled"]) == ("measured", 2)
    expected = np.array([2000, 200]) * 2155 / 2200
    found = np.array([2000, 155])
    if method == "chisquare":
        statistic = float(((found - expected) ** 2 / expected).sum())
        assert one["score"] == pytest.approx(chi2.sf(statistic, 1), abs=1e-9)
    told = drift(*as_counts(before, few), method)["method"]
    assert ("hidden_cells_of_tests" in told) == (method != "psi")
    assert columns(drift(*as_counts(reference, few), method))[REGIONS]["status"] == "insufficient_data"


def test_the_test_of_two_shares_says_nothing_where_the_first_category_is_hidden(tmp_path):
    """It compares the first one with all others, and how many rows have it did not leave the firm."""
    before = a_period(
        tmp_path, "before", {"Almaty": 60, "Astana": 100, "Oral": 2000}, {"a": 1160, "b": 1000}, 900
    )
    after = a_period(
        tmp_path, "after", {"Almaty": 6, "Astana": 100, "Oral": 2000}, {"a": 1106, "b": 1000}, 900
    )
    for method, status in (("psi", "measured"), ("chisquare", "measured"), ("z", "insufficient_data")):
        found = columns(drift(*as_counts(before, after), method))[REGIONS]
        assert (found["status"], found["pooled"]) == (status, 2)
        assert (found["score"] is None) == (status == "insufficient_data")
