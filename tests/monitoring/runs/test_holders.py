"""A worker that died on this machine is not waited for; of any other nothing is claimed to be known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import claims, holders, lining
from monitoring.runs import services as runs
from monitoring.runs.models import Run, RunLease
from tests.monitoring.runs.conftest import a_period, on_record

SAYS_WHO = "from monitoring.runs import holders; print(holders.this_process(), flush=True); input()"


@pytest.fixture
def somebody() -> Iterator[subprocess.Popen[str]]:
    """Another process of this machine, which has said who it is."""
    process = subprocess.Popen(
        [sys.executable, "-c", SAYS_WHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def who(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_holder_is_dead_once_its_process_has_ended(somebody):
    holder = who(somebody)
    assert len(holder) <= 80 and not holders.is_surely_dead(holder)
    somebody.kill()
    somebody.wait()
    assert holders.is_surely_dead(holder)


def test_a_process_that_waits_to_be_buried_is_dead(somebody):
    holder = who(somebody)
    somebody.kill()
    while holders._born(somebody.pid) != "-":
        pass
    assert somebody.returncode is None and holders.is_surely_dead(holder)


def test_a_number_that_went_to_another_process_does_not_bring_the_holder_back():
    host, pid, born, place = holders.this_process().rsplit(" ", 3)
    assert not holders.is_surely_dead(f"{host} {pid} {born} {place}")
    assert holders.is_surely_dead(f"{host} {pid} {int(born) - 1} {place}")


@pytest.mark.parametrize("holder", ["", "host:123", "host 1 2 elsewhere", "host 999999999 - -", "a b c d"])
def test_of_a_holder_somewhere_else_nothing_is_known(holder):
    assert not holders.is_surely_dead(holder)


@pytest.mark.django_db
def test_a_run_whose_worker_died_is_taken_up_before_its_lease_ends(owner, somebody):
    things = on_record(owner)
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    [run] = runs.start(by=owner, model=things.model)
    worker = Actor.system("checks worker", owner.organisation_id)
    assert claims.take(worker, run.pk)
    with acting(worker, "test.held_by_another"):
        RunLease.objects.update(holder=who(somebody))
    assert claims.take(worker, run.pk) is None
    somebody.kill()
    somebody.wait()
    with viewing(worker):
        assert lining.orphans(Run.objects.all()) == [run.pk]
    heir = claims.take(worker, run.pk)
    assert heir is not None and heir.fence == 2
