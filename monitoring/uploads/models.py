"""Files that arrive in pieces and are not data periods yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet
from monitoring.data.models import Dataset, Part, Window
from monitoring.shielding.columns import LegalBasis

KEPT_FOR = timedelta(days=1)


class UploadQuerySet(IsolatedQuerySet):
    def unfinished(self) -> Self:
        return self.filter(window=None)

    def expired(self, now: datetime) -> Self:
        return self.filter(touched_at__lt=now - KEPT_FOR)


class Upload(Isolated):
    """One file on its way. size, digest: as the sender said at the start; received: bytes that are on the disk for good.

    window: what became of it; then its file is gone, and the row answers whoever asks to finish it again.
    """

    recorded = False

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    part = models.CharField(max_length=12, choices=Part)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    legal_basis = models.CharField(max_length=8, choices=LegalBasis, blank=True)
    basis_text = models.CharField(max_length=300, blank=True)
    keep_until = models.DateField(null=True)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    received = models.BigIntegerField(default=0)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["begun_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="an_upload_has_bytes"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("size")),
                name="an_upload_receives_no_more_than_was_said",
            ),
            models.CheckConstraint(
                condition=Q(window=None) | Q(received=F("size")), name="a_finished_upload_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def expires_at(self) -> datetime:
        return self.touched_at + KEPT_FOR
