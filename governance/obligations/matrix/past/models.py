"""The standings of every model as they changed, so that the matrix of any day is one sum."""

from __future__ import annotations

from django.db import models

from governance.inventory.models import AIModel
from governance.obligations.matrix.models import number
from governance.people.isolated import Isolated


class StandingChange(Isolated):
    """One model under one framework from `at` on: how many requirements stand in each status. Rows are only ever added.

    is_on: False from the moment at which the framework asks nothing of the model any more.
    """

    recorded = False

    model = models.ForeignKey(AIModel, on_delete=models.CASCADE, related_name="standing_changes")
    framework_key = models.CharField(max_length=40)
    at = models.DateTimeField()
    is_on = models.BooleanField(default=True)
    failing = number()
    overdue = number()
    missing = number()
    accepted_gap = number()
    open = number()
    not_ready = number()
    due_soon = number()
    waived = number()
    on_file = number()
    supported = number()
    ready = number()

    class Meta:
        indexes = [
            models.Index(fields=["model", "framework_key", "-at"], name="standing_changes_by_time"),
        ]
