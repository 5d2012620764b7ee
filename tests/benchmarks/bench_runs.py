"""How fast ten thousand checks that became due together are on their way, and what workers take while nothing is due."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from governance.config import sweep
from governance.config.crew import Crew
from governance.config.embedded import roles
from governance.config.env import broker_url, env
from governance.config.measuring import Figure
from governance.config.processes import programs
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals.models import Arrival
from monitoring.data.models import Dataset, Window
from monitoring.runs import inserting, planning
from monitoring.runs import services as runs
from monitoring.runs.models import Plan, Run, RunLease, RunStatus
from tests import factories
from tests.benchmarks.ground import a_database_of_its_own
from tests.monitoring.loans import OF_ROWS

MODELS = 2_500
ASKED = list(OF_ROWS)[:4]
RUNS = MODELS * len(ASKED)
SWEEPS = 4
"""After so many nothing is left that one sweep writes for the next."""
IDLE_SECONDS = 60.0
READY_WITHIN = 180.0
SETTLED_AFTER = 60.0
"""Each process plans everything once after its start."""
TICKS = os.sysconf("SC_CLK_TCK")


def bench_runs() -> Iterator[Figure]:
    """Every line of 2,500 models and four checks becomes due at one moment, in one organisation: the worst for a sweep."""
    with a_database_of_its_own("runs"), override_settings(SENIM_BELL=""):
        owner = factories.join(factories.found(1), "model_owner", email="owner@bank.example")
        a_register(owner)
        clerk, now = Actor.system("checks clerk", owner.organisation_id), timezone.now()
        begun = time.perf_counter()
        with viewing(clerk):
            due = [each for each in planning.wanted(list(AIModel.objects.registered())) if each.is_due(now)]
        yield Figure(f"finding_{RUNS}_due_runs", time.perf_counter() - begun, "s")
        begun = time.perf_counter()
        with acting(clerk, "run.due"):
            inserting.insert(due, now)
        yield Figure(f"inserting_{RUNS}_due_runs", time.perf_counter() - begun, "s", goal=5)
        assert owner.organisation_id is not None
        runs.catch_up(owner.organisation_id)
        with viewing(clerk):
            there, rung = Run.objects.count(), RunLease.objects.exclude(rung_at=None).count()
        if there != RUNS:
            raise RuntimeError(f"{there} runs were inserted")
        yield Figure(f"bells_for_{RUNS}_due_runs", rung, "bells", goal=settings.SENIM_RUN_SLOTS)


def bench_runs_idle() -> Iterator[Figure]:
    """All workers and the clock over the same register, every check of it answered and nothing due, after they have settled."""
    with a_database_of_its_own("idle"), tempfile.TemporaryDirectory(prefix="senim-bench-") as folder:
        owner = factories.join(factories.found(1), "model_owner", email="owner@bank.example")
        a_register(owner)
        everything_is_answered(owner)
        crew = a_crew(Path(folder))
        try:
            until_ready(crew)
            time.sleep(SETTLED_AFTER)
            before = processor_seconds(crew)
            time.sleep(IDLE_SECONDS)
            used = processor_seconds(crew) - before
        finally:
            crew.stop()
        yield Figure(
            f"idle_workers_and_beat_over_{RUNS}_checks", 100 * used / IDLE_SECONDS, "% of a core", goal=2
        )


def everything_is_answered(owner: Actor) -> None:
    """What follows from it is computed as well, so that the workers find nothing to do."""
    assert owner.organisation_id is not None
    with override_settings(SENIM_BELL=""):
        sweep.catch_up(owner.organisation_id)
        with acting(Actor.system("checks clerk", owner.organisation_id), "bench.arranged"):
            now = timezone.now()
            Run.objects.update(status=RunStatus.DONE, started_at=now, finished_at=now)
            Arrival.objects.update(looked_at=now)
        for _ in range(SWEEPS):
            sweep.catch_up(owner.organisation_id)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def a_crew(home: Path) -> Crew:
    told = {
        "SENIM_DATABASE_URL": env().servers.database().url(roles.RUNTIME, "senim_bench_idle"),
        "SENIM_BROKER_URL": broker_url(),
        "SENIM_HOME": str(env().home),
    }
    (home / "beat").mkdir()
    without_web = [each for each in programs(home=home, port=1) if each.name != "web"]
    crew = Crew(
        [type(each)(each.name, each.command, {**each.environment, **told}) for each in without_web],
        logs=home / "log",
    )
    crew.start()
    return crew


def until_ready(crew: Crew) -> None:
    end = time.monotonic() + READY_WITHIN
    while not all(
        crew.log(name).exists() and " ready." in crew.log(name).read_text(errors="replace")
        for name in ("default", "checks", "outside")
    ):
        if time.monotonic() > end:
            raise RuntimeError("the workers did not start")
        time.sleep(0.2)


def processor_seconds(crew: Crew) -> float:
    """What all processes of the crew have used so far: each program leads a group of its own."""
    groups = {process.pid for process in crew._processes.values()}
    used = 0
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = each.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        if int(after_name[2]) in groups:
            used += int(after_name[11]) + int(after_name[12])
    return used / TICKS


def a_register(owner: Actor) -> None:
    """Models with a version, a dataset, two data periods and four checks planned; files are not there and not looked at."""
    long_ago = timezone.now() - timedelta(days=1)
    of: dict[str, Any] = {"organisation_id": owner.organisation_id}
    with acting(factories.REGISTER, "bench.arranged"):
        models = AIModel.objects.bulk_create(
            AIModel(
                **of, owner_id=owner.user_id, number=f"M-{n:05d}", name=f"Model {n:05d}", status="registered",
                registered_at=long_ago,
            )
            for n in range(MODELS)
        )  # fmt: skip
        ModelVersion.objects.bulk_create(
            ModelVersion(
                **of, model=each, label="1", digest=f"{n:064x}", created_by_id=owner.user_id,
            )
            for n, each in enumerate(models)
        )  # fmt: skip
        datasets = Dataset.objects.bulk_create(
            Dataset(
                **of, model=each, name="Applications", features=["income"], sensitive=["race"], label="label",
                prediction="answer", described_by_id=owner.user_id,
            )
            for each in models
        )  # fmt: skip
        Window.objects.bulk_create(
            Window(
                **of, model_id=each.model_id, dataset=each, name=part, part=part, sha256="0" * 64, size=1, rows=1,
                columns=[], source_name="rows.csv", source_sha256="0" * 64, uploaded_by_id=owner.user_id,
                acceptance="first" if part == "reference" else "",
            )
            for each in datasets
            for part in ("reference", "current")
        )  # fmt: skip
        Plan.objects.bulk_create(
            Plan(
                **of, model_id=each.model_id, dataset=each, check_key=key, limits=OF_ROWS[key].default_limits,
                reason="convention", set_by_id=owner.user_id,
            )
            for each in datasets
            for key in ASKED
        )  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
