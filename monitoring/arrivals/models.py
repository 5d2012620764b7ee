"""How a data period arrived: each is looked through once, by a worker, and what was counted is kept."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.people.isolated import IsolatedQuerySet, Record
from monitoring.data.models import Window

MOST_ATTEMPTS = 3


class ArrivalQuerySet(IsolatedQuerySet):
    def waiting(self) -> Self:
        """Not looked through yet, by nobody at the moment, and of a dataset that stands."""
        free = Q(held_until=None) | Q(held_until__lt=Now())
        standing = Q(window__withdrawn_at=None, window__dataset__ended_at=None)
        return self.filter(free, standing, looked_at=None)


class Arrival(Record):
    """One data period on its way through the worker: late, repeated, copied or dated back?"""

    churning = ("attempts", "held_until", "rung_at")

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.OneToOneField(Window, on_delete=models.PROTECT, related_name="arrival")
    noticed_at = models.DateTimeField(default=timezone.now)
    looked_at = models.DateTimeField(null=True)
    counted = models.JSONField(default=dict)
    """What was counted, over all rows: the figures and the edition of the limits they were held against."""
    error = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    """Until when the worker that took it up is believed to live."""
    rung_at = models.DateTimeField(null=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_at"]
