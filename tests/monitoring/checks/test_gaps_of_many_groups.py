"""The lowest and the highest of many groups lie apart by chance alone: red needs more than that, and silence is no answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from monitoring.engines.fairness import METHOD
from tests.monitoring.checks.saying import said

FAIRNESS = CHECKS["fairness"]
ODDS = {"equal_rates_owed": "no", "mistake": "refusal", "equal_opportunity_difference": 0.1}


def judged(
    chosen: dict[str, int], of: int, limits: dict[str, Any] | None = None, label: Any = None
) -> Judged:
    """Groups of one size, each with so many chosen. label: the outcome of all of them, beside some of the other one."""
    rows = [[name, label, yes, n if yes else of - n] for name, n in chosen.items() for yes in (True, False)]
    if label is not None:
        rows += [[name, not label, yes, 50] for name in chosen for yes in (True, False)]
    return FAIRNESS.judge(
        measure("fairness", Inputs(counts={"region": rows}, sensitive=("region",))), limits or {}
    )


def fact(found: Judged, metric: str = "demographic_parity_ratio") -> Any:
    return next(each for each in found.measurements if (each.metric, each.subject) == (metric, "region"))


SIX = {"a": 48, "b": 60, "c": 60, "d": 60, "e": 60, "f": 72}
"""Of 200 each: 0.24 to 0.36, which six groups of the same true rate 0.3 reach by chance."""


def test_a_gap_over_the_limit_that_chance_can_have_made_is_amber_and_says_so() -> None:
    found = judged(SIX, 200)

    ratio = fact(found)
    assert ratio.value == pytest.approx(48 / 72) and ratio.low < 0.8 < 1 < ratio.high
    assert (found.verdict, found.summary_key) == ("amber", "by_chance")
    assert (ratio.verdict, ratio.limit) == ("amber", 0.8)
    sentence = said(FAIRNESS, found)
    assert "below the limit 0.8, but the interval holds equal rates" in sentence
    assert "of 6 groups of this size can lie that far apart by chance alone" in sentence
    assert sentence.endswith("Lowest: a, highest: f.")


def test_the_same_two_groups_alone_were_not_picked_and_are_red() -> None:
    found = judged({"a": 48, "f": 72}, 200)

    assert (found.verdict, found.summary_key, fact(found).verdict) == ("failed", "failed", "failed")
    assert fact(found).high < 1


def test_two_groups_whose_interval_holds_equality_are_amber_too() -> None:
    assert judged({"a": 50, "f": 66}, 200).summary_key == "by_chance"


def test_a_gap_of_mistakes_that_chance_can_have_made_is_named_and_held_against_nothing() -> None:
    found = judged(SIX, 200, ODDS, label=True)

    gap = fact(found, "equal_opportunity_difference")
    assert (found.verdict, found.summary_key) == ("amber", "gap_by_chance")
    assert (gap.verdict, gap.limit) == ("amber", 0.1) and gap.low < 0 < gap.high
    sentence = said(FAIRNESS, found)
    assert sentence.startswith("Largest gap in true positive rates, region: 0.12 (95% interval")
    assert "above the limit 0.1, but the interval holds 0, no gap at all" in sentence


def test_the_sentence_speaks_of_the_gap_that_brought_the_verdict() -> None:
    """The rates are equal; what differs is whom the mistakes meet, and the plan limits those beside the ratio."""
    rows = [
        *(["a", True, True, 300], ["a", True, False, 100], ["a", False, True, 0], ["a", False, False, 200]),
        *(["b", True, True, 200], ["b", True, False, 200], ["b", False, True, 100], ["b", False, False, 100]),
    ]
    result = measure("fairness", Inputs(counts={"region": rows}, sensitive=("region",)))
    keys = ("equal_opportunity_difference", "equal_opportunity_difference_amber")
    red, amber, wide = (
        FAIRNESS.judge(result, {"demographic_parity_ratio": 0.5, key: limit})
        for key, limit in ((keys[0], 0.1), (keys[1], 0.1), (keys[0], 0.26))
    )

    assert (red.verdict, red.summary_key) == ("failed", "beside_failed")
    assert said(FAIRNESS, red).startswith("Largest gap in true positive rates, region: 0.25 (95% interval")
    assert "outside the limit 0.1 of the plan" in said(FAIRNESS, red)
    assert (amber.verdict, amber.summary_key) == ("amber", "beside_amber")
    assert "beyond the amber limit 0.1 of the plan" in said(FAIRNESS, amber)
    assert (wide.verdict, wide.summary_key) == ("uncertain", "gap_uncertain")


def test_what_chance_may_have_made_is_told_before_an_amber_limit() -> None:
    """The sentence of the amber limit says "within the red limits", and here one gap is not."""
    limits = {**ODDS, "equal_rates_owed": "yes", "demographic_parity_ratio": 0.5}
    found = judged(SIX, 200, {**limits, "demographic_parity_ratio_amber": 0.9}, label=True)

    assert (found.verdict, found.summary_key) == ("amber", "gap_by_chance")
    assert fact(found).verdict == "amber" and fact(found).limit == 0.9


def test_a_true_disadvantage_among_six_groups_of_500_stays_red() -> None:
    chance = np.random.default_rng(20261129)
    for _draw in range(20):
        chosen = dict(zip("abcdef", chance.binomial(500, [0.15, *[0.3] * 5]).tolist(), strict=True))
        found = judged(chosen, 500)
        assert (found.verdict, found.summary_key) == ("failed", "failed"), chosen
        assert found.params["lowest"] == "a"


def test_a_group_of_which_nobody_is_chosen_is_red() -> None:
    assert judged({**SIX, "a": 0}, 200).verdict == "failed"


def test_the_method_and_the_words_say_what_the_intervals_hold() -> None:
    assert "1 - 0.05 / pairs" in METHOD["gap_confidence"] and "single comparison" in METHOD["against_largest"]
    assert "all pairs of groups together hold at 95 per cent" in str(FAIRNESS.how)
    assert FAIRNESS.version == 7


def test_a_small_group_at_the_end_does_not_hide_two_large_ones_that_differ() -> None:
    sizes = {
        "a": (1500, 5000),
        "b": (750, 5000),
        **{f"small {n}": (7, 30) for n in range(14)},
        "end": (11, 30),
    }
    rows = [
        [name, None, yes, n if yes else of - n] for name, (n, of) in sizes.items() for yes in (True, False)
    ]
    found = FAIRNESS.judge(measure("fairness", Inputs(counts={"region": rows}, sensitive=("region",))), {})

    ratio = fact(found)
    assert ratio.low < 1 < ratio.high and ratio.value == pytest.approx(0.15 / (11 / 30)), "of b and the end"
    assert (found.verdict, found.summary_key, ratio.verdict) == ("failed", "shown", "failed")
    sentence = said(FAIRNESS, found)
    assert "the rate of b is 0.5 of that of a (95% interval 0.4" in sentence
    assert "below the limit 0.8" in sentence and "n = 10000" in sentence.replace(",", "")


def test_two_large_groups_that_differ_within_the_limit_are_not_made_red() -> None:
    sizes = {"a": (1500, 5000), "b": (1300, 5000), "end": (5, 30)}
    rows = [
        [name, None, yes, n if yes else of - n] for name, (n, of) in sizes.items() for yes in (True, False)
    ]
    found = FAIRNESS.judge(measure("fairness", Inputs(counts={"region": rows}, sensitive=("region",))), {})
    assert (found.verdict, found.summary_key) == ("amber", "by_chance")
