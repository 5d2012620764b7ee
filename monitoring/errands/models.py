"""What an errand is: something that a person asks of a worker and that is no check. Rooms give it its subject and its answer."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from governance.people.isolated import IsolatedQuerySet, Record
from monitoring.runs.models import FURTHEST_AHEAD, RunStatus

UNDERWAY = (RunStatus.DUE, RunStatus.RUNNING)


class ErrandQuerySet(IsolatedQuerySet):
    def underway(self) -> Self:
        return self.filter(status__in=UNDERWAY)

    def claimable(self, now: datetime | Now) -> Self:
        """Due, or running under a lease that died. now: of the database, as every time of a lease."""
        over = Q(expires_at__lt=now) | Q(expires_at__gt=now + FURTHEST_AHEAD)
        due = Q(status=RunStatus.DUE) & (over | Q(expires_at=None))
        return self.filter(due | Q(status=RunStatus.RUNNING) & over)


class Errand(Record):
    """Asked for by a person, answered by one worker at a time under a lease, given up after a few attempts.

    It takes one of its organisation's slots, as a run does, and waits in the same line (`runs/lining.py`).
    """

    churning = ("fence", "attempts", "expires_at", "rung_at", "progress", "phase")
    bell: ClassVar[str]
    """The task that is told of it; its arguments are the organisation and the errand."""

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.DUE)
    error = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    """Until when its worker is believed to live; while it is due, until when it waits after an attempt that could not be made."""
    rung_at = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-requested_at"]

    @property
    def is_finished(self) -> bool:
        return self.status not in UNDERWAY
