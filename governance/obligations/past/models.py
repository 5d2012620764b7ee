from __future__ import annotations

from django.db import models
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated


class DutyChange(Isolated):
    """What one computation changed in the duties of one model. Rows are only ever added: read in order they tell the past.

    changes: [{obligation, framework, key, was, because, now}]; `now` is the row of the duty as it stood from then on, None
    where the requirement no longer stands; `was` is the status before, "" where there was none.
    """

    withheld = ("changes",)  # the ledger knows them by their digest

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="duty_changes")
    at = models.DateTimeField(default=timezone.now)
    revision = models.BigIntegerField()
    """The revision of the model that was computed."""
    editions = models.JSONField()
    """Key of a framework → the edition that was on."""
    changes = models.JSONField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the changes."""

    class Meta:
        ordering = ["at", "revision"]
        indexes = [models.Index(fields=["organisation", "model", "at"], name="duty_changes_of_model_by_time")]
