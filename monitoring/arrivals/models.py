"""How a data period arrived: each is looked through once, by a worker, and what was counted is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from governance.inventory.models import AIModel
from monitoring.data.models import Window
from monitoring.errands.models import InLine, InLineQuerySet, has_ended, lives

MOST_ATTEMPTS = 5


class ArrivalQuerySet(InLineQuerySet):
    def open(self) -> Self:
        """Neither looked through nor given up."""
        return self.filter(looked_at=None)

    def fallen(self) -> Self:
        """Of a data period or a dataset that stands no more: there is nothing to look through."""
        return self.open().filter(
            Q(window__withdrawn_at__isnull=False) | Q(window__dataset__ended_at__isnull=False)
        )


class Arrival(InLine):
    """One data period on its way through the worker: late, repeated, copied or dated back?"""

    churning = ("attempts", "expires_at", "rung_at")
    bell = "monitoring.arrivals.tasks.look"
    since = "noticed_at"
    unfinished = "looked_at IS NULL"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.OneToOneField(Window, on_delete=models.PROTECT, related_name="arrival")
    noticed_at = models.DateTimeField(default=timezone.now)
    looked_at = models.DateTimeField(null=True)
    counted = models.JSONField(default=dict)
    """What was counted, over all rows: the figures and the edition of the limits they were held against."""
    error = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_at"]

    @classmethod
    def is_held(cls) -> Q:
        return Q(looked_at=None) & lives()

    @classmethod
    def is_claimable(cls, now: datetime | Now) -> Q:
        """What nobody could look through in so many attempts is given up by the next sweep."""
        return Q(looked_at=None, attempts__lt=MOST_ATTEMPTS) & (Q(expires_at=None) | has_ended(now))
