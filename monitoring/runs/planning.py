"""Which runs are wanted: every current plan, each version that stands, over the data periods handed in.

The newest data period is asked about again and again; each other one once, of the versions that stood when it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.obligations.models import Evidence
from monitoring.blackouts.queries import Closures, closures_of
from monitoring.checks import CHECKS
from monitoring.data import periods, references
from monitoring.data.models import Part, Window
from monitoring.labels.models import Labels
from monitoring.labels.queries import newest as newest_labels
from monitoring.runs import plans as rules
from monitoring.runs import ticks, tiers
from monitoring.runs.models import Plan, Priority, Run, RunStatus
from monitoring.runs.moving import Clock, Moment

SOURCE = "plan:"
"""Of evidence that runs of a plan gave, followed by the id of the plan."""
REMEMBERED = timedelta(days=400)
"""So old a tick may be and still be held against what was closed then."""
Newest = dict[tuple[UUID, str], Window]
Line = tuple[UUID, UUID]
"""A plan and a version: one question that is asked over changing data periods."""


@dataclass(frozen=True)
class Wanted:
    """One question to ask. `last` is the run that asked exactly this before: each run has at most one successor.

    anchor: the run that its line was asked by last, from which the next tick is counted. repeats: False for a data period
    that is not the newest. closures: what its organisation has closed. lapses_on: the last day of the evidence that it gave.
    """

    plan: Plan
    version: ModelVersion
    window: Window
    reference: Window | None
    labels: Labels | None = None
    last: Run | None = None
    anchor: Run | None = None
    repeats: bool = True
    closures: Closures = ()
    lapses_on: date | None = None

    @property
    def check_version(self) -> str:
        return str(CHECKS[self.plan.check_key].version)

    @property
    def subject(self) -> tuple[object, ...]:
        reference_id = self.reference.pk if self.reference else None
        labels_id = self.labels.pk if self.labels else None
        return self.plan.pk, self.version.pk, self.window.pk, reference_id, labels_id, self.check_version

    @property
    def line(self) -> Line:
        return self.plan.pk, self.version.pk

    @property
    def key(self) -> str:
        """Idempotency key: two sweeps that see the same state ask for the same run."""
        parts = [*self.subject, self.last.pk if self.last else None]
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()

    @property
    def _priority(self) -> Priority:
        """What nobody has asked of this version yet comes before what is asked once more."""
        is_new = self.repeats and self.last is None and self.anchor is None
        return Priority.NEW_VERSION if is_new else Priority.SCHEDULE

    @property
    def is_free(self) -> bool:
        """Nobody is answering this at the moment."""
        return self.last is None or (self.repeats and self.last.is_finished)

    def moment(self, now: datetime) -> Moment:
        """When it is asked, and what moved that away from the tick of its plan."""
        before = self._before
        clock = clock_of(self.plan, self.closures)
        if self.last is None or before is None:
            # Free days are for ticks that come again: what came in on a Saturday is looked at on that Saturday.
            at_once = replace(clock, schedule=replace(clock.schedule, working_days_only=False))
            return at_once.next_moment(self._first(now), now, may_skip=False)
        tick = ticks.next_tick(before.grid, before.finished_at or before.asked_at, self.plan.every_days)
        moment = clock.next_moment(tick, now, may_skip=True)
        if self.lapses_on is None:
            return moment
        return clock.renewal(moment, self.lapses_on, before.asked_at, before.grid, now)

    @property
    def _before(self) -> Run | None:
        return self.anchor or (self.last if self.last and self.last.counts else None)

    def _first(self, now: datetime) -> datetime:
        """Since when there is something to ask that nobody has asked."""
        told = [self.plan.set_at, self.version.created_at, self.window.uploaded_at]
        told += [references.counts_since(self.reference)] if self.reference else []
        told += [self.labels.uploaded_at] if self.labels else []
        told += [self.plan.model.registered_at] if self.plan.model.registered_at else []
        return now if self._is_asked_otherwise(max(told)) else max(told)

    def _is_asked_otherwise(self, known_since: datetime) -> bool:
        """Whether the same data were asked about before, by an older edition of the check or against another reference."""
        return (
            self.anchor is not None
            and self.anchor.window_id == self.window.pk
            and self.anchor.asked_at >= known_since
        )

    def is_due(self, now: datetime) -> bool:
        return self.is_free and self.moment(now).is_due(now)

    def as_row(self, now: datetime, requested_by: UUID | None = None) -> dict[str, object]:
        """The run that asks it, as a row: instances of the model would take longer than the database does."""
        moment = self.moment(now)
        return {
            "organisation_id": self.plan.organisation_id,
            "model_id": self.plan.model_id,
            "plan_id": self.plan.pk,
            "version_id": self.version.pk,
            "window_id": self.window.pk,
            "reference_id": self.reference.pk if self.reference else None,
            "labels_id": self.labels.pk if self.labels else None,
            "check_key": self.plan.check_key,
            "check_version": self.check_version,
            "key": self.key,
            "priority": Priority.PERSON if requested_by else self._priority,
            "requested_by_id": requested_by,
            "scheduled_at": min(moment.should, now),
            "tick_at": None if moment.tick == moment.should else min(moment.tick, now),
            "moved": {} if requested_by else moment.moved,
            "asked_at": now,
            "due_at": now,
            "status": RunStatus.DUE,
            "attempts": 0,
            "fence": 0,
            "error": "",
        }


@dataclass(frozen=True)
class Planned:
    """What the standing plans of models ask today, beside what that follows from. versions: by model, the oldest first."""

    wanted: list[Wanted]
    plans: Sequence[Plan]
    versions: Mapping[UUID, Sequence[ModelVersion]]
    newest: Newest


def wanted(models: Iterable[AIModel]) -> list[Wanted]:
    """Every question that these models' plans can ask today, with the run that asked it last."""
    return planned(models).wanted


def planned(models: Iterable[AIModel]) -> Planned:
    standing = Plan.objects.filter(model__in=models, ended_at=None).select_related("model", "dataset")
    plans = list(standing.order_by("check_key", "pk"))
    versions: dict[UUID, list[ModelVersion]] = {}
    for version in ModelVersion.objects.filter(model__in=models, withdrawn_at=None).order_by("created_at"):
        versions.setdefault(version.model_id, []).append(version)
    newest = _newest(plans)
    labels = newest_labels(window.pk for window in newest.values())
    asked = [
        Wanted(plan, version, current, reference, _labels(plan, current, labels))
        for plan in plans
        for version in versions.get(plan.model_id, [])
        for current, reference in _data(plan, newest)
    ]
    last, anchors = _last(plans, newest), _anchors(plans, newest)
    closed = closures_of({plan.organisation_id for plan in plans}, timezone.now() - REMEMBERED)
    until = _lapses(plans) if anchors else {}
    known = [
        replace(
            each, last=last.get(each.subject), anchor=anchors.get(each.line), lapses_on=until.get(each.line)
        )
        for each in asked
    ]
    questions = [
        replace(each, closures=closed.get(each.plan.organisation_id, ()))
        for each in known + _unasked(plans, versions, newest)
    ]
    return Planned(questions, plans, versions, newest)


def clock_of(plan: Plan, closures: Closures) -> Clock:
    return Clock(plan.every_days, plan.schedule, closures, tiers.tolerance())


def _lapses(plans: Sequence[Plan]) -> dict[Line, date]:
    """The last day on which what each line answered last counts as evidence."""
    renewed = {str(plan.pk): plan.pk for plan in plans if plan.renew_days}
    standing = Evidence.objects.standing().filter(source__in=[f"{SOURCE}{key}" for key in renewed])
    latest = standing.order_by("source", "version_id", "-taken_at").distinct("source", "version_id")
    return {
        (renewed[row.source.removeprefix(SOURCE)], row.version_id): row.valid_until
        for row in latest.only("source", "version_id", "valid_until", "taken_at")
        if row.version_id is not None and row.valid_until is not None
    }


def _labels(plan: Plan, window: Window, labels: Mapping[UUID, Labels]) -> Labels | None:
    """The outcomes that came later are part of the question only of a check that reads them."""
    check = CHECKS.get(plan.check_key)
    return labels.get(window.pk) if check is not None and check.reads_labels else None


def lacks(plan: Plan, newest: Newest) -> str:
    """What keeps a plan from being asked of any version; "" where nothing does."""
    there = [part for part in Part if (plan.dataset_id, part) in newest]
    return rules.waits_for(CHECKS.get(plan.check_key), plan.dataset, there)


def _data(plan: Plan, newest: Newest, window: Window | None = None) -> list[tuple[Window, Window | None]]:
    """The data that a check would look at, or nothing while what it needs is not there yet."""
    if lacks(plan, newest):
        return []
    check = CHECKS[plan.check_key]
    compares = check.takes_reference or "reference" in check.needs
    reference = newest.get((plan.dataset_id, Part.REFERENCE)) if compares else None
    return [(window or newest[plan.dataset_id, Part.CURRENT], reference)]


def _newest(plans: Sequence[Plan]) -> Newest:
    """Per dataset and part: the latest current period, and the reference that counts."""
    datasets = {plan.dataset_id for plan in plans}
    there = Window.objects.standing().filter(dataset__in=datasets, part=Part.CURRENT)
    latest = list(periods.latest_first(there, "dataset_id").distinct("dataset_id"))
    both = [*latest, *references.of_datasets(datasets).values()]
    return {(window.dataset_id, window.part): window for window in both}


def _unasked(plans: Sequence[Plan], versions: dict[UUID, list[ModelVersion]], newest: Newest) -> list[Wanted]:
    """Older data periods that nobody was asked about, of each version that stood when they came; or not since labels came."""
    by_plan = {plan.pk: plan for plan in plans}
    by_version = {version.pk: version for each in versions.values() for version in each}
    older = (
        Window.objects.standing()
        .filter(part=Part.CURRENT, dataset__plans__in=by_plan)
        .exclude(pk__in=[window.pk for window in newest.values()])
        .annotate(asks=F("dataset__plans"), check=F("dataset__plans__check_key"))
        .annotate(of=F("model__versions"), stood_since=F("model__versions__created_at"))
        .filter(of__in=by_version, uploaded_at__gte=F("stood_since"))
    )
    runs = Run.objects.filter(window=OuterRef("pk"), version=OuterRef("of"), check_key=OuterRef("check"))
    unread = Q(check__in=_reading_labels(), latest__isnull=False) & ~Exists(
        runs.filter(labels=OuterRef("latest"))
    )
    asked = list(
        older.annotate(latest=_latest_labels()).filter(~Exists(runs) | unread).order_by("uploaded_at")
    )
    labels = newest_labels(window.pk for window in asked)
    return [
        Wanted(plan, by_version[window.of], current, reference, _labels(plan, current, labels), repeats=False)
        for window in asked
        for plan in [by_plan[window.asks]]
        for current, reference in _data(plan, newest, window)
    ]


def _reading_labels() -> list[str]:
    return [key for key, check in CHECKS.items() if check.reads_labels]


def _latest_labels() -> Subquery:
    """The labels of a data period that count today, in a query over data periods."""
    there = Labels.objects.standing().filter(window=OuterRef("pk")).order_by("-number")
    return Subquery(there.values("pk")[:1])


def _last(plans: Sequence[Plan], newest: Newest) -> dict[tuple[object, ...], Run]:
    subject = ("plan_id", "version_id", "window_id", "reference_id", "labels_id", "check_version")
    runs = Run.objects.filter(plan__in=plans, window__in=[each.pk for each in newest.values()])
    latest = runs.order_by(*subject, "-asked_at", "-pk").distinct(*subject)
    return {tuple(getattr(run, name) for name in subject): run for run in latest}


def _anchors(plans: Sequence[Plan], newest: Newest) -> dict[Line, Run]:
    """The run that each line was asked by last over its newest data period, or over one withdrawn since."""
    counting = Q(window__in=[each.pk for each in newest.values()]) | Q(window__withdrawn_at__isnull=False)
    runs = Run.objects.filter(counting, plan__in=plans).counting()
    latest = runs.order_by("plan_id", "version_id", "-asked_at", "-pk").distinct("plan_id", "version_id")
    return {(run.plan_id, run.version_id): run for run in latest}
