"""Groups of two sensitive columns at once, and the p-value beside the ratio: SciPy's own values and the rows counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import counts, fairness
from monitoring.engines.two_shares import fisher, z_test

pytestmark = pytest.mark.slow  # importing Fairlearn alone takes that long


def measured(path: Path, *sensitive: str, minimum: int = 1) -> dict:
    asked = {"sensitive": sensitive, "prediction": "approve", "label": None, "favourable": "1"}
    return fairness.measure(counts.from_window(path, **asked), minimum_group=minimum).to_dict()


def test_each_pair_of_sensitive_columns_is_counted_over_all_rows(
    whole: Path, applications: pd.DataFrame
) -> None:
    found = measured(whole, "race", "sex")
    [pair] = found["crossed"]
    assert pair["attribute"] == "race × sex"
    both = applications.dropna(subset=["sex"])
    rates = both.groupby(both.race + " × " + both.sex).approve.agg(["mean", "count"])
    told = {each["group"]: each for each in pair["groups"] if each["group"] is not None}
    assert set(told) == set(rates.index) and len(told) == 4
    for name, row in rates.iterrows():
        assert told[name]["n"] == row["count"]
        assert told[name]["selection_rate"]["value"] == pytest.approx(row["mean"], abs=1e-12)
    nobody = next(each for each in pair["groups"] if each["group"] is None)
    assert (nobody["n"], nobody["status"]) == (15, "unknown")
    gap = pair["gaps"]["demographic_parity_ratio"]
    assert gap["value"] == pytest.approx(rates["mean"].min() / rates["mean"].max(), abs=1e-12)
    assert gap["low"] < gap["value"] < gap["high"]


def test_a_small_intersection_is_listed_and_not_compared(whole: Path) -> None:
    [pair] = measured(whole, "race", "sex", minimum=100)["crossed"]
    small = [each for each in pair["groups"] if each["group"] is not None and each["n"] < 100]
    assert small and {each["status"] for each in small} == {"insufficient_data"}


def test_one_sensitive_column_has_no_intersections(whole: Path) -> None:
    assert measured(whole, "race")["crossed"] == []


def test_pairs_with_too_many_groups_are_left_out(tmp_path: Path) -> None:
    n = 400
    columns = {"a": [f"a{at % 20}" for at in range(n)], "b": [f"b{at // 20}" for at in range(n)]}
    pq.write_table(pa.table({**columns, "approve": [at % 2 for at in range(n)]}), tmp_path / "many.parquet")
    found = measured(tmp_path / "many.parquet", "a", "b")
    assert [each["attribute"] for each in found["attributes"]] == ["a", "b"]
    assert found["crossed"] == []


def test_the_p_values_are_exactly_scipy_s() -> None:
    from scipy.stats import chi2_contingency, fisher_exact

    assert fisher((2, 12), (9, 11)) == fisher_exact([[2, 10], [9, 2]]).pvalue
    table = [[218, 90], [1527, 154]]
    assert z_test((218, 308), (1527, 1681)) == pytest.approx(
        chi2_contingency(table, correction=False).pvalue, rel=1e-9
    )


def test_small_counts_are_tested_exactly_and_large_ones_by_z(whole: Path) -> None:
    race = measured(whole, "race")["attributes"][0]["tests"]["selection_rate"]
    assert (race["test"], race["pairs"], race["n"], race["lowest"], race["highest"]) == (
        "z",
        1,
        1989,
        "non-white",
        "white",
    )
    assert race["p_value"] == pytest.approx(z_test((218, 308), (1527, 1681)), rel=1e-9)
    rows = {"g": [["a", None, True, 1], ["a", None, False, 5], ["b", None, True, 5], ["b", None, False, 1]]}
    few = fairness.measure(counts.from_rows(rows, favourable="1"), minimum_group=1).to_dict()
    tested = few["attributes"][0]["tests"]["selection_rate"]
    assert (tested["test"], tested["n"]) == ("fisher", 12)
    assert tested["p_value"] == pytest.approx(fisher((1, 6), (5, 6)), rel=1e-9)


def test_the_farthest_of_many_groups_pay_for_having_been_picked() -> None:
    groups = {"a": 50, "b": 60, "c": 65}
    rows = [
        [name, None, chosen, n if chosen else 100 - n]
        for name, n in groups.items()
        for chosen in (True, False)
    ]
    found = fairness.measure(counts.from_rows({"g": rows}, favourable="1"), minimum_group=1).to_dict()
    tested = found["attributes"][0]["tests"]["selection_rate"]
    assert (tested["pairs"], tested["lowest"], tested["highest"]) == (3, "a", "c")
    assert tested["p_value"] == pytest.approx(3 * z_test((50, 100), (65, 100)), rel=1e-9)
