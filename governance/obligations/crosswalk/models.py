"""A named person confirms that the piece of evidence which the crosswalk proposes answers one requirement."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance.people.isolated import Isolated, IsolatedQuerySet


class ConfirmationQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(revoked_at=None)


class Confirmation(Isolated):
    """It holds for one edition of the crosswalk and one of the framework: a new edition asks again.

    It changes no status: what answers a requirement is written in the catalogue.
    """

    crosswalk_edition = models.CharField(max_length=20)
    group = models.CharField(max_length=60)
    member = models.CharField(max_length=100)
    """Key of the requirement."""
    framework_edition = models.CharField(max_length=20)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why it was taken back."""

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["-confirmed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "crosswalk_edition", "group", "member", "framework_edition"],
                condition=Q(revoked_at=None),
                name="member_of_a_group_is_confirmed_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(reason="")),
                name="confirmation_is_revoked_by_a_person_with_a_reason",
            ),
        ]
