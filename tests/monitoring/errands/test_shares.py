"""What a person asks of a worker takes a slot of its organisation, in the same line and the same count as runs."""

from __future__ import annotations

import errno
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.decisions import services as decisions
from monitoring.decisions.models import Explained
from monitoring.runs import claims, lining
from monitoring.runs import services as runs
from monitoring.runs.claims import MOST_ATTEMPTS
from monitoring.runs.dispatch import Waiting
from monitoring.runs.models import Run, RunLease
from tests.factories import REGISTER
from tests.monitoring.loans import Loans, a_dataset, a_model, a_version
from tests.monitoring.runs.conftest import a_period
from tests.monitoring.runs.test_claims import worker_of

pytestmark = pytest.mark.django_db
ERRANDS = decisions.errands
ANSWER = {"refused": "no_such_case", "params": {}}


def things_of(owner: Actor) -> Loans:
    """Both kinds of work can be asked for: a check on schedule, and why a case was decided so."""
    model = a_model(owner)
    version = a_version(owner, model, bare=True)
    dataset = a_dataset(owner, model, identifier="number")
    windows = {part: a_period(owner, dataset, part, part=part) for part in ("reference", "current")}
    runs.set_plan(by=owner, dataset=dataset, check_key="drift")
    return Loans(model, version, dataset, windows)


def ask(owner: Actor, things: Loans, *cases: str) -> list[Explained]:
    window = things.windows["current"]
    return [decisions.ask(by=owner, window=window, version=things.version, case=case) for case in cases]


def scheduled(owner: Actor) -> Run:
    """The schedule asks the one check, and everything that may be rung for is."""
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        return Run.objects.get()


def withdraw(owner: Actor, things: Loans) -> None:
    """So that a run is answered without being measured."""
    with acting(worker_of(owner), "test.withdrawn"):
        window = things.windows["current"]
        window.withdrawn_at, window.withdrawn_reason = timezone.now(), "test"
        window.save(update_fields=["withdrawn_at", "withdrawn_reason"])


def work(organisation_id: UUID, errand_id: UUID) -> None:
    """As the room does it, but for the sandbox."""
    ERRANDS.work(
        organisation_id, errand_id, lambda asked, beat: ANSWER, lambda asked, found: {"found": found}
    )


def answer(bell: Waiting, organisation_id: UUID) -> None:
    if bell.kind is Run:
        runs.answer_bell(bell.pk)
    else:
        ERRANDS.answer_bell(organisation_id, bell.pk, work)


def bells() -> list[tuple[Waiting, UUID]]:
    """What a broker holds that delivers in order: every bell that nobody has answered, the oldest first."""
    with viewing(REGISTER):
        rung = RunLease.objects.exclude(rung_at=None).values_list("rung_at", "run_id", "organisation_id")
        asked = Explained.objects.exclude(rung_at=None).values_list("rung_at", "pk", "organisation_id")
        there = [(at, Waiting(Run, pk), whose) for at, pk, whose in rung]
        there += [(at, Waiting(Explained, pk), whose) for at, pk, whose in asked]
    return [(bell, whose) for _at, bell, whose in sorted(there, key=lambda each: each[0])]


def ring(owner: Actor) -> list[UUID]:
    with viewing(owner):
        told = [each.pk for each in lining.to_ring_for(owner.organisation_id)]
    lining.ring_for(worker_of(owner), owner.organisation_id)
    return told


def statuses(owner: Actor) -> list[str]:
    with viewing(owner):
        return list(Explained.objects.order_by("requested_at").values_list("status", flat=True))


def end_leases(owner: Actor) -> None:
    with acting(worker_of(owner), "test.lease_ended"):
        Explained.objects.filter(status="running").update(expires_at=timezone.now() - timedelta(seconds=1))


def test_runs_and_errands_are_counted_together(owner, settings):
    things = things_of(owner)
    run = scheduled(owner)
    one, two = ask(owner, things, "A-1", "A-2")
    worker = worker_of(owner)
    assert settings.SENIM_RUN_SLOTS == 2
    held = ERRANDS.take(worker, one.pk)
    assert held and claims.take(worker, run.pk)
    assert ERRANDS.take(worker, two.pk) is None and statuses(owner) == ["running", "due"]
    ERRANDS.give_back(worker, held, "killed by signal 9")
    assert ERRANDS.take(worker, two.pk)


def test_a_run_waits_while_errands_hold_every_slot(owner, settings):
    settings.SENIM_RUN_SLOTS = 1
    things = things_of(owner)
    run = scheduled(owner)
    [one] = ask(owner, things, "A-1")
    worker = worker_of(owner)
    held = ERRANDS.take(worker, one.pk)
    assert claims.take(worker, run.pk) is None
    ERRANDS.finish(worker, held, ANSWER, lambda asked, found: {"found": found})
    assert claims.take(worker, run.pk)


def test_a_dead_lease_holds_no_slot_and_its_errand_is_rung_for_again(owner, settings):
    settings.SENIM_RUN_SLOTS = 1
    things = things_of(owner)
    one, two = ask(owner, things, "A-1", "A-2")
    worker = worker_of(owner)
    zombie = ERRANDS.take(worker, one.pk)
    assert ring(owner) == [] and ERRANDS.take(worker, two.pk) is None
    end_leases(owner)
    assert ring(owner) == [one.pk], "it keeps its place in the line"
    heir = ERRANDS.take(worker, one.pk)
    assert (heir.fence, ERRANDS.renew(worker, zombie, 50, "explanation")) == (zombie.fence + 1, False)


def test_one_that_asks_a_hundred_is_rung_for_no_more_often_than_it_has_slots(owner, settings):
    things = things_of(owner)
    asked = ask(owner, things, *(f"A-{n}" for n in range(100)))
    assert ring(owner) == [each.pk for each in asked[:2]]
    assert ring(owner) == [], "two bells are on their way"
    ERRANDS.take(worker_of(owner), asked[0].pk)
    assert ring(owner) == [], "one works, one bell is on its way"


def test_another_organisation_is_taken_up_in_between_and_nothing_is_lost(owner, stranger, settings):
    """One worker, one broker that delivers in order: two errands of the one, then it is the other's turn."""
    crowd = ask(owner, things_of(owner), *(f"A-{n}" for n in range(30)))
    ring(owner)
    theirs = things_of(stranger)
    run = scheduled(stranger)
    withdraw(stranger, theirs)
    answered: list[UUID] = []
    while waiting := bells():
        bell, whose = waiting[0]
        answer(bell, whose)
        answered.append(bell.pk)
    assert answered.index(run.pk) == 2
    assert statuses(owner) == ["done"] * 30 and len(answered) == 31
    with viewing(owner):
        assert set(Explained.objects.values_list("attempts", flat=True)) == {1}
    assert {each.pk for each in crowd} == set(answered) - {run.pk}


def test_what_a_person_asks_stands_before_the_schedule_whichever_bell_is_heard(owner, settings):
    settings.SENIM_RUN_SLOTS = 1
    things = things_of(owner)
    run = scheduled(owner)
    [asked] = ask(owner, things, "A-1")
    runs.answer_bell(run.pk)
    with viewing(owner):
        run.refresh_from_db()
    assert run.status == "due" and bells() == [(Waiting(Explained, asked.pk), owner.organisation_id)]
    ERRANDS.answer_bell(owner.organisation_id, asked.pk, work)
    assert statuses(owner) == ["done"]
    assert bells() == [(Waiting(Run, run.pk), owner.organisation_id)], "the slot is free again"


def test_a_run_that_a_person_asked_for_earlier_stands_before_an_errand(owner):
    things = things_of(owner)
    [run] = runs.start(by=owner, model=things.model)
    ask(owner, things, "A-1")
    with viewing(owner):
        assert lining.first(owner.organisation_id) == Waiting(Run, run.pk)
    with acting(worker_of(owner), "test.time_passed"):
        Explained.objects.update(requested_at=F("requested_at") - timedelta(minutes=1))
    with viewing(owner):
        assert lining.first(owner.organisation_id).kind is Explained


def test_one_that_no_worker_survives_does_not_stand_in_the_way(owner, settings):
    settings.SENIM_RUN_SLOTS = 1
    things = things_of(owner)
    bad, good = ask(owner, things, "A-1", "A-2")
    for _attempt in range(MOST_ATTEMPTS):
        assert ERRANDS.take(worker_of(owner), bad.pk)
        end_leases(owner)
    ERRANDS.answer_bell(owner.organisation_id, bad.pk, work)
    assert statuses(owner) == ["failed", "due"] and bells()[0][0].pk == good.pk


def test_an_attempt_for_which_the_machine_had_no_room_is_not_counted(owner, settings):
    settings.SENIM_RUN_SLOTS = 1
    things = things_of(owner)
    one, two = ask(owner, things, "A-1", "A-2")

    def full(asked: Explained, beat: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    ERRANDS.work(owner.organisation_id, one.pk, full, lambda asked, found: {})
    with viewing(owner):
        waits = Explained.objects.get(pk=one.pk)
        assert (waits.status, waits.attempts, waits.error) == ("due", 0, "ENOSPC")
    assert ring(owner) == [two.pk], "it waits, and holds no slot meanwhile"
    with acting(worker_of(owner), "test.time_passed"):
        Explained.objects.filter(pk=one.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with viewing(owner):
        assert lining.first(owner.organisation_id).pk == one.pk
