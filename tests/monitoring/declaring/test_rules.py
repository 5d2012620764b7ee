"""When a declared figure agrees with a measured one, and what may be declared at all."""

from __future__ import annotations

import pytest

from monitoring.declaring.rules import MOST_FIGURES, Said, compared, problems_of

GOOD = Said("fairness", "selection_rate", 0.5, 200, "race=a")


@pytest.mark.parametrize(
    ("declared", "measured", "low", "high", "state"),
    [
        (0.5, None, None, None, "not_compared"),
        (0.5, 0.5, None, None, "agrees"),
        (0.5, 0.5 + 0.9e-6, None, None, "agrees"),
        (0.5, 0.500002, None, None, "disagrees"),
        (0.5, 0.6, 0.5, 0.7, "agrees"),
        (0.5, 0.6, 0.51, 0.7, "disagrees"),
        (0.71, 0.6, 0.5, 0.7, "disagrees"),
        (0.5, 0.6, 0.4, None, "disagrees"),
    ],
)
def test_it_agrees_within_the_interval_or_within_a_millionth(declared, measured, low, high, state):
    assert compared(declared, measured, low, high) == state


def test_a_sound_declaration_has_no_problems():
    assert problems_of([GOOD, Said("fairness", "selection_rate", 0.4, 100, "race=b")]) == []


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (Said("astrology", "selection_rate", 0.5, 1), "figures[2].check"),
        (Said("fairness", "luck", 0.5, 1), "figures[2].metric"),
        (Said("fairness", "selection_rate", float("nan"), 1), "figures[2].value"),
        (Said("fairness", "selection_rate", float("inf"), 1), "figures[2].value"),
        (Said("fairness", "selection_rate", 0.5, 0), "figures[2].n"),
        (Said("fairness", "selection_rate", 0.5, 10**15), "figures[2].n"),
        (Said("fairness", "selection_rate", 0.5, 1, "x" * 201), "figures[2].subject"),
        (Said("fairness", "selection_rate", 0.5, 1, "a\x00"), "figures[2].subject"),
        (GOOD, "figures[2]"),
    ],
)
def test_each_fault_names_its_figure(said, where):
    assert [problem.where for problem in problems_of([GOOD, said])] == [where]


def test_an_empty_declaration_and_one_without_end_are_refused():
    assert [each.where for each in problems_of([])] == ["figures"]
    assert [each.where for each in problems_of([GOOD] * (MOST_FIGURES + 1))] == ["figures"]
