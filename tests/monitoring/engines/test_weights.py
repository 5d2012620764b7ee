"""Weights of rows: the values are those of row-wise Fairlearn, the intervals those of as many rows as the weights are worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest

from monitoring.engines import counts, fairness
from monitoring.engines.counts import Cell, Counts, effective
from monitoring.engines.intervals import wilson
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import digest

RATES = ("selection_rate", "true_positive_rate", "false_positive_rate")


def handed_in(path: Path, **columns: Any) -> Path:
    pd.DataFrame(columns).to_parquet(path)
    return path


def counted(path: Path, weight: str = "w") -> Counts:
    asked: dict[str, Any] = {"sensitive": ["g", "h"], "label": "y", "favourable": "1"}
    return counts.from_window(path, prediction="p", weight=weight, **asked)


@pytest.fixture
def sample(tmp_path: Path) -> pd.DataFrame:
    """2,000 rows of three groups; a sampling weight between 0.1 and 10, not whole."""
    drawn = np.random.default_rng(11)
    rows = pd.DataFrame(
        {
            "g": drawn.choice(["a", "b", "c"], 2000, p=[0.6, 0.3, 0.1]),
            "h": drawn.choice(["x", "y"], 2000),
            "y": drawn.integers(0, 2, 2000),
            "p": drawn.integers(0, 2, 2000),
            "w": np.exp(drawn.uniform(np.log(0.1), np.log(10), 2000)),
        }
    )
    rows.to_parquet(tmp_path / "sample.parquet")
    return rows


def test_values_are_those_of_fairlearn_on_the_weighted_rows(sample: pd.DataFrame, tmp_path: Path) -> None:
    result = fairness.measure(counted(tmp_path / "sample.parquet"))

    rows = {"y_true": sample.y, "y_pred": sample.p, "sensitive_features": sample.g}
    direct = fairlearn.metrics.MetricFrame(
        metrics={name: getattr(fairlearn.metrics, name) for name in RATES},
        sample_params={name: {"sample_weight": sample.w} for name in RATES},
        **rows,
    )
    [by_g, _by_h] = result.attributes
    for group in by_g.groups:
        for rate in RATES:
            found = getattr(group, rate)
            assert found.value == pytest.approx(direct.by_group.loc[group.group, rate], abs=1e-12)
            assert found.low < found.value < found.high
    for name, gap in by_g.gaps.items():
        expected = getattr(fairlearn.metrics, name)(**rows, sample_weight=sample.w)
        assert gap["value"] == pytest.approx(expected, abs=1e-12)
    for rate in RATES:
        assert getattr(result.overall, rate).value == pytest.approx(direct.overall[rate], abs=1e-12)


def test_intervals_are_those_of_the_effective_number_of_rows(sample: pd.DataFrame, tmp_path: Path) -> None:
    result = fairness.measure(counted(tmp_path / "sample.parquet"))

    kish = int(sample.w.sum() ** 2 / (sample.w**2).sum())
    assert result.weights == {"column": "w", "effective": kish} and kish < 1200
    assert (result.overall.n, result.overall.selection_rate.n) == (2000, kish)
    share = float(np.average(sample.p, weights=sample.w))
    expected = wilson(share * kish, kish)
    assert result.overall.selection_rate.low == pytest.approx(expected.low)
    assert result.overall.selection_rate.high == pytest.approx(expected.high)


def test_a_pair_of_weights_worked_by_hand() -> None:
    """Weights 3 and 1: (3 + 1)² / (9 + 1) = 1.6 rows, so 1; equal weights are worth their rows, whatever they are."""
    assert effective([Cell("a", None, True, 2, 4.0, 10.0)]) == 1
    assert effective([Cell("a", None, True, 49, 49 * 0.1, 49 * 0.1**2)]) == 49
    assert effective([Cell("a", None, True, 7)]) == 7


@pytest.mark.parametrize("weight", [1.0, 0.1, 250.0])
def test_equal_weights_change_nothing_but_what_says_so(
    sample: pd.DataFrame, tmp_path: Path, weight: float
) -> None:
    sample.assign(w=weight).to_parquet(tmp_path / "equal.parquet")
    weighed = fairness.measure(counted(tmp_path / "equal.parquet")).to_dict()
    plain = fairness.measure(counted(tmp_path / "sample.parquet", "")).to_dict()

    for key in ("attributes", "crossed", "overall", "rows"):
        assert digest({key: weighed[key]}) == digest({key: plain[key]})
    assert plain["weights"] is None and weighed["weights"]["effective"] == 2000


def test_a_group_of_a_few_heavy_rows_is_too_small_to_compare(tmp_path: Path) -> None:
    """40 rows, one of which weighs as much as all others together: they are worth fewer than 5."""
    groups = ["a"] * 100 + ["b"] * 40
    weights = [1.0] * 100 + [39.0] + [1.0] * 39
    path = handed_in(tmp_path / "w.parquet", g=groups, h=groups, y=1, p=[1, 0] * 70, w=weights)

    [by_g, _] = fairness.measure(counted(path), minimum_group=30).attributes
    assert [(each.group, each.n, each.status) for each in by_g.groups] == [
        ("a", 100, "compared"),
        ("b", 40, "insufficient_data"),
    ]
    assert by_g.status == "insufficient_data"


def test_rows_of_weight_nothing_stand_for_nobody(tmp_path: Path) -> None:
    path = handed_in(tmp_path / "w.parquet", g=["a", "a", "b"], h="x", y=1, p=[1, 0, 1], w=[2.0, 0.0, 1.0])
    found = fairness.measure(counted(path), minimum_group=1)

    assert [each.selection_rate.value for each in found.attributes[0].groups] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("weights", "wrong"),
    [
        ([1.0, -0.5, 1.0], 1),
        ([1.0, None, None], 2),
        ([1.0, float("nan"), 1.0], 1),
        ([1.0, float("inf"), 1.0], 1),
        ([0.0, 0.0, 0.0], 0),
    ],
)
def test_weights_that_are_none_are_refused(tmp_path: Path, weights: list[float | None], wrong: int) -> None:
    path = handed_in(tmp_path / "w.parquet", g=["a", "b", "b"], h="x", y=1, p=1, w=weights)

    with pytest.raises(CannotMeasure) as refused:
        counted(path)
    assert (refused.value.rule, refused.value.params) == ("weights_unusable", {"column": "w", "n": wrong})


def test_words_are_no_weights(tmp_path: Path) -> None:
    path = handed_in(tmp_path / "w.parquet", g=["a", "b"], h="x", y=1, p=1, w=["1", "2"])

    with pytest.raises(CannotMeasure) as refused:
        counted(path)
    assert refused.value.rule == "not_numeric"


def test_scores_are_weighed_as_decisions_are(sample: pd.DataFrame, tmp_path: Path) -> None:
    sample.assign(s=sample.p * 0.9).to_parquet(tmp_path / "scored.parquet")
    asked: dict[str, Any] = {"sensitive": ["g", "h"], "label": "y", "favourable": "1", "weight": "w"}
    scored = counts.from_score_column(tmp_path / "scored.parquet", score="s", threshold=0.5, **asked)

    assert scored == counted(tmp_path / "sample.parquet")
