"""What stands in line beside runs, and what an errand is: something that a person asks of a worker and that is no check."""

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


class InLineQuerySet(IsolatedQuerySet):
    def claimable(self, now: datetime | Now) -> Self:
        """What a worker may take up. now: of the database, as every time of a lease."""
        found: Self = self.filter(self.model.is_claimable(now))
        return found


class InLine(Record):
    """Work that takes one of its organisation's slots, as a run does, and waits in the same line (`runs/lining.py`)."""

    bell: ClassVar[str]
    """The task that is told of it; its arguments are the organisation and the row."""
    since: ClassVar[str]
    """The column by which it stands in line among what persons ask."""
    unfinished: ClassVar[str]
    """In SQL, for the one function that looks at every organisation (`runs/lookup.py`): it waits or is worked on."""

    expires_at = models.DateTimeField(null=True)
    """Until when its worker is believed to live, or until when it waits after an attempt that could not be made."""
    rung_at = models.DateTimeField(null=True)

    objects = InLineQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def is_held(cls) -> Q:
        """Somebody works on it, under a lease that lives."""
        raise NotImplementedError

    @classmethod
    def is_claimable(cls, now: datetime | Now) -> Q:
        """Nobody works on it, or whoever did is dead."""
        raise NotImplementedError


def lives() -> Q:
    """A lease that has not ended. One from far ahead is of a clock that has been set back since."""
    return Q(expires_at__gte=Now(), expires_at__lte=Now() + FURTHEST_AHEAD)


def has_ended(now: datetime | Now) -> Q:
    """A lease that somebody had and that no longer lives."""
    return Q(expires_at__lt=now) | Q(expires_at__gt=now + FURTHEST_AHEAD)


class ErrandQuerySet(InLineQuerySet):
    def underway(self) -> Self:
        return self.filter(status__in=UNDERWAY)


class Errand(InLine):
    """Asked for by a person, answered by one worker at a time under a lease, given up after a few attempts."""

    churning = ("fence", "attempts", "expires_at", "rung_at", "progress", "phase")
    since = "requested_at"
    unfinished = "status IN ('due', 'running')"

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.DUE)
    error = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-requested_at"]

    @classmethod
    def is_held(cls) -> Q:
        return Q(status=RunStatus.RUNNING) & lives()

    @classmethod
    def is_claimable(cls, now: datetime | Now) -> Q:
        """Due, or running under a lease that died."""
        due = Q(status=RunStatus.DUE) & (Q(expires_at=None) | has_ended(now))
        return due | Q(status=RunStatus.RUNNING) & has_ended(now)

    @property
    def is_finished(self) -> bool:
        return self.status not in UNDERWAY
