"""The disk of the store is full when a run has its answer: the run waits for room, and is then answered once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from governance.config.embedded import roles
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs.models import Result, Run
from monitoring.runs.words import cause
from tests.ground import CHECKOUT
from tests.monitoring.runs.conftest import due_run

pytestmark = [pytest.mark.slow, pytest.mark.commits]


@pytest.fixture
def cramped(committing, cluster, home):
    """Starts a worker whose store is full; see cramped.py."""
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "governance.config.settings",
        "SENIM_HOME": str(home),
        "SENIM_DATABASE_URL": cluster.url(roles.RUNTIME, committing),
        "SENIM_BROKER_URL": f"redis+socket://{home}/nobody.sock",
        "OMP_NUM_THREADS": "1",
    }
    started: list[subprocess.Popen[str]] = []

    def start(run: Run) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.monitoring.runs.cramped", str(run.pk)],
            cwd=CHECKOUT,
            env=surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


def has_tried(worker: subprocess.Popen[str]) -> bool:
    assert worker.stdout is not None
    return worker.stdout.readline() == "tried\n"


def test_a_run_waits_for_room_and_is_answered_once(lender, preloaded, cramped):
    _things, run = due_run(lender, "fairness")
    worker = cramped(run)
    assert has_tried(worker)
    with viewing(lender):
        waiting = Run.objects.get()
        assert not Result.objects.exists()
    assert (waiting.status, waiting.attempts) == ("due", 0), (
        "no attempt is counted that the machine had no room for"
    )
    assert waiting.error in ("ENOSPC", "EFBIG") and "disk" in cause("ENOSPC")
    assert waiting.due_at > timezone.now()

    with acting(Actor.system("tests", lender.organisation_id), "test.time_passed"):
        Run.objects.update(due_at=timezone.now())
    assert worker.stdin is not None
    worker.stdin.write("there is room\n")
    worker.stdin.flush()
    assert has_tried(worker)
    with viewing(lender):
        answered = Run.objects.get()
        assert Result.objects.count() == 1
    assert (answered.status, answered.attempts, answered.fence, answered.error) == ("done", 1, 2, "")
