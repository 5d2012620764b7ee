from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated


class DutyChange(Isolated):
    """What one computation changed in the duties of one model. Rows are only ever added: read in order they tell the past."""

    withheld = ("answers", "told")  # the ledger knows them by their digest

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="duty_changes")
    at = models.DateTimeField(default=timezone.now)
    revision = models.BigIntegerField()
    """The revision of the model that was computed."""
    editions = models.JSONField()
    """Key of a framework → the edition that was on."""
    answers = ArrayField(models.UUIDField(), default=list)
    """Ids of the KeptAnswers that hold from then on."""
    told = models.JSONField(default=dict)
    """Id of an obligation → {was, because, concluded}; where the requirement no longer stands without an answer.

    An answer that is not told of came with the first computation, and nobody had concluded.
    """
    digest = models.CharField(max_length=64)
    """SHA-256 of answers and told."""

    class Meta:
        ordering = ["at", "revision"]
        indexes = [models.Index(fields=["organisation", "model", "at"], name="duty_changes_of_model_by_time")]
