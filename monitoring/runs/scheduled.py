"""What the schedule adds to the rows of this room: the rules of a plan's clock, and why a run was not asked at its tick."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.runs import schedules
from monitoring.runs.schedules import Schedule


class MissedTicks(models.TextChoices):
    """What a plan does when nobody could ask at its tick."""

    ONCE = schedules.ONCE, _("made up by one run as soon as possible")
    SKIP = schedules.SKIP, _("left out: the next tick is waited for")


class Scheduled(models.Model):
    """A plan: what it does about missed ticks, free days, and evidence that is about to lapse."""

    missed_ticks = models.CharField(
        _("ticks that were missed"), max_length=8, choices=MissedTicks, default=MissedTicks.ONCE
    )
    working_days_only = models.BooleanField(_("on working days only"), default=False)
    renew_days = models.PositiveSmallIntegerField(
        _("asked again before its evidence lapses, days"), default=0
    )

    class Meta:
        abstract = True

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.missed_ticks, self.working_days_only, self.renew_days)


class Moved(models.Model):
    """A run: the tick that it answers, and what moved it from there."""

    if TYPE_CHECKING:
        scheduled_at: datetime

    tick_at = models.DateTimeField(null=True)
    """The tick of its plan's clock, from which the next ones are counted; None = nothing was moved."""
    moved = models.JSONField(default=dict)
    """Why it was not asked at its tick: {"from", "because", "skipped"}; empty where nothing was moved.

    Of what waited when a blackout began also {"held", "since"}: since when it should have been asked."""

    class Meta:
        abstract = True

    @property
    def grid(self) -> datetime:
        return self.tick_at or self.scheduled_at


class Handled(models.Model):
    """A finding: who deals with it, and until when."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("who deals with it"),
    )
    """At first the owner of the model; None only for findings from before there were owners."""
    due_on = models.DateField(_("to be dealt with by"), null=True)
    told_at = models.DateTimeField(null=True)
    """When whoever deals with it was told that it is red; None = not yet, or by nobody since it passed to another."""
    reminded_at = models.DateTimeField(null=True)
    """When they and the second line were told that its day has passed; None = not yet, or another day was set since."""

    class Meta:
        abstract = True
