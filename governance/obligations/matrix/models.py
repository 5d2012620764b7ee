"""The counts of a duty sheet as columns, so that the matrix of a whole market is one sum."""

from __future__ import annotations

from django.db import models

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated


def number() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(default=0)


class Standing(Isolated):
    """One model under one framework: how many requirements stand in each status.

    Written with the model's DutySheet and equal to its `counts`, less what asks nothing.
    """

    recorded = False

    model = models.ForeignKey(AIModel, on_delete=models.CASCADE, related_name="standings")
    framework_key = models.CharField(max_length=40)
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
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "framework_key"],
                name="model_stands_once_under_a_framework",
            )
        ]
