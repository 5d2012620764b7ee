"""Times at which an organisation wants no check to be asked by the schedule."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.people.isolated import Isolated, IsolatedQuerySet
from monitoring.blackouts.rules import Closure


class BlackoutQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class Blackout(Isolated):
    """From when to when, or which hours of each day, why, and who said so. Never changed: lifted, and declared anew."""

    reason = models.TextField(_("reason"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    daily_from = models.TimeField(_("each day from"), null=True, blank=True)
    daily_until = models.TimeField(_("each day until"), null=True, blank=True)
    working_days_only = models.BooleanField(_("these hours on working days only"), default=False)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    lifted_reason = models.TextField(blank=True, editable=False)

    objects = BlackoutQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_blackout_gives_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="a_blackout_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(daily_from=None, daily_until=None, ends_at__isnull=False)
                | (Q(daily_from__isnull=False) & Q(daily_until__isnull=False)),
                name="a_blackout_without_end_has_hours",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | (Q(lifted_at__isnull=False) & Q(lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="a_blackout_is_lifted_by_somebody_with_a_reason",
            ),
        ]

    @property
    def has_hours(self) -> bool:
        return self.daily_from is not None

    @property
    def is_over(self) -> bool:
        return self.lifted_at is not None or (self.ends_at is not None and self.ends_at <= timezone.now())

    def as_closure(self) -> Closure:
        """What is, or was, closed: one that was lifted ended then."""
        ends = [at for at in (self.ends_at, self.lifted_at) if at is not None]
        return Closure(
            str(self.pk),
            self.starts_at,
            min(ends, default=None),
            self.daily_from,
            self.daily_until,
            self.working_days_only,
        )
