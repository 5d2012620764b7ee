"""The same rows give the same rates and the same area under the curve, however their outcomes are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from monitoring.engines import counts, outcomes, performance
from monitoring.engines.direction import AGAINST, FOR, is_true, speaks_against, told_by
from monitoring.engines.refusals import CannotMeasure

ROWS = 2_000
THRESHOLD = 0.7
"""Above it a credit is refused: the score is the probability of a default."""
CODINGS: dict[str, tuple[Any, Any, str, str]] = {
    "whole numbers": (0, 1, "0", ""),
    "numbers with a point": (0.0, 1.0, "0.0", ""),
    "as text": ("0", "1", "0", ""),
    "truths": (False, True, "false", ""),
    "truths the other way": (True, False, "true", AGAINST),
    "words": ("paid", "default", "paid", AGAINST),
    "one and two": (1, 2, "1", AGAINST),
}
"""Of each: how a repayment and how a default is written, the favourable value, and what is said of a high score."""


def rows(tmp_path: Path, paid: Any, default: Any) -> tuple[Path, np.ndarray, np.ndarray]:
    drawn = np.random.default_rng(11)
    risk = drawn.uniform(size=ROWS)
    defaulted = drawn.uniform(size=ROWS) < risk
    table = {
        "risk": risk,
        "sex": drawn.choice(["f", "m"], ROWS),
        "became": [default if each else paid for each in defaulted.tolist()],
    }
    path = tmp_path / "window.parquet"
    parquet.write_table(pa.table(table), path)
    return path, risk, defaulted


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_turns_nothing_upside_down(tmp_path, coding):
    paid, default, favourable, high_score = CODINGS[coding]
    path, risk, defaulted = rows(tmp_path, paid, default)
    asked = outcomes.Asked("became", favourable, score="risk", threshold=THRESHOLD, high_score=high_score)

    found = outcomes.read(path, asked)
    assert (found.truth == defaulted).all(), "a high score stands for the default"
    assert performance.measure(found, found).periods["current"].auc.value > 0.8

    counted = counts.from_score_column(
        path, score="risk", threshold=THRESHOLD, sensitive=["sex"], label="became",
        favourable=favourable, high_score=high_score,
    )  # fmt: skip
    approved = sum(cell.n for cell in counted.cells["sex"] if cell.prediction)
    repaid = sum(cell.n for cell in counted.cells["sex"] if cell.label)
    assert (approved, repaid) == (int((risk < THRESHOLD).sum()), int((~defaulted).sum()))


@pytest.mark.parametrize(("paid", "default", "favourable"), [("paid", "default", "paid"), (1, 2, "1.5")])
def test_a_value_that_does_not_tell_it_is_refused_and_not_guessed(tmp_path, paid, default, favourable):
    path, _risk, _defaulted = rows(tmp_path, paid, default)
    with pytest.raises(CannotMeasure) as refused:
        outcomes.read(path, outcomes.Asked("became", favourable, score="risk", threshold=THRESHOLD))
    assert (refused.value.rule, refused.value.params) == ("direction_unknown", {"favourable": favourable})
    with pytest.raises(CannotMeasure, match="direction_unknown"):
        counts.from_score_column(
            path, score="risk", threshold=THRESHOLD, sensitive=["sex"], label="became", favourable=favourable
        )


def test_decisions_alone_need_no_direction(tmp_path):
    path, _risk, defaulted = rows(tmp_path, "paid", "default")
    found = outcomes.read(path, outcomes.Asked("became", "paid", prediction="became"))
    assert (found.truth == ~defaulted).all()


def test_a_truth_is_named_by_no_other_word(tmp_path):
    path, _risk, _defaulted = rows(tmp_path, False, True)
    with pytest.raises(CannotMeasure, match="favourable_never_seen"):
        counts.from_window(path, sensitive=["sex"], prediction="became", label=None, favourable="no")


@pytest.mark.parametrize(
    ("value", "told", "truth"),
    [
        *(("1", FOR, True), ("1.0", FOR, True), ("True", FOR, True)),
        *(("0", AGAINST, False), ("0.0", AGAINST, False), ("false", AGAINST, False)),
        *(("2", "", None), ("paid", "", None), ("", "", None), ("nan", "", None)),
    ],
)
def test_what_a_value_tells(value, told, truth):
    assert (told_by(value), is_true(value)) == (told, truth)
    assert speaks_against(value, AGAINST) and not speaks_against(value, FOR), "what is said comes first"
