"""When the plans of an organisation are read again: something was recorded, a tick has come, or an hour has passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from monitoring.runs import resting

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SOON = NOW + timedelta(minutes=10)
CHEAP, COSTLY = 0.1, 7.0


@pytest.fixture
def clock(monkeypatch):
    """A clock that nobody sets: it shows what its list says last."""
    shown = [1000.0]
    monkeypatch.setattr(resting.time, "monotonic", lambda: shown[-1])
    return shown


@pytest.fixture
def bank(clock):
    organisation_id = uuid4()
    resting.begin(organisation_id, 7, NOW, [SOON], cost=CHEAP)
    return organisation_id


def test_nothing_is_planned_while_nothing_is_recorded_and_no_tick_comes(bank):
    assert resting.rests(bank, 7, SOON - timedelta(seconds=1))
    assert not resting.rests(bank, 7, SOON)


def test_whatever_is_recorded_ends_it(bank):
    assert not resting.rests(bank, 8, NOW)


def test_others_do_not_rest_and_neither_does_who_says_no_number(bank):
    assert not resting.rests(uuid4(), 7, NOW)
    assert not resting.rests(bank, None, NOW)


def test_without_a_tick_it_lasts_for_an_hour(bank):
    resting.begin(bank, 7, NOW, [], cost=CHEAP)
    assert resting.rests(bank, 7, NOW + timedelta(minutes=59))
    assert not resting.rests(bank, 7, NOW + timedelta(hours=1))


def test_a_clock_that_is_set_back_does_not_make_it_longer(bank, clock):
    yesterday = NOW - timedelta(days=1)
    assert resting.rests(bank, 7, yesterday)
    clock.append(1000 + 600)
    assert not resting.rests(bank, 7, yesterday)


def test_costly_planning_waits_for_nine_times_what_it_took(bank, clock):
    resting.begin(bank, 7, NOW, [SOON], cost=COSTLY)
    clock.append(1000 + 62.9)
    assert resting.rests(bank, 8, SOON)
    clock.append(1000 + 63.1)
    assert not resting.rests(bank, 8, SOON)
    assert resting.rests(bank, 7, SOON - timedelta(seconds=1))


def test_nobody_waits_for_longer_than_five_minutes(bank, clock):
    resting.begin(bank, 7, NOW, [], cost=1000.0)
    clock.append(1000 + 299)
    assert resting.rests(bank, 8, NOW)
    clock.append(1000 + 301)
    assert not resting.rests(bank, 8, NOW)


def test_planning_without_a_number_is_not_remembered(bank):
    resting.begin(bank, None, NOW, [SOON], cost=COSTLY)
    assert not resting.rests(bank, 7, NOW)
