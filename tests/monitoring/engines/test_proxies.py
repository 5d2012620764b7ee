"""Features that stand in for a sensitive attribute, in real data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring.engines import boosters, explanation
from monitoring.engines.attributed import Attributed
from monitoring.engines.proxies import Proxies, proxies
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
    """Husband and wife: the feature by which that set is known for it. And who never married is young."""
    rows = pd.read_parquet(of_set("adult/data.parquet"))
    features = ["relationship", "marital-status", "occupation", "education", "hours-per-week", "capital-gain"]

    found = looked_for(rows, features, ["sex", "age"], tmp_path)

    assert found is not None and (found.attributes, found.untold, found.features) == (["sex", "age"], [], 6)
    told = {(each.feature, each.attribute, each.measure): each for each in found.found}
    by_sex = told["relationship", "sex", "cramers_v"]
    by_age = told["marital-status", "age", "correlation_ratio"]
    assert len(told) == 2 and by_sex.stands_in and by_age.stands_in
    assert by_sex.association.value == pytest.approx(0.64, abs=0.03) and by_sex.association.n == 2000
    assert 0.55 < (by_sex.association.low or 0) < (by_sex.association.high or 0) < 0.75
    assert by_sex.share == pytest.approx(1 / 6) and found.share.value == pytest.approx(2 / 6)


def test_noise_stands_in_for_nothing_however_few_rows_and_many_groups_there_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    names = [f"x{at}" for at in range(20)]
    rows = pd.DataFrame(rng.normal(size=(120, 20)), columns=names)
    rows["place"] = rng.choice([f"p{at}" for at in range(40)], 120)
    rows["region"] = rng.choice(["a", "b", "c"], 120)

    found = looked_for(rows, [*names, "place"], ["region"], tmp_path, least=0.4)

    assert found is not None and [each.feature for each in found.found if each.stands_in] == []
    assert found.share.value == 0


def test_one_person_who_is_alone_in_a_category_is_told_of_by_nothing(tmp_path: Path) -> None:
    """2,000 people, one of whom is of a group and lives in a place of their own: both are too small to be looked at."""
    rows = pd.DataFrame(
        {"place": ["A", "B"] * 1000, "faith": ["x"] * 1000 + ["y"] * 1000, "income": range(2000)}
    )
    rows.loc[7, ["place", "faith"]] = ["far away", "z"]

    found = looked_for(rows, ["place"], ["faith"], tmp_path, least=0.1)

    assert found is not None and found.found == []


def test_a_feature_that_is_known_of_a_handful_of_people_is_told_of_by_nothing(tmp_path: Path) -> None:
    """Known of one of the few and of 100 others, or of 24 people in all, and there it goes with the attribute entirely."""
    rows = pd.DataFrame({"faith": ["x"] * 1900 + ["y"] * 100, "code": "", "level": np.nan})
    rows.loc[:99, "code"], rows.loc[1900:1950, "code"] = "A", "B"
    rows.loc[1901:1950, "faith"] = None
    rows.loc[:11, "level"], rows.loc[1988:, "level"] = np.arange(12.0), np.arange(100.0, 112)

    found = looked_for(rows, ["code", "level"], ["faith"], tmp_path, least=0.1)

    assert found is not None and found.attributes == ["faith"] and found.found == []


def test_numbers_words_and_gaps_stand_in_for_an_attribute(applications: pd.DataFrame, tmp_path: Path) -> None:
    """Of 1,989 applications: each made feature tells race apart in its own way; what is missing in both alike tells nothing."""
    rng = np.random.default_rng(2)
    is_white = (applications.race == "white").to_numpy()
    rows = applications[["race", "sex", "obrat"]].assign(
        level=np.where(is_white, 0.0, 3.0) + rng.normal(size=len(applications)),
        # a benefit that hardly anybody gets and that only people of one group do
        benefit=np.where(is_white, 0.0, rng.gamma(2, 100, len(applications))),
        district=pd.Series(np.where(is_white, "north-", "south-")) + rng.integers(0, 5, len(is_white)).astype(str),
        filled=np.where(is_white, "yes", ""),
        alike=np.where(applications.sex.isna(), np.nan, rng.normal(size=len(applications))),
    )  # fmt: skip

    found = looked_for(
        rows, ["obrat", "level", "benefit", "district", "filled", "alike"], ["race", "sex"], tmp_path
    )

    assert found is not None
    assert {(each.feature, each.attribute, each.measure) for each in found.found if each.stands_in} == {
        ("level", "race", "correlation_ratio"), ("benefit", "race", "correlation_ratio"), ("district", "race", "cramers_v"),
    }  # fmt: skip
    assert found.share.value == pytest.approx(3 / 6)


def test_what_may_stand_in_is_told_and_makes_the_share_uncertain(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    age = rng.normal(45, 10, 300)
    rows = pd.DataFrame(
        {"age": age, "years": 0.55 * age + rng.normal(0, 8.6, 300), "other": rng.normal(size=300)}
    )
    strength = abs(float(rows.corr("spearman").loc["age", "years"]))

    below, above = (
        looked_for(rows, ["years", "other"], ["age"], tmp_path, least=strength + off) for off in (0.02, -0.02)
    )

    assert below is not None and above is not None
    [may], [does] = below.found, above.found
    assert (may.feature, may.measure, may.stands_in, does.stands_in) == ("years", "spearman", False, True)
    assert (below.share.value, below.share.low) == (0, 0) and below.share.high == pytest.approx(0.5)
    assert above.share.value == pytest.approx(0.5) and (above.share.low, above.share.high) == (
        0,
        pytest.approx(0.5),
    )


def test_nothing_is_looked_for_without_an_attribute_or_another_feature(
    applications: pd.DataFrame, tmp_path: Path
) -> None:
    assert looked_for(applications, ["obrat"], [], tmp_path) is None
    assert looked_for(applications, ["dep"], ["dep"], tmp_path) is None


@pytest.mark.parametrize("race", [None, "white", "", "x"])
def test_an_attribute_that_nothing_can_be_told_of_is_named_and_leaves_no_share(
    applications: pd.DataFrame, tmp_path: Path, race: str | None
) -> None:
    """No column, nobody known, one group, or too few people outside it."""
    rows = applications.drop(columns="race") if race is None else applications.assign(race=race)
    if race == "x":
        rows.loc[rows.index[:20], "race"] = "y"

    found = looked_for(rows, ["obrat"], ["race"], tmp_path, least=0.0)

    assert found is not None
    assert (found.attributes, found.untold, found.found, found.share.value) == ([], ["race"], [], None)


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
    assert (told.feature, told.attribute, told.measure) == ("gdlin", "race", "cramers_v")
    assert told.association.value == pytest.approx(1)
    assert told.share == share == found.proxies.share.value
    assert (found.proxies.share.low or 0) < share < (found.proxies.share.high or 0)
    assert found.to_dict()["proxies"]["least"] == 0.5
    assert "Bergsma" in found.to_dict()["method"]["association"]
