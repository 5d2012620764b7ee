"""A document that is being written from an outline."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance.inventory.models import AIModel, Revision
from governance.people.isolated import Isolated, IsolatedQuerySet


class DraftQuerySet(IsolatedQuerySet):
    def unfinished(self) -> Self:
        return self.filter(closed_at=None)


class Draft(Isolated):
    """texts: Markdown by the key of the outline's section. What is typed is kept here, not in the ledger: handing in is."""

    withheld = ("texts",)
    churning = ("texts", "saved_at")

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    outline = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    texts = models.JSONField(default=dict)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", null=True)
    """What became of it; empty where it was thrown away."""

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "outline", "language"],
                condition=Q(closed_at=None),
                name="draft_of_an_outline_is_open_once_in_a_language",
            ),
            models.CheckConstraint(
                condition=Q(revision=None) | Q(closed_at__isnull=False), name="draft_is_closed_when_handed_in"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
