"""Clocks disagree: what is decided of leases and bells is decided by the database's clock, and a jump of it stops nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from governance.config.celery import let_go_when_silent
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import claims, dispatch, lining
from monitoring.runs import services as runs
from monitoring.runs.dispatch import Waiting
from monitoring.runs.models import Run, RunLease
from tests.monitoring.runs.conftest import a_period, on_record
from tests.monitoring.runs.test_claims import worker_of

HOUR = timedelta(hours=1)


@pytest.fixture
def run(owner) -> Run:
    things = on_record(owner)
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    [asked] = runs.start(by=owner, model=things.model)
    return asked


@pytest.fixture(params=[-HOUR, HOUR], ids=["an hour behind", "an hour ahead"])
def our_clock(request, run, monkeypatch) -> timedelta:
    """The clock of this process, once the run has been asked for."""
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + request.param)
    return request.param


def database_clock_is_set_back(owner: Actor, by: timedelta) -> None:
    """All that was written lies so much further ahead."""
    with acting(worker_of(owner), "test.clock_was_set_back"):
        for lease in RunLease.objects.all():
            RunLease.objects.filter(pk=lease.pk).update(
                expires_at=lease.expires_at + by, rung_at=lease.rung_at and lease.rung_at + by
            )


def leases_end(owner: Actor) -> tuple[datetime, datetime]:
    """When the lease ends, and what the database's clock says."""
    with viewing(owner):
        return RunLease.objects.values_list("expires_at", Now()).get()


def state(owner: Actor) -> Run:
    with viewing(owner):
        return Run.objects.get()


@pytest.mark.django_db
def test_a_lease_lasts_as_long_whatever_the_holders_clock_says(owner, run, our_clock):
    held = claims.take(worker_of(owner), run.pk)
    assert held is not None
    for _ in ("as it was taken", "as it was renewed"):
        ends, now = leases_end(owner)
        assert timedelta(0) < ends - now <= claims.LEASE
        assert claims.take(worker_of(owner), run.pk) is None
        assert claims.renew(held, 10, "counting")


@pytest.mark.django_db
def test_an_attempt_that_failed_is_made_again_at_once_whatever_our_clock_says(owner, run, our_clock):
    claims.give_back(claims.take(worker_of(owner), run.pk), "killed by signal 9")
    again = claims.take(worker_of(owner), run.pk)
    assert again is not None and again.fence == 2


@pytest.mark.django_db
def test_a_postponed_run_waits_by_the_databases_clock(owner, run, our_clock):
    claims.postpone(claims.take(worker_of(owner), run.pk), "ENOSPC")
    with viewing(owner):
        due, now = Run.objects.values_list("due_at", Now()).get()
    assert timedelta(0) < due - now <= claims.POSTPONED
    assert claims.take(worker_of(owner), run.pk) is None


@pytest.mark.django_db
def test_after_the_databases_clock_was_set_back_a_silent_holder_is_not_waited_for(owner, run):
    zombie = claims.take(worker_of(owner), run.pk)
    database_clock_is_set_back(owner, HOUR)
    with viewing(owner):
        assert lining.to_ring_for(owner.organisation_id) == [Waiting(Run, run.pk)]
    heir = claims.take(worker_of(owner), run.pk)
    assert zombie is not None and heir is not None and heir.fence == zombie.fence + 1


@pytest.mark.django_db
def test_after_the_databases_clock_was_set_back_a_holder_that_renews_keeps_its_run(owner, run):
    held = claims.take(worker_of(owner), run.pk)
    database_clock_is_set_back(owner, HOUR)
    assert held is not None and claims.renew(held, 10, "counting")
    assert claims.take(worker_of(owner), run.pk) is None


@pytest.mark.django_db
def test_after_the_databases_clock_was_set_back_what_was_rung_for_is_rung_for_again(owner, run):
    with acting(worker_of(owner), "run.rung", quiet=True):
        dispatch.ring_on_commit(run.organisation_id, [Waiting(Run, run.pk)])
    with viewing(owner):
        assert lining.to_ring_for(owner.organisation_id) == [], "somebody has just been told"
    database_clock_is_set_back(owner, HOUR)
    with viewing(owner):
        assert lining.to_ring_for(owner.organisation_id) == [Waiting(Run, run.pk)]


@pytest.mark.django_db
def test_a_run_postponed_under_a_clock_that_was_set_back_is_not_waited_for(owner, run):
    claims.postpone(claims.take(worker_of(owner), run.pk), "ENOSPC")
    with acting(worker_of(owner), "test.clock_was_set_back"):
        Run.objects.update(due_at=Now() + HOUR)
    assert claims.take(worker_of(owner), run.pk) is not None


@pytest.mark.django_db
def test_a_run_that_is_due_tomorrow_is_not_taken_up_today(owner, run):
    with acting(worker_of(owner), "test.due_tomorrow"):
        Run.objects.update(due_at=Now() + timedelta(days=1))
    assert claims.take(worker_of(owner), run.pk) is None


@pytest.mark.django_db
def test_what_comes_late_is_counted_and_nothing_else_of_it_is_kept(owner, run):
    zombie = claims.take(worker_of(owner), run.pk)
    with acting(worker_of(owner), "test.lease_ended"):
        RunLease.objects.update(expires_at=Now() - HOUR)
    heir = claims.take(worker_of(owner), run.pk)
    before = state(owner)
    assert zombie is not None and heir is not None
    assert not claims.renew(zombie, 99, "what a zombie says")
    claims.give_back(zombie, "late")
    claims.postpone(zombie, "late")
    after = state(owner)
    with viewing(owner):
        assert RunLease.objects.values_list("late", "progress", "phase").get() == (3, 0, "")
    assert (after.status, after.fence, after.error) == (before.status, before.fence, before.error)
    assert claims.renew(heir, 10, "counting")


@pytest.mark.django_db
def test_a_dead_holders_run_comes_before_whatever_is_new(owner, run, monkeypatch):
    """Or it would keep one of the organisation's slots until its lease ends."""
    things = on_record(owner, number="M-0002")
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    runs.start(by=owner, model=things.model)
    assert claims.take(worker_of(owner), run.pk) is not None
    with acting(worker_of(owner), "test.holder_died"):
        holder = RunLease.objects.get(run=run).holder.split(" ")
        RunLease.objects.filter(run=run).update(holder=" ".join([holder[0], holder[1], "1", holder[3]]))
    with viewing(owner):
        assert lining.first(owner.organisation_id) == Waiting(Run, run.pk)


@pytest.mark.django_db
def test_a_worker_that_stands_still_in_mid_transaction_loses_it(settings):
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    try:
        let_go_when_silent(20)
        assert options["options"].endswith("-c idle_in_transaction_session_timeout=20s")
        fresh = connection.copy()
        with fresh.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("20s",)
        fresh.close()
    finally:
        options.clear()
        options.update(before)


@pytest.mark.django_db
def test_what_was_asked_under_a_clock_that_was_set_back_is_not_waited_for(owner, run):
    ahead = timezone.now() + HOUR
    with acting(worker_of(owner), "test.clock_was_set_back"):
        Run.objects.update(asked_at=ahead, due_at=ahead, scheduled_at=ahead)
    assert claims.take(worker_of(owner), run.pk) is not None


@pytest.mark.django_db
def test_a_run_that_waits_for_the_end_of_a_blackout_waits_whatever_was_tried_before(owner, run):
    with acting(worker_of(owner), "test.blackout_declared"):
        Run.objects.update(due_at=Now() + HOUR, fence=1, moved={"held": True})
    assert claims.take(worker_of(owner), run.pk) is None
