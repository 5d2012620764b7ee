"""Decisions of a committee over exactly that content, and the permissions that follow."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import Isolated, IsolatedQuerySet


class RequestStatus(models.TextChoices):
    OPEN = "open", _("open")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Purpose(models.TextChoices):
    DEPLOY = "deploy", _("permission to deploy")
    LIFT = "lift", _("lift of a suspension")


class Ballot(models.TextChoices):
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")


class AuthorisationState(models.TextChoices):
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    VOID = "void", _("void")


class GateAnswer(models.TextChoices):
    ALLOW = "allow", _("allow")
    DENY = "deny", _("deny")
    UNKNOWN = "unknown", _("unknown")


class ApprovalRequestQuerySet(IsolatedQuerySet):
    def open(self) -> Self:
        return self.filter(status=RequestStatus.OPEN)


class ApprovalRequest(Isolated):
    """A version put before the committee, with the manifest of all that it decides on."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="requests")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="requests")
    environment = models.CharField(_("environment"), max_length=40)
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.DEPLOY)
    lifts = models.ForeignKey(
        "governance.Authorisation", on_delete=models.PROTECT, related_name="lift_requests", null=True
    )
    """The suspended permission that is to be active again; null for a request to deploy."""
    reason = models.TextField(blank=True)
    route = models.CharField(max_length=40)
    route_edition = models.CharField(max_length=20)
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=12, choices=RequestStatus, default=RequestStatus.OPEN)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version", "environment"],
                condition=Q(status=RequestStatus.OPEN),
                name="a_version_is_before_the_committee_once",
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.DEPLOY, lifts=None)
                | (Q(purpose=Purpose.LIFT, lifts__isnull=False) & ~Q(reason="")),
                name="a_request_for_a_lift_names_what_it_lifts_and_why",
            ),
        ]

    @property
    def is_lift(self) -> bool:
        return self.purpose == Purpose.LIFT

    @property
    def is_open(self) -> bool:
        return self.status == RequestStatus.OPEN


class Recommendation(Isolated):
    """What the second line says to the committee before it votes."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="recommendations")
    verdict = models.CharField(max_length=8, choices=Ballot)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="recommendation_gives_a_reason")]


class Vote(Isolated):
    """One member, one vote, over the manifest as it was put before them."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="votes")
    ballot = models.CharField(max_length=8, choices=Ballot)
    reason = models.TextField(blank=True)
    manifest_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "request", "by"], name="one_member_one_vote"),
            models.CheckConstraint(
                condition=Q(ballot=Ballot.APPROVE) | ~Q(reason=""), name="a_vote_against_gives_a_reason"
            ),
        ]


class Decision(Isolated):
    """What the committee decided. It never changes; another request may decide otherwise."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="decisions")
    request = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=8, choices=Ballot)
    manifest_sha256 = models.CharField(max_length=64)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-decided_at"]


class Condition(Isolated):
    """What the committee asks for along with its approval."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="conditions")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class Authorisation(Isolated):
    """The permission to run one version, one digest, in one environment, for a time."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="authorisations")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="authorisations")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="authorisation")
    lift = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="lifted", null=True)
    """The latest decision that made a suspended permission active again: its content is what it rests on since."""
    environment = models.CharField(max_length=40)
    artefact_sha256 = models.CharField(max_length=64, blank=True)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=AuthorisationState, default=AuthorisationState.ACTIVE)
    reasons = models.JSONField(default=list)
    is_held = models.BooleanField(default=False)
    """The supervisor ordered the suspension and has not released it: no lift can be asked for."""
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("starts_at")), name="authorisation_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["organisation", "version", "environment"],
                condition=Q(state=AuthorisationState.ACTIVE),
                name="one_active_authorisation_of_a_version",
            ),
            models.CheckConstraint(
                condition=Q(is_held=False) | Q(state=AuthorisationState.SUSPENDED),
                name="only_a_suspended_authorisation_is_held",
            ),
        ]

    @property
    def is_suspended(self) -> bool:
        return self.state == AuthorisationState.SUSPENDED

    @property
    def rests_on(self) -> Decision:
        """The decision whose content has to stand for this permission to stand."""
        return self.lift or self.decision


class PermissionSheet(Isolated):
    """How far the permissions of a model are looked over: up to this revision none of them is found void."""

    recorded = False

    model = models.OneToOneField(AIModel, on_delete=models.CASCADE, related_name="permission_sheet")
    computed_at_revision = models.BigIntegerField()
    computed_at = models.DateTimeField()


class GateVerdict(Isolated):
    """An answer the gate gave: to whom, about what, with which reasons, signed, and until when it holds."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="verdicts")
    version_label = models.CharField(max_length=40)
    artefact_sha256 = models.CharField(max_length=64, blank=True)
    environment = models.CharField(max_length=40)
    answer = models.CharField(max_length=8, choices=GateAnswer)
    reasons = models.JSONField(default=list)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    signature = models.CharField(max_length=200)

    class Meta:
        ordering = ["-asked_at"]
