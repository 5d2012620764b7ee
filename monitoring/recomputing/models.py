"""Runs that somebody had computed again. What was accepted stays: this only says whether it comes out the same."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet
from monitoring.runs.models import Run, RunStatus

UNDERWAY = (RunStatus.DUE, RunStatus.RUNNING)


class Outcome(models.TextChoices):
    EQUAL = "equal", _("the same to the last digit")
    FIGURES_EQUAL = "figures_equal", _("the same figures, another digest")
    DIFFERENT = "different", _("another answer")


class RecomputationQuerySet(IsolatedQuerySet):
    def underway(self) -> Self:
        return self.filter(status__in=UNDERWAY)

    def claimable(self, now: datetime | Now) -> Self:
        """Due, or running under a lease that died."""
        return self.filter(Q(status=RunStatus.DUE) | Q(status=RunStatus.RUNNING, expires_at__lt=now))


class Recomputation(Isolated):
    """A past run computed again from its recorded inputs, beside the accepted result and never instead of it."""

    churning = ("fence", "attempts", "expires_at", "rung_at", "progress", "phase")

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="recomputations")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.DUE)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what came out, in the form in which the accepted result was stored."""
    libraries = models.JSONField(default=dict)
    figures = models.JSONField(default=list)
    """Each figure of either side: {"metric", "subject", "was", "now", "n_was", "n_now"}; None where a side has none."""
    error = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = RecomputationQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "run"],
                condition=Q(status__in=UNDERWAY),
                name="a_run_is_recomputed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=RunStatus.DONE) | ~Q(outcome=""),
                name="a_recomputation_that_ended_says_how_it_compares",
            ),
        ]

    @property
    def is_finished(self) -> bool:
        return self.status not in UNDERWAY
