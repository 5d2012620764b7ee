"""Limits from the reference's own quarters: what is usual for a feature says when it has moved."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import drift
from monitoring.engines.columns import Pair
from monitoring.engines.drift_rule import Rule
from monitoring.engines.own_periods import quarters, usual
from monitoring.engines.refusals import CannotMeasure

START = date(2001, 1, 1)


def days(count: int) -> list[date]:
    return [START + timedelta(days=at) for at in range(count)]


def table(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_rows_fall_into_calendar_quarters(tmp_path: Path) -> None:
    found = quarters(table(tmp_path / "x.parquet", at=days(730)), "at")

    assert found.names == tuple(f"{year} Q{quarter}" for year in (2001, 2002) for quarter in (1, 2, 3, 4))
    assert np.bincount(found.of).tolist() == [90, 91, 92, 92] * 2


def test_moments_with_a_zone_fall_into_quarters_too(tmp_path: Path) -> None:
    moments = pa.array(days(730)).cast(pa.timestamp("us", "UTC"))

    assert len(quarters(table(tmp_path / "x.parquet", at=moments), "at").names) == 8


@pytest.mark.parametrize(
    ("time", "columns", "rule"),
    [
        ("", {"at": days(730)}, "no_time"),
        ("at", {"at": [1] * 730}, "time_not_a_date"),
        ("at", {"at": pa.array([*days(729), None])}, "time_not_a_date"),
        ("at", {"at": days(660)}, "too_few_own_periods"),
        ("at", {"at": days(1460)[::4]}, "too_few_own_periods"),
    ],
)
def test_a_reference_that_cannot_be_cut_is_refused(
    tmp_path: Path, time: str, columns: dict[str, object], rule: str
) -> None:
    path = table(tmp_path / "x.parquet", **columns)
    with pytest.raises(CannotMeasure) as refused:
        quarters(path, time)
    assert refused.value.rule == rule


def test_a_quarter_is_measured_against_the_others_on_paper(tmp_path: Path) -> None:
    """Seven quarters of zeros and ones in halves and one of ones: moved by a half, in spreads of the whole."""
    at = days(730)
    values = np.array([index % 2 for index in range(730)], dtype=float)
    last = np.array([day >= date(2002, 10, 1) for day in at])
    values[last] = 1.0
    pair = Pair("x", "numeric", values, values, 0.0, 0.0, np.ones(730, dtype=bool))

    found = usual(pair, quarters(table(tmp_path / "x.parquet", at=at), "at"), "wasserstein")

    assert found.is_enough
    name, largest = found.largest
    half = values[~last].mean()
    assert (name, largest) == ("2002 Q4", pytest.approx((1 - half) / values.std()))


def test_a_quarter_with_few_values_of_a_feature_is_left_out(tmp_path: Path) -> None:
    at = days(730)
    there = np.array([day < date(2002, 10, 1) or day.day < 5 for day in at])
    values = np.arange(730.0)[there]
    pair = Pair("x", "numeric", values, values, 0.0, 0.0, there)

    found = usual(pair, quarters(table(tmp_path / "x.parquet", at=at), "at"), "psi")

    assert len(found.scores) == 7 and not found.is_enough


OWN = Rule("wasserstein", limits_from="own_periods")


def measured(
    folder: Path, reference: np.ndarray, current: np.ndarray, rule: Rule = OWN
) -> drift.FeatureDrift:
    paths = [
        table(folder / f"{name}.parquet", at=days(len(values)), x=values)
        for name, values in (("reference", reference), ("current", current))
    ]
    [feature] = drift.measure(*paths, features=["x"], rule=rule, time="at", seed=1).features
    return feature


@pytest.mark.slow
def test_a_feature_has_drifted_above_its_own_farthest_quarter_times_the_margin(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    season = np.repeat([0, 0, 1, 0, 0, 0, 0, 0], [90, 91, 92, 92] * 2).astype(float)
    reference = season + rng.normal(0, 0.2, 730)

    usual_again = measured(tmp_path, reference, 1 + rng.normal(0, 0.2, 90))
    farther = measured(tmp_path, reference, 2 + rng.normal(0, 0.2, 90))

    assert usual_again.own_period == "2001 Q3" and usual_again.own_largest is not None
    assert usual_again.threshold == pytest.approx(1.5 * usual_again.own_largest)
    assert (usual_again.drifted, farther.drifted) == (False, True)
    assert len(farther.own_periods) == 8
    strict = Rule("wasserstein", limits_from="own_periods", margin=0.5)
    assert measured(tmp_path, reference, 1 + rng.normal(0, 0.2, 90), strict).drifted is True


@pytest.mark.slow
def test_a_feature_that_never_moved_is_not_red_for_one_odd_row(tmp_path: Path) -> None:
    """The farthest own quarter is 0 then; the limit is what chance gives."""
    odd = measured(tmp_path, np.zeros(730), np.array([0.0] * 99 + [1.0]))
    all_new = measured(tmp_path, np.zeros(730), np.ones(100))

    assert odd.own_largest == 0.0 and odd.threshold is not None and odd.threshold > 0.0
    assert (odd.drifted, all_new.drifted) == (False, True)
    assert measured(tmp_path, np.zeros(730), np.zeros(100)).drifted is False


@pytest.mark.slow
def test_categories_have_own_quarters_too(tmp_path: Path) -> None:
    paths = [
        table(tmp_path / f"{at}.parquet", at=days(count), x=["a", "b"] * (count // 2))
        for at, count in ((1, 730), (2, 100))
    ]
    rule = Rule(limits_from="own_periods")

    [feature] = drift.measure(*paths, features=["x"], categorical=["x"], rule=rule, time="at").features

    assert (feature.status, feature.drifted, len(feature.own_periods)) == ("measured", False, 8)
