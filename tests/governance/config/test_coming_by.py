"""The clock's round: all of it where something was recorded or a minute has passed, else only what waits."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.ledger import queries as entries
from audits.ledger import services as ledger
from governance.config import sweep
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals.models import Arrival
from monitoring.runs import planning, resting, watching
from monitoring.runs import services as runs
from monitoring.runs.models import Plan, Run
from tests import factories
from tests.monitoring.loans import Loans, loans

pytestmark = pytest.mark.django_db

ROUNDS = 6
"""After so many nothing is left that one sweep writes for the next."""


@pytest.fixture
def owner() -> Actor:
    return factories.join(factories.found(1), "model_owner", email="owner@bank.example")


@pytest.fixture
def other() -> Actor:
    return factories.join(factories.found(2), "model_owner", email="owner@other.example")


@pytest.fixture
def planned(owner) -> Loans:
    """Checks are planned and nobody rang for it."""
    things = loans(owner)
    runs.set_default_plans(by=owner, dataset=things.dataset)
    return things


@pytest.fixture
def quiet(owner, planned) -> Actor:
    """Everything is up to date."""
    until_quiet(owner)
    return owner


def until_quiet(owner: Actor) -> None:
    for _ in range(ROUNDS):
        sweep.come_by(str(owner.organisation_id), time.time())
    assert not looks_through_everything(owner)


def looks_through_everything(owner: Actor) -> bool:
    with CaptureQueriesContext(connection) as asked:
        sweep.come_by(str(owner.organisation_id), time.time())
    rooms = {"monitoring_finding", "governance_dutysheet"}
    seen = {room for room in rooms if any(f'FROM "{room}"' in each["sql"] for each in asked)}
    assert seen in (set(), rooms)
    assert seen or len(asked) < 60, "a sweep asks some 150"
    return bool(seen)


def test_a_bell_that_was_lost_is_made_up_for(owner, planned):
    with viewing(owner):
        assert not Run.objects.exists()
    sweep.come_by(str(owner.organisation_id), time.time())
    with viewing(owner):
        assert Run.objects.exists()


def test_what_is_recorded_afterwards_is_swept_at_the_next_round(quiet):
    with acting(quiet, "test.arranged"):
        Run.objects.update(error="something was written down")
    assert looks_through_everything(quiet)


def test_what_is_recorded_of_others_costs_nothing(other, quiet):
    loans(other)
    assert not looks_through_everything(quiet)


def test_what_time_alone_changes_is_looked_at_after_a_while(quiet, monkeypatch):
    monkeypatch.setattr(sweep, "AT_LEAST_EVERY", -1.0)
    assert looks_through_everything(quiet)


def reads_the_plans(owner: Actor) -> bool:
    with CaptureQueriesContext(connection) as asked:
        sweep.catch_up(owner.organisation_id)
    return any('FROM "monitoring_plan" INNER JOIN' in each["sql"] for each in asked)


def test_plans_are_read_again_when_something_was_recorded_of_their_organisation(quiet):
    assert not reads_the_plans(quiet)
    with acting(quiet, "test.arranged"):
        Plan.objects.update(reason="Policy 12")
    assert reads_the_plans(quiet)
    assert not reads_the_plans(quiet)


def runs_asked(owner: Actor) -> int:
    """After a round of the runs alone, of which is said that nothing was recorded."""
    runs.catch_up(owner.organisation_id, 1)
    with viewing(owner):
        return Run.objects.count()


def test_plans_are_read_again_when_the_first_tick_comes_and_not_before(quiet, monkeypatch):
    with acting(quiet, "test.arranged"):
        Run.objects.update(status="done", finished_at=timezone.now())
    with viewing(quiet):
        days = min(Plan.objects.values_list("every_days", flat=True))
        tick = Run.objects.earliest("asked_at").asked_at + timedelta(days=days)
    monkeypatch.setattr(resting, "LONGEST", timedelta(days=1000))
    monkeypatch.setattr(resting.time, "monotonic", lambda: 0.0)
    before = runs_asked(quiet)
    monkeypatch.setattr(timezone, "now", lambda: tick - timedelta(minutes=1))
    monkeypatch.setattr(planning, "planned", never)
    assert runs_asked(quiet) == before
    monkeypatch.undo()
    monkeypatch.setattr(timezone, "now", lambda: tick + timedelta(minutes=1))
    assert runs_asked(quiet) > before


def never(*_given: object) -> None:
    raise AssertionError("the plans were read")


def test_a_round_that_broke_is_made_again_in_full(quiet, monkeypatch):
    with acting(quiet, "test.arranged"):
        Plan.objects.update(reason="Policy 12")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="the disk is full"):
        patched.setattr(watching, "look_over", broken)
        sweep.catch_up(quiet.organisation_id)
    assert reads_the_plans(quiet)


def broken(*_given: object) -> None:
    raise OSError("the disk is full")


def test_who_waits_in_line_is_rung_for_at_every_round(quiet):
    a_while_ago = Now() - timedelta(minutes=1)
    with acting(quiet, "test.arranged"):
        assert Arrival.objects.filter(rung_at__gt=a_while_ago).update(rung_at=a_while_ago)
    assert not looks_through_everything(quiet)
    with viewing(quiet):
        assert Arrival.objects.filter(rung_at__gt=a_while_ago).exists()


def test_rounds_that_piled_up_are_one(quiet):
    with acting(quiet, "test.arranged"):
        Run.objects.update(error="something was written down")
    before = time.time()
    assert looks_through_everything(quiet)
    with CaptureQueriesContext(connection) as asked:
        sweep.come_by(str(quiet.organisation_id), before)
    assert len(asked) == 0


def test_a_sweep_that_broke_is_made_again(quiet, monkeypatch):
    with acting(quiet, "test.arranged"):
        Run.objects.update(error="something was written down")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="the disk is full"):
        patched.setattr(sweep, "catch_up", broken)
        sweep.come_by(str(quiet.organisation_id), time.time())
    assert looks_through_everything(quiet)


def test_entries_are_counted_whether_or_not_they_have_a_place(owner, planned):
    organisation_id = owner.organisation_id
    with viewing(owner):
        before = entries.recorded(organisation_id)
    with acting(owner, "test.arranged"):
        changed = Plan.objects.update(reason="Policy 12")
    with viewing(owner):
        assert changed and entries.recorded(organisation_id) == before + changed
    ledger.catch_up(organisation_id)
    with viewing(owner):
        assert entries.recorded(organisation_id) == before + changed
