"""Who is next: a person's question first, and no organisation on every worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import answers, claims, lining
from monitoring.runs import services as runs
from monitoring.runs.models import Priority, Run, RunLease
from tests.monitoring.loans import Loans, a_version
from tests.monitoring.runs.conftest import a_period, on_record
from tests.monitoring.runs.test_claims import end_lease, worker_of

pytestmark = pytest.mark.django_db


def planned(owner: Actor, *checks: str, number: str = "M-0001") -> Loans:
    things = on_record(owner, number=number)
    a_period(owner, things.dataset, "current")
    for check in checks:
        runs.set_plan(by=owner, dataset=things.dataset, check_key=check)
    return things


def all_runs(owner: Actor) -> dict[str, Run]:
    with viewing(owner):
        return {each.check_key: each for each in Run.objects.select_related("version")}


def to_ring_for(owner: Actor) -> list[object]:
    with viewing(owner):
        return lining.to_ring_for(owner.organisation_id)


def first(owner: Actor) -> object:
    with viewing(owner):
        return lining.first(owner.organisation_id).pk


def minutes_pass(owner: Actor, minutes: int) -> None:
    with acting(worker_of(owner), "test.time_passed"):
        passed = timedelta(minutes=minutes)
        Run.objects.update(due_at=F("due_at") - passed)
        RunLease.objects.update(rung_at=F("rung_at") - passed)


def test_what_a_person_asks_comes_first_and_a_new_version_before_the_schedule(owner, validator):
    scheduled = planned(owner, "drift")
    runs.catch_up(owner.organisation_id)
    with acting(worker_of(owner), "test.time_passed"):  # answered, and its next tick has come
        passed = timedelta(days=8)
        Run.objects.update(status="done", finished_at=timezone.now() - passed)
        Run.objects.update(**{at: F(at) - passed for at in ("scheduled_at", "asked_at", "due_at")})
    a_version(owner, scheduled.model, "2.0", bare=True)
    runs.catch_up(owner.organisation_id)
    asked = planned(owner, "drift", number="M-0002")
    runs.start(by=validator, model=asked.model)
    with viewing(owner):
        waiting = lining.ordered(Run.objects.unfinished()).select_related("version", "model")
        told = [(each.model.number, each.version.label, each.priority) for each in waiting]
        assert first(owner) == waiting[0].pk and waiting[0].requested_by_id == validator.user_id
    assert told == [
        ("M-0002", "1.0", Priority.PERSON),
        ("M-0001", "2.0", Priority.NEW_VERSION),
        ("M-0001", "1.0", Priority.SCHEDULE),
    ]


def test_what_the_schedule_asked_already_is_hastened_by_a_person_and_stays_the_schedules(owner):
    things = planned(owner, "drift")
    runs.catch_up(owner.organisation_id)
    runs.start(by=owner, model=things.model)
    run = all_runs(owner)["drift"]
    assert (run.priority, run.is_scheduled) == (Priority.PERSON, True)


def test_an_organisation_runs_no_more_than_its_slots(owner, settings):
    planned(owner, "drift", "fairness", "performance")
    runs.catch_up(owner.organisation_id)
    there = list(all_runs(owner).values())
    assert len(there) > settings.SENIM_RUN_SLOTS == 2
    worker = worker_of(owner)
    claimed = [claims.take(worker, run.pk) for run in there]
    assert [each is not None for each in claimed] == [True, True] + [False] * (len(there) - 2)
    claims.give_back(claimed[0], "killed by signal 9")
    assert claims.take(worker, there[2].pk) is not None


def test_a_dead_lease_holds_no_slot(owner, settings):
    planned(owner, "drift", "fairness", "performance")
    runs.catch_up(owner.organisation_id)
    one, two, three = (run.pk for run in list(all_runs(owner).values())[:3])
    worker = worker_of(owner)
    assert claims.take(worker, one) and claims.take(worker, two)
    end_lease(owner)
    assert claims.take(worker, three) is not None


def test_another_organisation_is_not_held_up(owner, stranger, settings):
    settings.SENIM_RUN_SLOTS = 1
    for who in (owner, stranger):
        planned(who, "drift", "fairness")
        runs.catch_up(who.organisation_id)
        one, two = (run.pk for run in list(all_runs(who).values())[:2])
        assert claims.take(worker_of(who), one) is not None
        assert claims.take(worker_of(who), two) is None


def test_one_worker_is_left_to_others_as_soon_as_they_wait(owner, stranger, settings):
    assert settings.SENIM_RUN_SLOTS == 2
    planned(owner, "drift", "fairness", "performance")
    runs.catch_up(owner.organisation_id)
    worker = worker_of(owner)
    one, two, *_others = (run.pk for run in all_runs(owner).values())
    assert lining.slots(owner.organisation_id) == 2 and claims.take(worker, one)
    planned(stranger, "drift")
    runs.catch_up(stranger.organisation_id)
    assert lining.slots(owner.organisation_id) == lining.slots(stranger.organisation_id) == 1
    assert claims.take(worker, two) is None and to_ring_for(owner) == []
    [theirs] = all_runs(stranger).values()
    held = claims.take(worker_of(stranger), theirs.pk)
    assert held and claims.take(worker, two) is None, "they work"
    answers.finish(held, {"withdrawn": "window"})
    assert claims.take(worker, two), "and are done"


def test_bells_ring_for_free_slots_and_not_for_each_run_that_waits(owner, settings):
    planned(owner, "drift", "fairness", "performance")
    runs.catch_up(owner.organisation_id)  # rings for two
    assert to_ring_for(owner) == [], "two bells are on their way"
    minutes_pass(owner, 1)
    assert len(to_ring_for(owner)) == 2, "nobody heard them"
    claims.take(worker_of(owner), first(owner))
    assert len(to_ring_for(owner)) == 1, "one slot is taken"
    claims.take(worker_of(owner), first(owner))
    assert to_ring_for(owner) == []


@pytest.mark.usefixtures("preloaded")
def test_a_bell_is_answered_with_what_is_next_in_line(owner):
    planned(owner, "explanation")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        rung = Run.objects.get()
    other = planned(owner, "drift", number="M-0002")
    [wanted] = runs.start(by=owner, model=other.model)
    with acting(worker_of(owner), "test.withdrawn"):  # so that it is answered without being measured
        wanted.window.withdrawn_at, wanted.window.withdrawn_reason = timezone.now(), "test"
        wanted.window.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    runs.answer_bell(rung.pk)
    with viewing(owner):
        statuses = dict(Run.objects.values_list("pk", "status"))
        assert RunLease.objects.get(run=rung).rung_at is not None, "the next bell is for this one"
    assert statuses == {wanted.pk: "done", rung.pk: "due"}


def test_the_slot_is_free_once_the_answer_is_in(owner, settings):
    settings.SENIM_RUN_SLOTS = 1
    planned(owner, "drift", "fairness")
    runs.catch_up(owner.organisation_id)
    one, two = (run.pk for run in all_runs(owner).values())
    claim = claims.take(worker_of(owner), one)
    assert claims.take(worker_of(owner), two) is None
    answers.finish(claim, {"withdrawn": "window"})
    assert claims.take(worker_of(owner), two) is not None
