"""What PostgreSQL knows of the runs afterwards. Nothing else is asked: no log, no broker, no file."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from governance.obligations.models import Evidence
from monitoring.arrivals.models import Arrival
from monitoring.data import periods
from monitoring.data.models import Window
from monitoring.recomputing.models import Recomputation
from monitoring.runs.models import Finding, Measurement, Plan, Result, Run, RunLease


@dataclass(frozen=True)
class Judgement:
    """lost, double, stuck: what must be empty. given_up: runs that ended with a red finding instead of an answer: none must.

    stuck: also errands without an answer, and data periods that were not looked through. again: recomputations with one.
    """

    due: int
    scheduled: int
    finished: int
    given_up: int
    again: int
    refused: int
    seconds: float
    lost: list[object]
    double: list[object]
    stuck: list[object]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.double or self.stuck or self.given_up)


def judge(asked: Iterable[object], again: Iterable[object]) -> Judgement:
    """asked, again: ids of the runs and the recomputations that somebody was told of. Inside `viewing`."""
    there = {run.pk: run for run in Run.objects.all()}
    results = Counter(Result.objects.values_list("run_id", flat=True))
    done = [run for run in there.values() if run.status == "done"]
    failed = [run for run in there.values() if run.status == "failed"]
    told = set(Finding.objects.filter(kind="not_run", severity="red").values_list("run_id", flat=True))
    lost: list[object] = [pk for pk in asked if pk not in there]
    lost += [run.pk for run in done if not results[run.pk]]
    lost += [run.pk for run in failed if run.pk not in told]
    lost += _never_asked()
    errands = {each.pk: each for each in Recomputation.objects.all()}
    lost += [pk for pk in again if pk not in errands]
    stuck: list[object] = [
        (run.check_key, run.status, run.error) for run in there.values() if not run.is_finished
    ]
    stuck += [("again", each.status, each.error) for each in errands.values() if each.status != "done"]
    unseen = Arrival.objects.exclude(error="", looked_at__isnull=False)
    stuck += unseen.values_list("window__name", "error")
    taken = [(run.finished_at - run.started_at).total_seconds() for run in done]
    return Judgement(
        due=len(there),
        scheduled=sum(run.requested_by_id is None for run in there.values()),
        finished=len(done),
        given_up=len(failed),
        again=sum(each.status == "done" for each in errands.values()),
        refused=RunLease.objects.aggregate(late=Sum("late"))["late"] or 0,
        seconds=statistics.median(taken) if taken else 0.0,
        lost=lost,
        double=[run_id for run_id, times in results.items() if times > 1] + _double() + _contradicting(),
        stuck=stuck,
    )


def _never_asked() -> list[object]:
    """Checks that nobody was told of, because the schedule should have asked them: of the latest data period, by each plan."""
    never: list[object] = []
    for plan in Plan.objects.filter(ended_at=None):
        windows = Window.objects.standing().filter(dataset_id=plan.dataset_id, part="current")
        latest = periods.latest_first(windows).first()
        if latest and not Run.objects.filter(plan=plan, window=latest).exists():
            never.append((plan.check_key, latest.name))
    return never


def _double() -> list[object]:
    """Runs, figures, pieces of evidence and open findings that stand there more than once."""
    evidence = Evidence.objects.filter(source__startswith="plan:")
    rows: list[Iterable[object]] = [
        Run.objects.values_list("key"),
        Measurement.objects.values_list("result_id", "metric", "subject"),
        evidence.values_list("source", "source_id"),
        Finding.objects.open().values_list("key"),
    ]
    return [row for each in rows for row, times in Counter(each).items() if times > 1]


def _contradicting() -> list[object]:
    """Questions that were answered twice and differently: the same question has the same answer, to the byte."""
    digests: dict[object, set[str]] = {}
    for result in Result.objects.select_related("run"):
        run = result.run
        subject = (run.plan_id, run.version_id, run.window_id, run.reference_id)
        digests.setdefault(subject, set()).add(result.sha256)
    others = Recomputation.objects.filter(status="done").exclude(outcome="equal").values_list("pk", "outcome")
    return [subject for subject, found in digests.items() if len(found) > 1] + list(others)
