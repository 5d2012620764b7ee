"""When a declared figure agrees with a measured one, and what may be declared at all."""

from __future__ import annotations

import pytest

from monitoring.declaring.rules import MOST_FIGURES, Judged, Measured, Said, compared, decimals, problems_of

GOOD = Said("fairness", "selection_rate", 0.5, 200, "race=a")


def judged(declared: float, measured: Measured | None, *, n: int = 200) -> tuple[str, str | None]:
    found: Judged = compared(declared, n, measured)
    return found.state, found.rule


@pytest.mark.parametrize(
    ("declared", "measured", "state"),
    [
        (0.5, 0.5, "agrees"),
        (0.7512345, 0.7512345 + 0.9e-6, "agrees"),
        (0.7512345, 0.7512345 + 2e-6, "disagrees"),
        (0.7512, 0.75123, "agrees"),
        (0.7512, 0.75126, "disagrees"),
        (0.751, 0.7505, "agrees"),
        (0.8, 0.8004, "agrees"),
        (0.8, 0.7512, "disagrees"),
        (12345.0, 12345.01, "agrees"),
        (12345.0, 12345.4, "disagrees"),
    ],
)
def test_it_agrees_if_it_is_ours_rounded_to_its_decimals_three_at_least(declared, measured, state):
    assert judged(declared, Measured("fairness", measured, 200)) == (state, "rounded")


@pytest.mark.parametrize("check", ["fairness", "drift", "performance"])
def test_the_interval_excuses_nothing_where_the_rows_are_the_same(check):
    assert judged(0.5, Measured(check, 0.6, 200, low=0.5, high=0.7)) == ("disagrees", "rounded")


@pytest.mark.parametrize(
    ("declared", "answer"),
    [
        (0.6, ("agrees", "rounded")),
        (0.5, ("agrees", "sampled")),
        (0.71, ("disagrees", "sampled")),
    ],
)
@pytest.mark.parametrize("check", ["explanation", "robustness"])
def test_what_is_drawn_by_chance_agrees_within_its_interval(check, declared, answer):
    assert judged(declared, Measured(check, 0.6, 200, low=0.5, high=0.7)) == answer


def test_what_is_drawn_without_an_interval_is_held_to_its_decimals():
    assert judged(0.5, Measured("robustness", 0.6, 200, low=0.4)) == ("disagrees", "rounded")


@pytest.mark.parametrize(("declared", "state"), [(0.109, "agrees"), (0.112, "disagrees")])
def test_what_was_counted_in_parts_agrees_within_the_error_of_that(declared, state):
    assert judged(declared, Measured("drift", 0.1, 200, error=0.01)) == (state, "parts")


@pytest.mark.parametrize("n", [199, 201, 10])
@pytest.mark.parametrize("check", ["fairness", "drift"])
def test_another_number_of_rows_never_agrees(check, n):
    assert judged(0.6, Measured(check, 0.6, 200, low=0.5, high=0.7), n=n) == ("disagrees", "rows")


def test_where_the_register_draws_a_sample_more_rows_are_no_contradiction():
    assert judged(0.61, Measured("explanation", 0.6, 2000, low=0.5, high=0.7), n=50_000) == (
        "agrees",
        "sampled",
    )


def test_a_figure_that_the_register_did_not_measure_agrees_with_nothing():
    assert judged(0.5, None) == ("not_compared", None)


@pytest.mark.parametrize(
    ("value", "count"), [(0.5, 1), (0.75123, 5), (12345.0, 1), (1e-7, 7), (1e22, 0), (-0.25, 2)]
)
def test_decimals_are_those_that_a_figure_is_written_with(value, count):
    assert decimals(value) == count


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
