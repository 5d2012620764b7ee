"""Runs that somebody had computed again. What was accepted stays: this only says whether it comes out the same."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from monitoring.errands.models import UNDERWAY, Errand
from monitoring.runs.models import Run, RunStatus


class Outcome(models.TextChoices):
    EQUAL = "equal", _("the same to the last digit")
    FIGURES_EQUAL = "figures_equal", _("the same figures, another digest")
    DIFFERENT = "different", _("another answer")


class Recomputation(Errand):
    """A past run computed again from its recorded inputs, beside the accepted result and never instead of it."""

    bell = "monitoring.recomputing.tasks.work"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="recomputations")
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what came out, in the form in which the accepted result was stored."""
    check_version = models.CharField(max_length=12, blank=True)
    """Of the check by which it was computed; that of the run may be another. "" until it has ended, and in rows of before."""
    libraries = models.JSONField(default=dict)
    figures = models.JSONField(default=list)
    """Each figure of either side: {"metric", "subject", "was", "now", "n_was", "n_now"}; None where a side has none."""

    class Meta(Errand.Meta):
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
