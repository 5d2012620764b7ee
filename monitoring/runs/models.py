"""Checks that are planned, run and answered. PostgreSQL owns the truth of every run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.incidents.models import Incident
from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import Isolated, IsolatedQuerySet, Record
from monitoring.data.models import Dataset, Window
from monitoring.labels.models import Labels
from monitoring.runs.beside import Beside
from monitoring.runs.scheduled import Handled, Moved, Scheduled

FURTHEST_AHEAD = timedelta(minutes=2)
"""No lease or postponement reaches as far, only a blackout: else a clock has been set back since, and it is not waited for."""


class RunStatus(models.TextChoices):
    DUE = "due", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("could not run")
    CANCELLED = "cancelled", _("cancelled")


class Priority(models.IntegerChoices):
    """The lower, the sooner."""

    PERSON = 0, _("asked by a person")
    NEW_VERSION = 1, _("a new version")
    SCHEDULE = 2, _("on schedule")


class Plan(Scheduled, Record):
    """Which check runs over which data of a model, with which limits, who set them and why."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="plans")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="plans")
    check_key = models.CharField(_("check"), max_length=40)
    limits = models.JSONField(_("limits"))
    every_days = models.PositiveIntegerField(_("every, days"), default=30)
    reason = models.TextField(_("why these limits"))
    basis = models.JSONField(default=dict)
    """Of the proposal: edition, tier, autonomy and days unless a person chose the days, and `limits` (`Proposal.as_basis`)."""
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["check_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "dataset", "check_key"],
                condition=Q(ended_at=None),
                name="one_plan_of_a_check_is_current",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="plan_gives_a_reason_for_its_limits"),
        ]


class NotApplicable(Record):
    """Why a planned check is not asked of a model, accepted by the second line. Never on the side of passed."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="set_aside")
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-approved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "plan"],
                condition=Q(ended_at=None),
                name="a_plan_is_set_aside_for_one_reason",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_check_is_set_aside_with_a_reason"),
        ]


class RunQuerySet(IsolatedQuerySet):
    def unfinished(self) -> Self:
        return self.filter(status__in=[RunStatus.DUE, RunStatus.RUNNING])

    def over_withdrawn_data(self) -> Self:
        """Runs whose data period no longer stands."""
        return self.filter(
            Q(window__withdrawn_at__isnull=False)
            | Q(reference__withdrawn_at__isnull=False)
            | Q(labels__withdrawn_at__isnull=False)
        )

    def counting(self) -> Self:
        """Without what a person asked for and called off."""
        return self.exclude(status=RunStatus.CANCELLED, requested_by__isnull=False)

    def claimable(self, now: datetime | Now) -> Self:
        """Due, or running under a lease that died. now: of the database, as every time of a lease."""
        ahead = now + FURTHEST_AHEAD
        misdated = Q(due_at__gt=ahead, fence__gt=0) | Q(due_at__gt=ahead, asked_at__gt=ahead)
        dead = Q(lease__expires_at__lt=now) | Q(lease__expires_at__gt=ahead)
        due = Q(status=RunStatus.DUE) & (Q(due_at__lte=now) | misdated & ~Q(moved__has_key="held"))
        return self.filter(due | Q(status=RunStatus.RUNNING) & dead)


class Run(Moved, Record):
    """One check of one version over one window, answered exactly once.

    Its own transitions bear on no requirement, so they raise no revision; its result and its finding do.
    """

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="runs")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="runs")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")
    reference = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+", null=True)
    labels = models.ForeignKey(Labels, on_delete=models.PROTECT, related_name="+", null=True)
    """Outcomes that came after their data period; None for a check that reads none, and where none came."""
    check_key = models.CharField(max_length=40)
    check_version = models.CharField(max_length=12)
    key = models.CharField(max_length=64)
    """Idempotency key: SHA-256 over plan, version, windows, version of the check and the run that it follows."""
    scheduled_at = models.DateTimeField()
    """When it should have been asked: the first tick of its plan that no run had answered, moved by what was closed then."""
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """When a worker may take it up: at once, or later after an attempt that could not be made."""
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.SCHEDULE)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    """Who asked for it; None where the plan's schedule did."""
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="run_is_inserted_once")]
        indexes = [
            models.Index(fields=["organisation", "status", "due_at"], name="run_by_status"),
            models.Index(fields=["window", "version", "check_key"], name="run_by_question"),
            models.Index("organisation", condition=Q(status__in=["due", "running"]), name="run_unfinished"),
        ]

    @property
    def is_finished(self) -> bool:
        return self.status not in (RunStatus.DUE, RunStatus.RUNNING)

    @property
    def is_scheduled(self) -> bool:
        return self.requested_by_id is None

    @property
    def counts(self) -> bool:
        """Whether the schedule has had its turn: what a person asked for and called off changes no tick."""
        return self.status != RunStatus.CANCELLED or self.is_scheduled


class RunLease(Isolated):
    """Who works on a run at the moment, how far they are, and until when they are believed to live."""

    recorded = False

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="lease")
    fence = models.BigIntegerField()
    holder = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    progress = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=40, blank=True)
    rung_at = models.DateTimeField(null=True)
    """When the bell was last rung for this run; it is not rung again at every sweep."""
    late = models.PositiveIntegerField(default=0, db_default=0)
    """Renewals and answers of earlier holders that came after the run had passed on: refused by the fence."""


class Result(Beside, Record):
    """The answer of a run; unique, so a second delivery changes nothing."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="result")
    verdict = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    """Of the canonical JSON in the store: inputs, method, seed, library versions, all figures."""
    libraries = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)


class Measurement(Record):
    """One figure of a result with its n and, where there is one, its 95 % interval."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="measurements")
    metric = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.BigIntegerField()
    unit = models.CharField(max_length=24, blank=True)
    limit = models.FloatField(null=True)
    verdict = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "result", "metric", "subject"], name="a_figure_is_measured_once"
            )
        ]

    @property
    def digits(self) -> int:
        """How many places after the point are worth reading: rows are counted whole."""
        return 0 if self.unit in ("rows", "messages") else 3


class FindingKind(models.TextChoices):
    CHECK = "check", _("a check found something")
    NOT_RUN = "not_run", _("a check gave no answer")
    TICK_MISSED = "tick_missed", _("a check is late")
    WINDOW_MISSING = "window_missing", _("a data period has not arrived")
    DECLARED = "declared", _("declared figures differ")
    WINDOW_LATE = "window_late", _("a data period came late")
    WINDOW_REPEATED = "window_repeated", _("rows of a data period are repeated")
    WINDOW_COPIED = "window_copied", _("a data period is a copy of another")
    WINDOW_BACKDATED = "window_backdated", _("a data period is dated back")
    WINDOW_UNREAD = "window_unread", _("a data period could not be looked through")


class FindingQuerySet(IsolatedQuerySet):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Finding(Handled, Record):
    """Something that monitoring found wrong, or could not find out: never silence. It is closed with a cause, never deleted."""

    bears_on = "model_id"
    churning = ("seen_at",)

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(_("kind"), max_length=16, choices=FindingKind)
    key = models.CharField(max_length=240)
    """What it is about; while it is open, the same thing found again is this finding."""
    severity = models.CharField(
        _("severity"), max_length=8, choices=[("amber", _("amber")), ("red", _("red"))]
    )
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+", null=True)
    check_key = models.CharField(max_length=40, blank=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+", null=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="findings", null=True)
    """The run that found it last."""
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="findings", null=True)
    summary = models.JSONField(default=dict)
    """Key of the sentence that says what was found, and its parameters."""
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closing = models.JSONField(default=dict)
    """Why it was closed: {"cause": key, …}; empty while it is open."""

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"],
                condition=Q(closed_at=None),
                name="one_finding_of_a_thing_is_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing={}) | (~Q(closed_at=None) & ~Q(closing={})),
                name="a_finding_is_closed_with_a_cause",
            ),
        ]
