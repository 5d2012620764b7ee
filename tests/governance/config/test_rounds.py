"""The clock of the machine is set back by an hour: the rounds go on, and no bell is taken for answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app

from governance.config import sweep
from governance.config.rounds import Rounds
from tests.brokers import talking_to

HOUR = 3600.0


@pytest.fixture
def rounds(tmp_path: Path) -> Iterator[Rounds]:
    """A clock over a broker in memory, which has just made its rounds."""
    with talking_to("memory://"):
        found = Rounds(app=current_app._get_current_object(), schedule_filename=str(tmp_path / "schedule"))
        while found.tick() == 0:
            pass
        yield found
        found.close()


def set_back(rounds: Rounds) -> None:
    """By an hour: what was done a moment ago lies an hour ahead."""
    for entry in rounds.schedule.values():
        entry.last_run_at += timedelta(hours=1)
    rounds._heap = None


def last_round(rounds: Rounds) -> float:
    return float(rounds.schedule["sweep"].last_run_at.timestamp())


def test_a_clock_that_was_set_back_goes_on_ringing(rounds):
    set_back(rounds)
    is_due, wait = rounds.schedule["sweep"].is_due()
    assert not is_due and wait > HOUR, "Celery itself would be silent for an hour"
    while rounds.tick() == 0:
        pass
    assert abs(last_round(rounds) - time.time()) < 60
    assert rounds.schedule["sweep"].total_run_count > 0


def test_the_rounds_are_made_when_their_time_has_come_and_not_before(rounds):
    before = last_round(rounds)
    assert 0 < rounds.tick() <= 10
    assert last_round(rounds) == before


def test_a_round_that_is_a_moment_away_is_slept_for_and_not_asked_for_all_the_time(rounds):
    entry = rounds.schedule["sweep"]
    entry.last_run_at -= timedelta(seconds=9.8)
    rounds._heap, made, asked = None, entry.total_run_count, 0
    while rounds.schedule["sweep"].total_run_count == made:
        asked += 1
        if (wait := rounds.tick()) > 0:  # as Celery's own service does
            time.sleep(wait)
    assert asked < 10


def test_beat_makes_these_rounds():
    assert current_app.conf.beat_scheduler == "governance.config.rounds:Rounds"


@pytest.mark.parametrize(
    ("begun", "now", "answered"),
    [
        (105.0, 110.0, True),  # a sweep began after the bell
        (95.0, 110.0, False),  # before it: its commit may not have been seen
        (100.0 + HOUR, 110.0, False),  # our clock has been set back since we swept
        (100.0 + HOUR, 110.0 + HOUR, False),  # the bell's clock is an hour behind ours
        (0.0, 110.0, False),  # never
    ],
)
def test_a_bell_is_answered_by_a_sweep_that_began_after_it_by_the_same_clock(begun, now, answered):
    assert sweep._has_answered(begun, 100.0, now) is answered
