"""What happens while a model runs: incidents with their clocks, suspensions, oversight, objections and drills."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals.models import Authorisation, Decision
from governance.incidents.kinds import (
    Addressee,
    DrillKind,
    Ground,
    IncidentKind,
    IncidentStatus,
    Outcome,
    OversightKind,
    OversightSource,
    Severity,
    Source,
)
from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import Isolated, IsolatedQuerySet


def person() -> models.ForeignKey[Any, Any]:
    """Who did it. Null for a part of Senim; an officer of the supervisor is a row that participants do not see."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)


class IncidentQuerySet(IsolatedQuerySet):
    def open(self) -> Self:
        return self.exclude(status=IncidentStatus.CLOSED)


class Incident(Isolated):
    """Something went wrong with a model, from the moment it was seen until it is closed with cause and measures."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="incidents")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    number = models.CharField(_("number"), max_length=12, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=IncidentKind)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what happened"), blank=True)
    source = models.CharField(_("noticed by"), max_length=12, choices=Source, default=Source.PERSON)
    source_key = models.CharField(max_length=200, blank=True)
    summary = models.JSONField(default=dict)
    """Of an incident that a part of Senim opened: `key` and `params` of the sentence that tells it (telling.py)."""
    detected_at = models.DateTimeField(_("noticed"))
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = person()
    status = models.CharField(max_length=12, choices=IncidentStatus, default=IncidentStatus.OPEN)
    contained_at = models.DateTimeField(null=True)
    contained_by = person()
    containment = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = person()
    cause = models.TextField(_("cause"), blank=True)
    measures = models.TextField(_("measures"), blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-detected_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="incident_number_is_unique_in_its_organisation"
            ),
            models.UniqueConstraint(
                fields=["organisation", "source", "source_key"],
                condition=~Q(source_key=""),
                name="incident_of_a_source_is_opened_once",
            ),
            models.CheckConstraint(
                condition=~Q(status=IncidentStatus.CLOSED)
                | (Q(closed_at__isnull=False) & ~Q(cause="") & ~Q(measures="")),
                name="incident_is_closed_with_cause_and_measures",
            ),
            models.CheckConstraint(
                condition=Q(detected_at__lte=F("opened_at")), name="incident_is_noticed_before_it_is_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_closed(self) -> bool:
        return self.status == IncidentStatus.CLOSED


class NoticeQuerySet(IsolatedQuerySet):
    def owed(self) -> Self:
        return self.filter(sent_at=None)


class Notice(Isolated):
    """Somebody outside has to be told of an incident. `terms` says by whose clock: a law's, or a rule of the house."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notices")
    addressee = models.CharField(_("to whom"), max_length=24, choices=Addressee)
    clock = models.CharField(max_length=60)
    terms = models.JSONField()
    """The clock as it stood in clocks.yaml when the notice fell due (clocks.Clock.terms)."""
    due_at = models.DateTimeField(_("due"))
    reminded_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_by = person()
    text = models.TextField(_("what was told"), blank=True)
    reference = models.CharField(_("their reference"), max_length=120, blank=True)

    churning = ("reminded_at",)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "incident", "clock"], name="a_clock_of_an_incident_runs_once"
            ),
            models.CheckConstraint(condition=Q(sent_at=None) | ~Q(text=""), name="a_sent_notice_has_a_text"),
        ]

    def is_overdue(self, now: datetime) -> bool:
        return self.sent_at is None and now > self.due_at


class SuspensionOrder(Isolated):
    """A permission was stopped: by whom, why, and which decision lifted it."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="suspensions")
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="suspensions")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="suspensions", null=True)
    ordered_by = person()
    authority = models.JSONField(default=dict)
    """Names of the supervisor in kk, ru and en where its officer ordered it; {} for an order of the participant's own."""
    is_emergency = models.BooleanField(default=False)
    reason = models.TextField(_("reason"))
    ordered_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True)
    """When the supervisor agreed that the participant's committee may decide on a lift."""
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)

    class Meta:
        ordering = ["-ordered_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="suspension_gives_a_reason")]

    @property
    def is_standing(self) -> bool:
        return self.lifted_at is None

    @property
    def awaits_release(self) -> bool:
        return bool(self.authority) and self.released_at is None and self.lifted_at is None


class OversightEvent(Isolated):
    """A person stepped in: what they did, when, and on which decision of the model."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="oversight")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="oversight", null=True)
    kind = models.CharField(_("what happened"), max_length=12, choices=OversightKind)
    at = models.DateTimeField(_("when"))
    decision_reference = models.CharField(_("which decision"), max_length=120, blank=True)
    operator = models.CharField(_("who stepped in"), max_length=120)
    done = models.TextField(_("what was done"))
    source = models.CharField(max_length=8, choices=OversightSource, default=OversightSource.PERSON)
    source_key = models.CharField(max_length=120, blank=True)
    recorded_by = person()
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["organisation", "model", "-at"], name="oversight_of_model_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "source_key"],
                condition=~Q(source_key=""),
                name="oversight_event_of_a_source_is_recorded_once",
            ),
            models.CheckConstraint(condition=~Q(done=""), name="oversight_says_what_was_done"),
        ]


class ObjectionQuerySet(IsolatedQuerySet):
    def owed(self) -> Self:
        return self.filter(answered_at=None)


class Objection(Isolated):
    """A person objects to a decision. Only references stand here: who they are stays in the participant's own files."""

    withheld = ("answer",)
    churning = ("reminded_at",)

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="objections")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    reference = models.CharField(_("reference of the objection"), max_length=60)
    decision_reference = models.CharField(_("reference of the decision"), max_length=120, blank=True)
    ground = models.CharField(_("what the person says"), max_length=16, choices=Ground)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"))
    terms = models.JSONField()
    recorded_by = person()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = person()
    outcome = models.CharField(
        _("outcome"),
        max_length=12,
        blank=True,
        choices=[
            ("upheld", _("the decision was changed")),
            ("partly", _("the decision was changed in part")),
            ("rejected", _("the decision stands")),
        ],
    )
    answer = models.TextField(_("what was answered"), blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "reference"], name="objection_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | (~Q(outcome="") & ~Q(answer="")),
                name="an_answered_objection_has_an_outcome_and_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("received_at")),
                name="objection_is_answered_after_it_was_received",
            ),
        ]

    def is_overdue(self, now: datetime) -> bool:
        return self.answered_at is None and now > self.due_at


class Drill(Isolated):
    """Somebody tried whether the stop, the fallback or the way of an incident works, and how long it took."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="drills")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("what was tried"), max_length=12, choices=DrillKind)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    target_seconds = models.PositiveIntegerField(_("allowed, in seconds"), null=True, blank=True)
    worked = models.BooleanField(_("it worked"), null=True)
    findings = models.TextField(_("what was seen"), blank=True)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    led_by = person()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="drill_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (Q(worked__isnull=False) & ~Q(findings="")),
                name="an_ended_drill_says_whether_it_worked",
            ),
            models.UniqueConstraint(
                fields=["organisation", "model", "source_key"],
                condition=~Q(source_key=""),
                name="drill_of_a_source_is_recorded_once",
            ),
        ]

    @property
    def seconds(self) -> float | None:
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None

    @property
    def passed(self) -> bool:
        """It worked, and in the time allowed."""
        in_time = self.target_seconds is None or self.seconds is None or self.seconds <= self.target_seconds
        return bool(self.worked) and in_time
