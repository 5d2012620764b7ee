"""Evidence packs: who asked for one, about which model, and the file that came of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.engagements.models import Engagement
from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet


class PackStatus(models.TextChoices):
    DUE = "due", _("is being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("could not be made")


class PackQuerySet(IsolatedQuerySet):
    def due(self) -> Self:
        return self.filter(status=PackStatus.DUE)


class Pack(Isolated):
    """One evidence pack: the record of a model as it stood at one instant, in a file that never changes."""

    churning = ("attempts", "rung_at")

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="packs")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="packs", null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_from = models.UUIDField(editable=False)
    """The organisation that the person worked for: where they are told that the pack is ready."""
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    past_day = models.DateField(null=True)
    """The past day whose end was asked for; null = the record as it stands when the pack is made."""
    status = models.CharField(max_length=8, choices=PackStatus, default=PackStatus.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField(null=True)
    """The instant whose state it holds; everything in it is dated by this."""
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    """SHA-256 over the list of all files inside: what verify.py says as the digest of the pack."""
    made_at = models.DateTimeField(null=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=PackStatus.DONE)
                | Q(sha256__regex=r"^[0-9a-f]{64}$", as_of__isnull=False),
                name="pack_that_is_done_has_its_file",
            )
        ]

    @property
    def is_settled(self) -> bool:
        return self.status != PackStatus.DUE

    @property
    def is_done(self) -> bool:
        return self.status == PackStatus.DONE
