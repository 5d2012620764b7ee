"""One decision explained by the number of its case: what a person is told who asks why."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import Isolated, IsolatedQuerySet
from monitoring.data.models import Window
from monitoring.runs.models import RunStatus

UNDERWAY = (RunStatus.DUE, RunStatus.RUNNING)


class ExplainedQuerySet(IsolatedQuerySet):
    def underway(self) -> Self:
        return self.filter(status__in=UNDERWAY)

    def claimable(self, now: datetime | Now) -> Self:
        """Due, or running under a lease that died."""
        return self.filter(Q(status=RunStatus.DUE) | Q(status=RunStatus.RUNNING, expires_at__lt=now))


class Explained(Isolated):
    """The contributions to one decision, computed by a worker in the sandbox.

    It tells of a person, so the ledger copies none of it, and it is blanked when the rows of its data period are erased.
    """

    withheld = ("case", "found")
    churning = ("fence", "attempts", "expires_at", "rung_at")

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(_("number of the case"), max_length=120)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.DUE)
    found = models.JSONField(default=dict)
    """As `engines.one_decision` gives it, or {"refused": rule, "params": {…}}; empty until a worker has answered."""
    error = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    blanked_at = models.DateTimeField(null=True)
    """Since when case and found are empty."""

    objects = ExplainedQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version", "window", "case"],
                condition=Q(status__in=UNDERWAY),
                name="a_decision_is_explained_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(blanked_at=None) ^ Q(case=""), name="an_explained_decision_has_a_case"
            ),
        ]

    @property
    def is_finished(self) -> bool:
        return self.status not in UNDERWAY
