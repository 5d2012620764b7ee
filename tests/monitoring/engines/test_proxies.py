"""Features that stand in for a sensitive attribute, in real data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from monitoring.engines import boosters, explanation
from monitoring.engines.attributed import Attributed
from monitoring.engines.proxies import CATEGORIES, Proxies, cramers_v, proxies
from tests.monitoring.engines.conftest import FEATURES, Trained, written
from tests.reference import needs_reference_data, of_set


def looked_for(
    rows: pd.DataFrame, features: list[str], sensitive: list[str], folder: Path, least: float = 0.5
) -> Proxies | None:
    """Each feature carries as much as the others."""
    even = Attributed.of(np.ones((500, len(features))), 200, 1)
    return proxies(written(rows, folder / "rows.parquet"), features, sensitive, even, least=least, seed=1)


@needs_reference_data
def test_the_household_of_the_adult_census_stands_in_for_sex(tmp_path: Path) -> None:
    """Husband and wife: the feature by which that set is known for it. Marital status and occupation tell less of it."""
    rows = pd.read_parquet(of_set("adult/data.parquet"))
    features = ["relationship", "marital-status", "occupation", "education", "hours-per-week", "capital-gain"]

    found = looked_for(rows, features, ["sex", "race"], tmp_path)

    assert found is not None and (found.attributes, found.features) == (["sex", "race"], 6)
    [told] = found.found
    assert (told.feature, told.attribute, told.association.n) == ("relationship", "sex", 2000)
    assert told.association.value == pytest.approx(0.64, abs=0.03)
    assert (
        0.55
        < (told.association.low or 0)
        < (told.association.value or 0)
        < (told.association.high or 0)
        < 0.75
    )
    assert told.share == pytest.approx(1 / 6) == found.share.value


def test_the_association_is_that_of_chi_square_less_what_chance_gives() -> None:
    table = np.random.default_rng(0).integers(1, 50, (7, 4)).astype(float)
    n, chi_square = table.sum(), chi2_contingency(table, correction=False).statistic
    wanted = (chi_square / n - 6 * 3 / (n - 1)) / (min(7 - 36 / (n - 1), 4 - 9 / (n - 1)) - 1)

    assert cramers_v(table) == pytest.approx(wanted**0.5)
    assert cramers_v(np.array([table, table[::-1]])) == pytest.approx(wanted**0.5), "of many tables at once"
    assert cramers_v(np.diag([50.0, 60, 70])) == 1
    for nothing in (np.outer([10.0, 20], [3, 4]), np.array([[5.0, 5]]), np.array([[1.0]]), np.zeros((2, 2))):
        assert cramers_v(nothing) == 0


def test_noise_stands_in_for_nothing_however_few_rows_and_many_groups_there_are(tmp_path: Path) -> None:
    """Without the correction a hundred rows in 20 by 50 groups would look like an association of 0.6."""
    rng = np.random.default_rng(5)
    names = [f"x{at}" for at in range(20)]
    rows = pd.DataFrame(rng.normal(size=(100, 20)), columns=names)
    rows["region"] = rng.choice([f"r{at}" for at in range(CATEGORIES)], 100)

    found = looked_for(rows, names, ["region"], tmp_path)

    assert found is not None and found.found == [] and found.share.value == 0


def test_numbers_words_and_gaps_stand_in_for_an_attribute(applications: pd.DataFrame, tmp_path: Path) -> None:
    """Of 1,989 applications: each made feature tells race apart in its own way; what is missing in both alike tells nothing."""
    rng = np.random.default_rng(2)
    is_white = applications.race == "white"
    rows = applications[["race", "sex", "obrat"]].assign(
        level=np.where(is_white, 0.0, 3.0) + rng.normal(size=len(applications)),
        # 60 districts, more than stand alone
        district=[
            f"{race}-{at}"
            for race, at in zip(applications.race, rng.integers(0, 30, len(applications)), strict=True)
        ],
        gap=np.where(is_white, applications.obrat, np.nan),
        alike=np.where(applications.sex.isna(), np.nan, rng.normal(size=len(applications))),
    )

    found = looked_for(rows, ["obrat", "level", "district", "gap", "alike"], ["race", "sex"], tmp_path)

    assert found is not None
    assert {(each.feature, each.attribute) for each in found.found} == {
        ("level", "race"), ("district", "race"), ("gap", "race"),
    }  # fmt: skip
    assert found.share.value == pytest.approx(3 / 5)


def test_nothing_is_looked_for_without_an_attribute_or_another_feature(
    applications: pd.DataFrame, tmp_path: Path
) -> None:
    assert looked_for(applications, ["obrat"], [], tmp_path) is None
    assert looked_for(applications, ["obrat"], ["age"], tmp_path) is None, "no such column"
    assert looked_for(applications, ["dep"], ["dep"], tmp_path) is None
    nobody = applications.assign(race=None)
    assert (looked_for(nobody, ["obrat"], ["race"], tmp_path, least=0.0) or pytest.fail()).found == []


def test_an_explanation_says_what_stands_in_and_how_much_rests_on_it(
    applications: pd.DataFrame, tmp_path: Path, xgboost_model: Trained
) -> None:
    """As if only people of one race had guidelines that they do not meet."""
    model = boosters.load(xgboost_model.path, "xgboost_json", FEATURES)
    rows = applications.assign(gdlin=(applications.race == "white").astype(int))

    found = explanation.measure(written(rows, tmp_path / "rows.parquet"), model, sensitive=("race",), seed=3)

    share = next(each.share for each in found.importances if each.feature == "gdlin")
    assert found.proxies is not None
    [told] = found.proxies.found
    assert (told.feature, told.attribute) == ("gdlin", "race")
    assert told.association.value == pytest.approx(1)
    assert told.share == share == found.proxies.share.value
    assert (found.proxies.share.low or 0) < share < (found.proxies.share.high or 0)
    assert found.to_dict()["proxies"]["least"] == 0.5
    assert "Bergsma" in found.to_dict()["method"]["proxy"]
