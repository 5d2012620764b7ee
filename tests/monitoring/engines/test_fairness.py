"""Group rates: by hand, by Fairlearn on the full rows, and as published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fairlearn.metrics
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import accuracy_score, precision_score

from monitoring.engines import counts, fairness
from monitoring.engines.counts import Counts
from monitoring.engines.group_gaps import AGGREGATES
from monitoring.engines.group_rates import Confusion
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.results import canonical_json, digest


def measured(found: Counts, minimum_group: int = 1) -> dict[str, Any]:
    return {
        each["attribute"]: each
        for each in fairness.measure(found, minimum_group=minimum_group).to_dict()["attributes"]
    }


def counted(path: Path, **changed: Any) -> Counts:
    asked = {"sensitive": ["race"], "prediction": "approve", "label": "approve", "favourable": "1"}
    return counts.from_window(path, **{**asked, **changed})


def test_four_rows_worked_by_hand(four_rows: Path) -> None:
    found = measured(counted(four_rows, sensitive=["group"], prediction="prediction", label="label"))["group"]

    a, b = found["groups"]
    assert (a["group"], a["selection_rate"]["value"], a["accuracy"]["value"]) == ("a", 1.0, 0.5)
    assert (b["group"], b["selection_rate"]["value"], b["accuracy"]["value"]) == ("b", 0.5, 0.5)
    assert (a["true_positive_rate"]["value"], b["true_positive_rate"]["value"]) == (1.0, 0.5)
    assert (a["false_positive_rate"]["value"], a["false_positive_rate"]["n"]) == (1.0, 1)
    assert (b["false_positive_rate"]["value"], b["false_positive_rate"]["n"]) == (None, 0)
    assert found["gaps"]["demographic_parity_ratio"]["value"] == 0.5
    assert found["gaps"]["demographic_parity_difference"]["value"] == 0.5


def test_the_other_rates_and_their_counts_of_four_rows(four_rows: Path) -> None:
    """a: one right and one wrongly chosen. b: one right and one missed. Together two right of four."""
    found = fairness.measure(
        counted(four_rows, sensitive=["group"], prediction="prediction", label="label"), minimum_group=1
    )

    [attribute] = found.attributes
    a, b = attribute.groups
    assert (a.precision.value, a.true_negative_rate.value, a.false_negative_rate.value) == (0.5, 0.0, 0.0)
    assert (b.precision.value, b.true_negative_rate.value, b.false_negative_rate.value) == (1.0, None, 0.5)
    assert (a.confusion, b.confusion) == (Confusion(1, 1, 0, 0, 2), Confusion(1, 0, 1, 0, 2))
    assert (found.overall.accuracy.value, found.overall.selection_rate.value) == (0.5, 0.75)
    assert (found.overall.n, found.overall.confusion) == (4, Confusion(2, 1, 1, 0, 4))


def test_each_group_stands_against_the_largest() -> None:
    """Chosen: a 60 of 100, b 45 of 50, c 20 of 40. The largest is a, whatever its rate; n counts both groups."""
    rows = [
        [name, None, yes, n]
        for name, chosen, of in (("a", 60, 100), ("b", 45, 50), ("c", 20, 40))
        for yes, n in ((True, chosen), (False, of - chosen))
    ]

    found = measured(counts.from_rows({"origin": rows}, favourable="1"), minimum_group=30)["origin"]

    b, c = found["against_largest"]
    assert (b["group"], b["largest"], b["ratio"]["value"], b["ratio"]["n"]) == ("b", "a", 1.5, 150)
    assert (c["group"], round(c["ratio"]["value"], 6), c["ratio"]["n"]) == ("c", round(0.5 / 0.6, 6), 140)
    assert (round(b["difference"]["value"], 6), round(c["difference"]["value"], 6)) == (0.3, -0.1)
    assert c["ratio"]["low"] < 1 < c["ratio"]["high"]


def test_odds_are_not_compared_when_a_group_has_no_negative_outcome(four_rows: Path) -> None:
    found = measured(counted(four_rows, sensitive=["group"], prediction="prediction", label="label"))["group"]

    assert "equalized_odds_difference" not in found["gaps"]


def test_the_ratio_of_the_boston_data_is_the_known_one(whole: Path) -> None:
    """Approved: white 0.908388, others 0.707792; four-fifths ratio 0.779174."""
    found = measured(counted(whole))["race"]

    rates = {group["group"]: round(group["selection_rate"]["value"], 6) for group in found["groups"]}
    assert rates == {"non-white": 0.707792, "white": 0.908388}
    assert round(found["gaps"]["demographic_parity_ratio"]["value"], 6) == 0.779174


def test_counts_give_exactly_what_fairlearn_gives_on_the_full_rows(
    applications: pd.DataFrame, whole: Path
) -> None:
    scores = np.random.default_rng(3).random(len(applications))
    found = counts.from_scores(
        whole, scores, threshold=0.4, sensitive=["race"], label="approve", favourable="1"
    )

    chosen = (scores >= 0.4).astype(int)
    rows = {"y_true": applications.approve, "y_pred": chosen, "sensitive_features": applications.race}
    direct = fairlearn.metrics.MetricFrame(
        metrics={
            "selection_rate": fairlearn.metrics.selection_rate,
            "true_positive_rate": fairlearn.metrics.true_positive_rate,
            "false_positive_rate": fairlearn.metrics.false_positive_rate,
            "false_negative_rate": fairlearn.metrics.false_negative_rate,
            "true_negative_rate": fairlearn.metrics.true_negative_rate,
            "precision": precision_score,
            "accuracy": accuracy_score,
        },
        **rows,
    )
    result = fairness.measure(found, minimum_group=1)
    for metric, value in direct.overall.items():
        assert getattr(result.overall, metric).value == value
    [attribute] = result.attributes
    for group in attribute.groups:
        for metric, value in direct.by_group.loc[group.group].items():
            assert getattr(group, metric).value == value
    assert set(attribute.gaps) == set(AGGREGATES)
    for metric, gap in attribute.gaps.items():
        assert gap["value"] == getattr(fairlearn.metrics, metric)(**rows)


def test_missing_values_are_an_unknown_group_that_is_not_compared(whole: Path) -> None:
    found = measured(counted(whole, sensitive=["sex"]))["sex"]

    assert [(group["group"], group["n"], group["status"]) for group in found["groups"]] == [
        ("female", 369, "compared"),
        ("male", 1605, "compared"),
        (None, 15, "unknown"),
    ]
    assert found["gaps"]["demographic_parity_ratio"]["n"] == 369 + 1605


def test_a_small_group_is_listed_and_not_compared() -> None:
    rows = [
        ["a", None, True, 60],
        ["a", None, False, 40],
        ["b", None, True, 50],
        ["b", None, False, 50],
        ["c", None, False, 29],
    ]

    found = measured(counts.from_rows({"origin": rows}, favourable="1"), minimum_group=30)["origin"]

    assert [group["status"] for group in found["groups"]] == ["compared", "compared", "insufficient_data"]
    assert round(found["gaps"]["demographic_parity_ratio"]["value"], 6) == round(0.5 / 0.6, 6)


def test_one_comparable_group_is_too_few() -> None:
    rows = [["a", None, True, 60], ["b", None, True, 5]]

    found = measured(counts.from_rows({"origin": rows}, favourable="1"), minimum_group=30)["origin"]

    assert (found["status"], found["gaps"]) == ("insufficient_data", {})


def test_counts_made_at_home_give_the_result_of_the_window(whole: Path) -> None:
    window = counted(whole)
    at_home = counts.from_rows(
        {name: [cell.as_row() for cell in cells] for name, cells in window.cells.items()}, favourable="1"
    )

    assert digest(fairness.measure(at_home).to_dict()) == digest(fairness.measure(window).to_dict())


def test_an_unfavourable_prediction_can_be_the_good_one(whole: Path) -> None:
    approved = measured(counted(whole, prediction="approve"))["race"]
    not_rejected = measured(counted(whole, prediction="reject", label="reject", favourable="0"))["race"]

    assert approved["gaps"] == not_rejected["gaps"]


def test_a_score_column_decides_at_the_threshold(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"g": ["a", "a", "b", None], "s": [0.5, 0.4, float("nan"), 0.9]}), tmp_path / "s.parquet"
    )

    found = counts.from_score_column(
        tmp_path / "s.parquet", score="s", threshold=0.5, sensitive=["g"], label=None, favourable="1"
    )

    assert [cell.as_row() for cell in found.cells["g"]] == [
        ["a", None, False, 1],
        ["a", None, True, 1],
        [None, None, True, 1],
    ]
    assert (found.total, found.without_prediction) == (4, 1)


def test_columns_with_hostile_names_are_only_names(tmp_path: Path) -> None:
    name = 'x"; DROP TABLE data; --'
    pq.write_table(pa.table({name: ["a", "b'"], "p": [1, 0]}), tmp_path / "evil.parquet")

    found = counted(tmp_path / "evil.parquet", sensitive=[name], prediction="p", label=None)

    assert [cell.group for cell in found.cells[name]] == ["a", "b'"]


def test_the_same_window_gives_the_same_bytes(whole: Path) -> None:
    results = [fairness.measure(counted(whole), inputs={"window": "ab"}).to_dict() for _ in range(2)]

    assert canonical_json(results[0]) == canonical_json(results[1])
    assert results[0]["inputs"] == {"window": "ab"}
    assert "fairlearn" in results[0]["libraries"]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ({}, "no_sensitive_attribute"),
        ({"g": []}, "no_decisions"),
        ({"g": [["a", False, False, 9]]}, "favourable_never_seen"),
        ({"g": [["a", 1, True]]}, "malformed_counts"),
        ({"g": [["a", 1, True, -1]]}, "malformed_counts"),
        ({"g": [["a", "yes", True, 1]]}, "malformed_counts"),
        ({"g": [["a", None, True, 1]], "h": [["b", None, True, 2]]}, "counts_disagree"),
        ({"g": [[str(at), None, True, 1] for at in range(201)]}, "too_many_groups"),
    ],
)
def test_counts_that_answer_nothing_are_refused(rows: dict[str, Any], rule: str) -> None:
    with pytest.raises(CannotMeasure) as refused:
        fairness.measure(counts.from_rows(rows, favourable="1"))

    assert refused.value.rule == rule


def test_a_missing_column_is_named(whole: Path) -> None:
    with pytest.raises(MissingColumns) as refused:
        counted(whole, sensitive=["religion"])

    assert refused.value.columns == ["religion"]


def test_a_favourable_word_in_a_column_of_numbers_is_refused(whole: Path) -> None:
    with pytest.raises(CannotMeasure) as refused:
        counted(whole, favourable="approved")

    assert refused.value.rule == "favourable_never_seen"
