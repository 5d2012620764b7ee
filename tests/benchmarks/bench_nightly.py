"""What the checks of models cost in a worker that is warm: one model, and a night of a whole market on two cores."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connections
from django.test import override_settings
from django.utils import timezone

from governance import store
from governance.config.measuring import Figure
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data.models import Dataset
from monitoring.engines.preload import preload
from monitoring.runs import inserting, isolation, planning
from monitoring.runs import services as runs
from monitoring.runs.models import Result, Run, RunStatus
from tests import factories
from tests.benchmarks import watched
from tests.benchmarks.bench_explanation import EXPLAINED
from tests.benchmarks.ground import a_database_of_its_own

ROWS, SEEDS = 50_000, 4
MODELS, MARKET, CORES = 500, 10_000, 2
"""So many are run; the night of a market is that time, times as many as it has more."""


def bench_warm_worker() -> Iterator[Figure]:
    """Drift and fairness of one model of 50,000 rows, by the path that a worker takes: over the frozen baseline, and as a plan
    of rows does unless somebody chose, by Evidently's cells.

    The first data period freezes the reference, and what the model rests on in it; those that follow are what a night costs.
    """
    preload()
    frozen, evidently = _warm(watched.FROZEN), _warm({})
    yield Figure("first_drift_and_fairness_of_50k_rows", frozen[0], "s CPU")
    yield Figure("drift_and_fairness_of_50k_rows", min(frozen[1:]), "s CPU", goal=1.5)
    yield Figure("drift_and_fairness_of_50k_rows_aim", min(frozen[1:]), "s CPU", goal=0.7)
    yield Figure("drift_as_evidently_and_fairness_of_50k_rows", min(evidently[1:]), "s CPU")


def _warm(limits: dict[str, Any]) -> list[float]:
    """Seconds of a processor for each data period in turn."""
    with a_database_of_its_own("warm"), override_settings(SENIM_BELL=""):
        owner = factories.join(factories.found(1), "model_owner", email="owner@bank.example")
        files = watched.stored(owner, ROWS, SEEDS)
        datasets = watched.a_register(owner, 1, ROWS, files, drift=limits)
        return [_a_day(owner, datasets, files, day) for day in range(SEEDS)]


def bench_warm_worker_explains() -> Iterator[Figure]:
    """The same with a model's file: it decides, and 2,000 rows are explained, in the sandbox where this machine has one.

    By the clock on the wall, one run after the other, for nobody counts the processor seconds of what ran in the sandbox: waiting
    and the database are in it.
    """
    preload()
    with a_database_of_its_own("explains"), override_settings(SENIM_BELL=""):
        owner = factories.join(factories.found(1), "model_owner", email="owner@bank.example")
        files = watched.stored(owner, ROWS, SEEDS)
        datasets = watched.a_register(owner, 1, ROWS, files, watched.an_artefact(owner))
        isolation.standing()
        taken = [_a_day(owner, datasets, files, day, time.perf_counter) for day in range(SEEDS)]
        with viewing(owner):
            told = [
                store.read(each.organisation_id, each.sha256)
                for each in Result.objects.filter(run__check_key="explanation")
            ]
    explained = [json.loads(each)["rows"]["explained"] for each in told]
    if explained != [EXPLAINED] * SEEDS:
        raise RuntimeError(f"{explained} rows were explained")
    yield Figure("first_drift_fairness_and_explanation_of_50k_rows", taken[0], "s")
    yield Figure("drift_fairness_and_explanation_of_50k_rows", min(taken[1:]), "s", goal=8)


def bench_nightly() -> Iterator[Figure]:
    """A night of models of 50,000 rows on two cores; the second one, when every reference has been frozen."""
    preload()
    with a_database_of_its_own("nightly"), override_settings(SENIM_BELL=""):
        owner = factories.join(factories.found(1), "model_owner", email="owner@bank.example")
        files = watched.stored(owner, ROWS, SEEDS)
        datasets = watched.a_register(owner, MODELS, ROWS, files)
        nights = []
        for night in range(2):
            watched.a_night(owner, datasets, ROWS, files[night:], f"night {night}")
            nights.append(_both_cores(_asked(owner)))
        with viewing(owner):
            answered = Result.objects.filter(verdict__in=["passed", "amber", "failed", "uncertain"]).count()
    if answered != 2 * 2 * MODELS:
        raise RuntimeError(f"only {answered} runs have answered")
    hours = [seconds / MODELS * MARKET / 3600 for seconds in nights]
    yield Figure(f"night_of_{MODELS}_models_seconds", nights[1], "s")
    yield Figure("first_night_of_10000_models_extrapolated", hours[0], "h")
    yield Figure("night_of_10000_models_extrapolated", hours[1], "h", goal=3)
    yield Figure("night_of_10000_models_extrapolated_aim", hours[1], "h", goal=1)


def _asked(owner: Actor) -> list[UUID]:
    """What the schedule wants now, inserted."""
    clerk = Actor.system("checks clerk", owner.organisation_id)
    with viewing(clerk):
        due = [
            each
            for each in planning.wanted(list(AIModel.objects.registered()))
            if each.is_free and each.last is None
        ]
    with acting(clerk, "run.due"):
        inserting.insert(due, timezone.now())
    with viewing(clerk):
        return list(Run.objects.filter(status=RunStatus.DUE).values_list("pk", flat=True))


def _used() -> float:
    """Seconds of a processor: of this process and of the children in which it has measured."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in found)


def _a_day(
    owner: Actor,
    datasets: list[Dataset],
    files: list[store.Stored],
    day: int,
    clock: Callable[[], float] = _used,
) -> float:
    watched.a_night(owner, datasets, ROWS, [files[day]], f"day {day}")
    ids, before = _asked(owner), clock()
    for run_id in ids:
        runs.work(run_id)
    return clock() - before


def _both_cores(ids: Sequence[UUID]) -> float:
    """Seconds until every run has answered, half of them in each of two workers."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_work, args=(list(ids)[at::CORES],)) for at in range(CORES)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a worker broke")
    return time.perf_counter() - begun


def _work(ids: Sequence[UUID]) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    for run_id in ids:
        runs.work(run_id)
