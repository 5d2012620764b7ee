"""Delivered twice, late, or to a worker that died: a run is answered exactly once."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

from django.db import connection
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import answers, claims, compute, inserting, planning
from monitoring.runs import services as runs
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Finding, Measurement, Result, Run, RunLease
from monitoring.runs.words import sentence
from tests.monitoring.runs.conftest import due_run


def worker_of(owner: Actor) -> Actor:
    return Actor.system("checks worker", owner.organisation_id)


def state(owner: Actor) -> tuple[str, int, int]:
    with viewing(owner):
        run = Run.objects.get()
        return run.status, run.attempts, Result.objects.count()


def end_lease(owner: Actor) -> None:
    with acting(worker_of(owner), "test.lease_ended"):
        RunLease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def children() -> set[int]:
    found: set[int] = set()
    for each in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(OSError):
            found |= set(map(int, (each / "children").read_text().split()))
    return found


def kill_the_next_child() -> Thread:
    before = children()

    def hunt() -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for pid in children() - before:
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.002)

    hunter = Thread(target=hunt)
    hunter.start()
    return hunter


def test_a_second_delivery_changes_nothing(asked, lender):
    _things, run = asked
    runs.work(run.pk)
    with viewing(lender):
        before = list(Result.objects.values()), list(Measurement.objects.order_by("pk").values())
    runs.work(run.pk)
    with viewing(lender):
        assert before == (list(Result.objects.values()), list(Measurement.objects.order_by("pk").values()))
    assert state(lender) == ("done", 1, 1)


def test_an_unknown_run_is_nobodys_work(committing):
    from uuid import uuid4

    runs.work(uuid4())


def test_a_run_that_somebody_holds_is_left_alone(asked, lender):
    _things, run = asked
    assert claims.take(worker_of(lender), run.pk) is not None
    runs.work(run.pk)
    assert state(lender) == ("running", 1, 0)


def test_a_dead_lease_is_claimed_again_and_the_zombie_is_refused(asked, lender, home):
    _things, run = asked
    zombie = claims.take(worker_of(lender), run.pk)
    late = compute.measured(zombie.run.check_key, inputs_of(zombie.run), lambda percent, phase: True)
    end_lease(lender)
    heir = claims.take(worker_of(lender), run.pk)
    assert heir.fence == zombie.fence + 1
    files = sorted(home.rglob("*"))

    assert answers.finish(zombie, {**late, "kind": "what a zombie says"}) is None
    assert claims.renew(zombie, 50, "drift") is False
    claims.give_back(zombie, "late")
    assert state(lender) == ("running", 2, 0)
    assert sorted(home.rglob("*")) == files

    assert answers.finish(heir, late) is not None
    assert answers.finish(zombie, late) is None
    assert state(lender) == ("done", 2, 1)


def test_a_killed_computation_is_tried_again_and_succeeds(lender, preloaded):
    _things, run = due_run(lender, "drift")
    hunter = kill_the_next_child()
    runs.work(run.pk)
    hunter.join()
    with viewing(lender):
        assert Run.objects.get().error == "killed by signal 9"
    assert state(lender) == ("due", 1, 0)
    runs.work(run.pk)
    assert state(lender) == ("done", 2, 1)


def test_after_the_last_attempt_the_run_is_parked_with_a_finding(asked, lender):
    _things, run = asked
    for _attempt in range(claims.MOST_ATTEMPTS):
        claim = claims.take(worker_of(lender), run.pk)
        claims.give_back(claim, "killed by signal 9")
    assert claims.take(worker_of(lender), run.pk) is None
    with viewing(lender):
        finding = Finding.objects.get()
    assert state(lender) == ("failed", 5, 0)
    assert "5 attempts failed" in sentence("explanation", finding.summary)


def test_a_run_whose_workers_always_vanish_is_parked_too(asked, lender):
    _things, run = asked
    for _attempt in range(claims.MOST_ATTEMPTS):
        assert claims.take(worker_of(lender), run.pk)
        end_lease(lender)
    assert claims.take(worker_of(lender), run.pk) is None
    assert state(lender) == ("failed", 5, 0)
    with viewing(lender):
        assert Finding.objects.get().severity == "red"


def at_once(count: int, do) -> list[object]:
    """The same call from several threads, each with a connection of its own, started together."""
    gate, found = Barrier(count), []

    def one() -> None:
        try:
            gate.wait()
            found.append(do())
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def test_two_sweeps_at_once_insert_one_run(lender, preloaded):
    from tests.monitoring.loans import loans

    things = loans(lender)
    runs.set_plan(by=lender, dataset=things.dataset, check_key="explanation")
    with viewing(lender):
        [wanted] = planning.wanted([things.model])

    def sweep() -> object:
        with acting(Actor.system("checks clerk", lender.organisation_id), "run.due"):
            [run] = inserting.insert([wanted], timezone.now())
            return run.pk

    assert len(set(at_once(4, sweep))) == 1
    with viewing(lender):
        assert Run.objects.count() == RunLease.objects.count() == 1


def test_two_workers_at_once_make_one_claim(asked, lender):
    _things, run = asked
    taken = at_once(4, lambda: claims.take(worker_of(lender), run.pk))
    assert sum(each is not None for each in taken) == 1
    assert state(lender) == ("running", 1, 0)


def test_two_workers_cannot_take_the_last_slot_together(lender, preloaded, settings):
    settings.SENIM_RUN_SLOTS = 1
    due_run(lender, "drift", "explanation", "fairness")
    with viewing(lender):
        there = iter(list(Run.objects.values_list("pk", flat=True)))
    taken = at_once(3, lambda: claims.take(worker_of(lender), next(there)))
    assert sum(each is not None for each in taken) == 1
    with viewing(lender):
        assert Run.objects.filter(status="running").count() == 1
