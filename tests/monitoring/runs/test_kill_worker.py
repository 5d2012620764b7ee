"""A worker killed with -9 in mid-run, and a broker killed with -9: the run still ends exactly once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app

from governance.config.crew import Crew
from governance.config.embedded import roles
from governance.config.embedded.servers import Servers
from governance.config.processes import programs
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result, Run, RunLease
from tests.brokers import talk_to, talking_to
from tests.monitoring.runs.conftest import due_run

pytestmark = [pytest.mark.slow, pytest.mark.commits]


def until(true: Callable[[], object], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)


@pytest.fixture
def broker(home, tmp_path_factory) -> Iterator[Servers]:
    """A broker of this test alone, so that killing it disturbs nobody."""
    servers = Servers(tmp_path_factory.mktemp("broker"), durable=False)
    with talking_to(servers.broker()):
        yield servers
    servers.discard()


@pytest.fixture
def worker(committing, cluster, home, broker) -> Iterator[Callable[[], Crew]]:
    """Starts a real checks worker over the database of this test."""
    surroundings = {
        "SENIM_HOME": str(home),
        "SENIM_DATABASE_URL": cluster.url(roles.RUNTIME, committing),
        "SENIM_BROKER_URL": broker.broker(),
    }
    crews: list[Crew] = []

    def start() -> Crew:
        [program] = [each for each in programs(home=home, port=1) if each.name == "checks"]
        program = type(program)("checks", program.command, {**program.environment, **surroundings})
        crew = Crew([program], logs=home / f"log-{len(crews)}")
        crew.start()
        crews.append(crew)
        return crew

    yield start
    for crew in crews:
        crew.stop(patience=5)


def ring(run: Run) -> None:
    current_app.send_task("monitoring.runs.tasks.work", args=[str(run.pk)], queue="checks")


def ready(crew: Crew) -> bool:
    return (
        " ready." in crew.log("checks").read_text(errors="replace") if crew.log("checks").exists() else False
    )


def status(owner: Actor) -> str:
    with viewing(owner):
        return Run.objects.get().status


def exactly_one_answer(owner: Actor, *, attempts: int) -> None:
    with viewing(owner):
        run, result = Run.objects.get(), Result.objects.get()
        figures = list(Measurement.objects.values_list("metric", "subject"))
    assert (run.status, run.attempts, result.run_id) == ("done", attempts, run.pk)
    assert len(figures) == len(set(figures)) > 0


def kill_group(crew: Crew) -> None:
    """The whole worker: its main process, its pool and what they compute."""
    for process in crew._processes.values():
        os.killpg(process.pid, signal.SIGKILL)


def test_a_worker_killed_in_mid_run_is_inherited(lender, worker, preloaded):
    _things, run = due_run(lender, "drift")
    first = worker()
    until(lambda: ready(first), seconds=90, what="the worker is ready")
    ring(run)
    until(lambda: status(lender) == "running", seconds=30, what="the run is claimed")
    kill_group(first)
    assert status(lender) == "running"
    with acting(Actor.system("tests", lender.organisation_id), "test.time_passed"):
        RunLease.objects.update(expires_at=run.due_at)  # a minute passes
    second = worker()
    until(lambda: ready(second), seconds=90, what="the second worker is ready")
    ring(run), ring(run)
    until(lambda: status(lender) == "done", seconds=60, what="the run is answered")
    exactly_one_answer(lender, attempts=2)


def test_a_broker_killed_before_anybody_heard_loses_nothing(lender, worker, broker, settings, preloaded):
    _things, run = due_run(lender, "drift")
    ring(run)
    os.kill(int((Path(broker.home) / "valkey" / "valkey.pid").read_text()), signal.SIGKILL)
    ring_into_the_void(run, lender, settings)
    talk_to(broker.broker())
    only = worker()
    until(lambda: ready(only), seconds=90, what="the worker is ready")
    settings.SENIM_BELL = "tests.monitoring.runs.test_kill_worker.nobody"
    with acting(Actor.system("tests", lender.organisation_id), "test.time_passed"):
        RunLease.objects.update(rung_at=None)  # half a minute passes
    runs.catch_up(lender.organisation_id)
    until(lambda: status(lender) == "done", seconds=60, what="the run is answered")
    exactly_one_answer(lender, attempts=1)


def ring_into_the_void(run: Run, owner: Actor, settings) -> None:
    """A sweep while the broker is away: it says so in the log and nothing breaks."""
    settings.SENIM_BELL = "tests.monitoring.runs.test_kill_worker.nobody"
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        RunLease.objects.update(rung_at=None)
    runs.catch_up(owner.organisation_id)
    assert status(owner) == "due"


def nobody(organisation_id: object) -> None:
    """Stands for the sweep, which these tests do by hand."""
