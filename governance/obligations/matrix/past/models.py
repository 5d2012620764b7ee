"""The standings of every model as they changed, so that the matrix of any day is one sum."""

from __future__ import annotations

from django.db import models

from governance.inventory.models import AIModel
from governance.obligations.matrix.models import Tally


class StandingChange(Tally):
    """One model under one framework from `at` on. Rows are only ever added.

    is_on: False from the moment at which the framework asks nothing of the model any more.
    """

    model = models.ForeignKey(AIModel, on_delete=models.CASCADE, related_name="standing_changes")
    at = models.DateTimeField()
    is_on = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["model", "framework_key", "-at"], name="standing_changes_by_time"),
        ]
