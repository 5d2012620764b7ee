"""Why an auditor is here, for how long, and what they came to see."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.people.isolated import Isolated, IsolatedQuerySet
from governance.people.models import Membership


class EngagementQuerySet(IsolatedQuerySet):
    def of(self, user_id: object) -> Self:
        """Those that this auditor was invited to."""
        return self.filter(pk__in=Visit.objects.filter(user_id=user_id).values("engagement_id"))

    def running(self, on: date) -> Self:
        return self.filter(ended_at=None, starts_on__lte=on, ends_on__gte=on)


class Engagement(Isolated):
    """An audit of an organisation's models, from a day to a day. The doors that it opens are memberships of `people`."""

    number = models.CharField(_("number"), max_length=12, editable=False)
    firm = models.CharField(_("audit firm"), max_length=200, blank=True)
    purpose = models.TextField(_("purpose"))
    model_ids = models.JSONField(null=True, editable=False)
    """Ids of the AIModels in scope; None = all of the organisation, those of tomorrow as well."""
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_reason = models.TextField(_("why it ends now"), blank=True, editable=False)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="engagement_number_is_unique_in_its_organisation"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="engagement_does_not_end_before_it_starts"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="engagement_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return self.number

    def state(self, on: date) -> str:
        """planned, running or ended."""
        if self.ended_at is not None or on > self.ends_on:
            return "ended"
        return "running" if on >= self.starts_on else "planned"


class Visit(Isolated):
    """One auditor of an engagement, and the membership that lets them in."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "engagement", "user"], name="auditor_is_named_once_in_an_engagement"
            )
        ]
