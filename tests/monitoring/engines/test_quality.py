"""Data quality: what DuckDB counts is what pandas counts on the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from monitoring.engines import quality
from monitoring.engines.intervals import newcombe_difference, wilson
from monitoring.engines.quality import Roles
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.results import digest

from .conftest import FEATURES, written

ROLES = Roles(features=FEATURES, categorical=("sch",), sensitive=("race", "sex"), results=("approve",))


@pytest.fixture(scope="module")
def found(reference: Path, current: Path) -> dict[str, Any]:
    return quality.measure(reference, current, ROLES, fewest=50).to_dict()


@pytest.fixture
def periods(applications: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reference: outside Boston. Current: inner Boston."""
    return applications[applications.suffolk == 0], applications[applications.suffolk == 1]


def column(result: dict[str, Any], name: str) -> Any:
    return next(each for each in result["columns"] if each["column"] == name)


def measured(tmp_path: Path, before: pd.DataFrame, now: pd.DataFrame, **roles: Any) -> dict[str, Any]:
    files = written(before, tmp_path / "before.parquet"), written(now, tmp_path / "now.parquet")
    return quality.measure(*files, Roles(**roles), fewest=50).to_dict()


def test_missing_values_and_their_rise_are_those_of_pandas(found, periods) -> None:
    before, now = periods
    for name in ROLES.declared:
        ours = column(found, name)
        gone = int(now[name].isna().sum()), len(now)
        assert ours["missing"]["value"] == pytest.approx(gone[0] / gone[1], abs=1e-12)
        assert ours["missing"]["low"] == pytest.approx(wilson(*gone).low, abs=1e-12)
        rise = newcombe_difference(gone, (int(before[name].isna().sum()), len(before)))
        assert ours["missing_rise"]["high"] == pytest.approx(rise.high, abs=1e-11)
    assert column(found, "sex")["missing"]["value"] > 0


def test_values_outside_the_range_of_the_reference_are_those_of_pandas(found, periods) -> None:
    before, now = periods
    for name in set(FEATURES) - {"sch"}:
        ours, there = column(found, name), now[name].dropna()
        beyond = ~there.between(before[name].min(), before[name].max())
        assert ours["bounds"]["from"] == "reference"
        assert (ours["outside"]["value"], ours["outside"]["n"]) == (pytest.approx(beyond.mean()), len(there))


def test_shares_of_groups_and_their_gap_are_those_of_pandas(found, periods) -> None:
    before, now = (each["race"].value_counts() for each in periods)
    [race] = [each for each in found["representation"] if each["column"] == "race"]
    assert [each["group"] for each in race["groups"]] == ["non-white", "white"]
    for each in race["groups"]:
        counted = (int(now[each["group"]]), int(now.sum())), (int(before[each["group"]]), int(before.sum()))
        assert each["current"]["value"] == pytest.approx(counted[0][0] / counted[0][1])
        assert (each["reference"]["n"], each["current"]["n"]) == (counted[1][1], counted[0][1])
        assert each["gap"]["low"] == pytest.approx(newcombe_difference(*counted).low)
    assert race["sensitive"] and race["status"] == "compared"


def test_repeated_rows_are_those_of_pandas(found, periods) -> None:
    before, now = (each[ROLES.declared] for each in periods)
    assert found["repeated"]["value"] == pytest.approx(now.duplicated().mean(), abs=1e-12)
    assert found["repeated_reference"]["value"] == pytest.approx(before.duplicated().mean(), abs=1e-12)


def test_rows_that_are_there_twice_and_a_number_of_two_cases_are_counted(tmp_path, periods) -> None:
    before, now = (each[list(FEATURES)].assign(case=range(len(each))) for each in periods)
    twice = pd.concat([now, now.head(30), now.head(1).assign(hrat=99.5)])
    told = measured(tmp_path, before, twice, features=FEATURES, identifier="case")
    assert told["repeated"]["value"] == pytest.approx(30 / 338)
    assert told["repeated_ids"]["value"] == pytest.approx(31 / 338)
    assert column(told, "case")["bounds"] == {}


def test_a_category_that_the_reference_never_had_is_named(tmp_path, periods) -> None:
    before, now = (each[["race", "hrat"]] for each in periods)
    changed = now.assign(race=["martian"] * 7 + list(now["race"])[7:])
    told = column(measured(tmp_path, before, changed, features=("hrat",), sensitive=("race",)), "race")
    assert (told["new"], told["outside"]["value"]) == ({"martian": 7}, pytest.approx(7 / 307))


def test_what_is_declared_goes_before_the_reference(tmp_path, periods) -> None:
    before, now = periods
    allowed = {"hrat": {"low": 10, "high": 30}, "race": {"values": ["white"]}}
    told = measured(tmp_path, before, now, features=("hrat",), sensitive=("race",), allowed=allowed)
    hrat, race = column(told, "hrat"), column(told, "race")
    assert hrat["bounds"] == {"from": "declared", "low": 10, "high": 30}
    assert hrat["outside"]["value"] == pytest.approx((~now["hrat"].between(10, 30)).mean())
    assert race["outside"]["value"] == pytest.approx((now["race"] != "white").mean())


def test_a_declared_population_is_held_against_the_data_of_today(tmp_path, periods) -> None:
    before, now = periods
    population = {"race": {"white": 0.6, "non-white": 0.3, "other": 0.1}}
    told = measured(tmp_path, before, now, sensitive=("race",), population=population)
    groups = {each["group"]: each for each in told["representation"][0]["groups"]}
    share = (now["race"] == "white").mean()
    assert groups["white"]["population_gap"]["value"] == pytest.approx(share - 0.6)
    assert groups["other"]["population_gap"]["value"] == pytest.approx(-0.1)


def test_a_column_that_became_constant_or_changed_its_type_is_seen(tmp_path, periods) -> None:
    before, now = periods
    changed = now[["hrat", "sch"]].assign(hrat=25.0, sch=now["sch"].map({0: "no", 1: "yes"}))
    told = measured(tmp_path, before, changed, features=("hrat", "sch"), categorical=("sch",))
    hrat, sch = column(told, "hrat"), column(told, "sch")
    assert (hrat["constant"], hrat["constant_reference"], hrat["type_changed"]) == (True, False, False)
    assert (sch["type_changed"], sum(sch["new"].values()), set(sch["new"])) == (True, 307, {"yes", "no"})


def test_whole_numbers_that_became_fractions_are_still_numbers(tmp_path, periods) -> None:
    before, now = periods
    told = measured(tmp_path, before, now.assign(dep=now["dep"].astype(float)), features=("dep",))
    assert not column(told, "dep")["type_changed"]


def weekdays(first: str, days: int) -> pd.DataFrame:
    """Three rows on each of so many working days."""
    moments = pd.bdate_range(first, periods=days).repeat(3)
    return pd.DataFrame({"x": [float(at % 17) for at in range(len(moments))], "day": moments.date})


def test_working_days_without_rows_are_gaps_and_weekends_are_none(tmp_path) -> None:
    now = weekdays("2026-03-02", 30)
    out = set(now["day"].unique()[5:8])
    told = measured(
        tmp_path, weekdays("2026-01-05", 40), now[~now["day"].isin(out)], features=("x",), time="day"
    )
    gaps = told["gaps"]
    assert (gaps["status"], gaps["empty"]["n"], gaps["longest"]) == ("measured", 30, 3)
    assert gaps["empty"]["value"] == pytest.approx(0.1)
    assert gaps["days"] == ["2026-03-09", "2026-03-10", "2026-03-11"]
    assert gaps["rows_per_day"] == 3


def test_data_of_one_day_a_month_have_no_gaps(tmp_path) -> None:
    months = pd.DataFrame({"x": range(60), "day": pd.date_range("2021-01-31", periods=60, freq="ME").date})
    assert measured(tmp_path, months, months, features=("x",), time="day")["gaps"]["status"] == "not_daily"


def test_ten_days_are_too_few_to_speak_of_gaps(tmp_path) -> None:
    told = measured(
        tmp_path, weekdays("2026-01-05", 40), weekdays("2026-03-02", 9), features=("x",), time="day"
    )
    assert told["gaps"]["status"] == "insufficient_data"


def test_empty_text_and_infinity_are_no_values(tmp_path) -> None:
    before = pd.DataFrame({"x": [1.0, 2.0] * 50, "word": ["a", "b"] * 50})
    now = pd.DataFrame({"x": [float("inf"), 1.5] * 50, "word": ["", "a"] * 50})
    told = measured(tmp_path, before, now, features=("x", "word"), categorical=("word",))
    assert [column(told, name)["missing"]["value"] for name in ("x", "word")] == [0.5, 0.5]
    assert column(told, "x")["outside"]["value"] == 0.0


def test_a_column_of_free_text_is_no_category(tmp_path) -> None:
    names = pd.DataFrame({"street": [f"street {at}" for at in range(300)]})
    told = measured(tmp_path, names, names, features=("street",), categorical=("street",))
    assert column(told, "street")["bounds"] == {}
    assert told["representation"][0]["status"] == "too_many_values"


def test_the_same_files_give_the_same_digest(found, reference, current) -> None:
    assert digest(found) == digest(quality.measure(reference, current, ROLES, fewest=50).to_dict())


def test_a_column_that_is_not_there_is_named(reference, current) -> None:
    with pytest.raises(MissingColumns) as refused:
        quality.measure(reference, current, Roles(features=("hrat", "shoe_size")), fewest=50)
    assert refused.value.columns == ["shoe_size"]
    with pytest.raises(CannotMeasure):
        quality.measure(reference, current, Roles(), fewest=50)
