"""Which runs are wanted: every current plan, each version that stands, over the newest data periods."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now

from governance.inventory.models import AIModel, ModelVersion
from monitoring.checks import CHECKS
from monitoring.data.models import Part, Window
from monitoring.runs.models import Plan, Run, RunLease

Newest = dict[tuple[UUID, str], Window]


@dataclass(frozen=True)
class Wanted:
    """One question to ask. `last` is the run that asked it before: each run has at most one successor."""

    plan: Plan
    version: ModelVersion
    window: Window
    reference: Window | None
    last: Run | None = None

    @property
    def check_version(self) -> str:
        return str(CHECKS[self.plan.check_key].version)

    @property
    def subject(self) -> tuple[object, ...]:
        reference_id = self.reference.pk if self.reference else None
        return self.plan.pk, self.version.pk, self.window.pk, reference_id, self.check_version

    @property
    def key(self) -> str:
        """Idempotency key: two sweeps that see the same state ask for the same run."""
        parts = [*self.subject, self.last.pk if self.last else None]
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()

    def is_due(self, now: datetime) -> bool:
        """Never asked, or asked so long ago that the plan wants it again."""
        if self.last is None:
            return True
        return self.last.is_finished and self.last.due_at + timedelta(days=self.plan.every_days) <= now

    def as_run(self, now: datetime) -> Run:
        return Run(
            organisation_id=self.plan.organisation_id,
            model_id=self.plan.model_id,
            plan=self.plan,
            version=self.version,
            window=self.window,
            reference=self.reference,
            check_key=self.plan.check_key,
            check_version=self.check_version,
            key=self.key,
            due_at=now,
        )


def wanted(models: Iterable[AIModel]) -> list[Wanted]:
    """Every question that these models' plans can ask of their data today, with the run that asked it last."""
    plans = list(Plan.objects.filter(model__in=models, ended_at=None).order_by("check_key", "pk"))
    versions: dict[UUID, list[ModelVersion]] = {}
    for version in ModelVersion.objects.filter(model__in=models, withdrawn_at=None).order_by("created_at"):
        versions.setdefault(version.model_id, []).append(version)
    newest = _newest(plans)
    asked = [
        each
        for plan in plans
        for version in versions.get(plan.model_id, [])
        for each in _ask(plan, version, newest)
    ]
    last = _last(plans)
    return [
        Wanted(each.plan, each.version, each.window, each.reference, last.get(each.subject)) for each in asked
    ]


def _ask(plan: Plan, version: ModelVersion, newest: Newest) -> list[Wanted]:
    """Nothing while the data that the check needs are not there yet."""
    check = CHECKS.get(plan.check_key)
    current = newest.get((plan.dataset_id, Part.CURRENT))
    if check is None or current is None:
        return []
    if "reference" not in check.needs:
        return [Wanted(plan, version, current, None)]
    reference = newest.get((plan.dataset_id, Part.REFERENCE))
    return [Wanted(plan, version, current, reference)] if reference else []


def _newest(plans: Sequence[Plan]) -> Newest:
    """The window handed in last, per dataset and part."""
    windows = Window.objects.standing().filter(dataset__in={plan.dataset_id for plan in plans})
    latest = windows.order_by("dataset_id", "part", "-uploaded_at").distinct("dataset_id", "part")
    return {(window.dataset_id, window.part): window for window in latest}


def _last(plans: Sequence[Plan]) -> dict[tuple[object, ...], Run]:
    subject = ("plan_id", "version_id", "window_id", "reference_id", "check_version")
    runs = Run.objects.filter(plan__in=plans).order_by(*subject, "-due_at", "-pk").distinct(*subject)
    return {tuple(getattr(run, name) for name in subject): run for run in runs}


def insert(questions: Sequence[Wanted], now: datetime) -> list[Run]:
    """Runs for these questions, each inserted once however many ask at the same time. Inside `acting`."""
    runs = Run.objects.bulk_create([each.as_run(now) for each in questions], ignore_conflicts=True)
    there = list(Run.objects.filter(key__in=[run.key for run in runs]))
    leases = [
        RunLease(organisation_id=run.organisation_id, run=run, fence=0, holder="", expires_at=Now())
        for run in there
    ]
    RunLease.objects.bulk_create(leases, ignore_conflicts=True)
    return there
