"""What was found is closed by a measurement, never by an answer that did not measure it again."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.runs import telling
from tests.monitoring.runs.conftest import answer, run_of, told

pytestmark = pytest.mark.django_db
BAD, GOOD, UNKNOWN = (30.5, "failed"), (1.0, "passed"), (None, "insufficient_data")


@pytest.mark.parametrize(
    ("april", "march"),
    [
        ({}, "open"),
        ({"kill_seconds": UNKNOWN}, "open"),
        ({"kill_seconds": (1.0, "insufficient_data")}, "open"),
        ({"kill_seconds": (1.0, "reported")}, "open"),
        ({"orders_per_day": GOOD}, "open"),
        ({"kill_seconds": GOOD}, "within_later"),
        ({"kill_seconds": (4.9, "uncertain")}, "within_later"),
    ],
)
def test_an_uncertain_answer_closes_what_it_measured_again(watched, owner, april, march):
    answer(run_of(owner, "drift", "march"), "failed", kill_seconds=BAD)
    answer(run_of(owner, "drift", "april"), "uncertain", **april)
    assert told(owner) == {"march check": march}


def test_an_uncertain_answer_closes_nothing_of_which_no_figure_is_on_record(watched, owner):
    answer(run_of(owner, "drift", "march"), "failed")
    answer(run_of(owner, "drift", "april"), "uncertain", kill_seconds=GOOD)
    assert told(owner) == {"march check": "open"}


def test_every_bad_figure_has_to_be_measured_again(watched, owner):
    answer(run_of(owner, "drift", "march"), "failed", kill_seconds=BAD, order_value=(9.0, "amber"))
    answer(run_of(owner, "drift", "april"), "uncertain", kill_seconds=GOOD)
    assert told(owner) == {"march check": "open"}


@pytest.mark.parametrize(
    ("april", "march"),
    [
        ({"kill_seconds": BAD}, "continued"),
        ({"kill_seconds": GOOD, "order_value": BAD}, "continued"),
        ({"kill_seconds": UNKNOWN, "order_value": BAD}, "open"),
    ],
)
def test_another_bad_answer_takes_over_only_what_it_measured(watched, owner, april, march):
    answer(run_of(owner, "drift", "march"), "failed", kill_seconds=BAD)
    answer(run_of(owner, "drift", "april"), "failed", **april)
    assert told(owner) == {"march check": march, "april check": "open"}


@pytest.mark.parametrize(
    ("april", "march"),
    [({"kill_seconds": UNKNOWN}, "open"), ({"kill_seconds": GOOD}, "within_later")],
)
def test_a_late_answer_is_overtaken_only_by_what_measured_the_same(watched, owner, april, march):
    answer(run_of(owner, "drift", "april"), "uncertain", **april)
    answer(run_of(owner, "drift", "march"), "failed", kill_seconds=BAD)
    assert told(owner) == {"march check": march}


def test_what_is_told_only_when_seen_was_looked_for_where_its_neighbour_is_told(watched, owner):
    answer(run_of(owner, "drift", "march"), "failed", kill_left_open=(0.5, "failed"))
    answer(run_of(owner, "drift", "april"), "uncertain", kill_seconds=GOOD)
    assert told(owner) == {"march check": "within_later"}


def test_a_pass_closes_it_and_only_then_the_words_say_so(watched, owner):
    answer(run_of(owner, "drift", "march"), "failed", kill_seconds=BAD)
    answer(run_of(owner, "drift", "april"), "passed")
    assert told(owner) == {"march check": "passed_later"}
    said: dict[str, Any] = {cause: telling.closed({"cause": cause}) for cause in ("within", "within_later")}
    assert all("passes" not in words and "uncertain" in words for words in said.values())


RED = {"drifted_share": (1.0, "failed"), "psi": (0.9, "amber")}
BY_CHANCE = {"drifted_share": (1.0, "uncertain"), "psi": (0.3, "uncertain")}


@pytest.mark.parametrize(
    ("april", "march"),
    [
        (BY_CHANCE, "open"),
        ({**BY_CHANCE, "drifted_share": (0.0, "passed")}, "open"),
        ({"drifted_share": (0.0, "passed"), "psi": (0.05, "passed")}, "within_later"),
        ({"drifted_share": (0.05, "uncertain"), "psi": (0.05, "passed")}, "within_later"),
    ],
)
def test_what_chance_may_have_brought_beyond_its_limit_is_not_within_it(watched, owner, april, march):
    answer(run_of(owner, "drift", "march"), "failed", limit=0.1, **RED)
    answer(run_of(owner, "drift", "april"), "uncertain", limit=0.1, **april)
    assert told(owner) == {"march check": march}


@pytest.mark.parametrize(("april", "march"), [(BY_CHANCE, "open"), (RED, "continued")])
def test_nor_does_another_bad_answer_take_it_over(watched, owner, april, march):
    answer(run_of(owner, "drift", "march"), "failed", limit=0.1, **RED)
    answer(run_of(owner, "drift", "april"), "amber", limit=0.1, **april, score_psi=(0.9, "amber"))
    assert told(owner) == {"march check": march, "april check": "open"}


def test_of_what_is_no_distance_an_uncertain_value_is_within_its_limits(watched, owner):
    """A ratio has to be at least its limit: uncertain is one above it whose interval crosses it."""
    answer(run_of(owner, "drift", "march"), "failed", limit=0.8, demographic_parity_ratio=(0.7, "failed"))
    answer(
        run_of(owner, "drift", "april"), "uncertain", limit=0.8, demographic_parity_ratio=(0.82, "uncertain")
    )
    assert told(owner) == {"march check": "within_later"}
