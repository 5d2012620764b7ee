"""Where a model stands under each framework, kept so that a whole market is read in few rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated


def number() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(default=0)


class Tally(Isolated):
    """How many requirements of one model under one framework stand in each status that asks something, as columns."""

    recorded = False

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
        abstract = True


STATUSES = tuple(
    field.name for field in Tally._meta.local_fields if isinstance(field, models.PositiveIntegerField)
)
"""What asks something of a model, red first."""


class Standing(Tally):
    """One model under one framework: the answers that hold, and how many requirements stand in each status.

    Written with the model's DutySheet. The numbers are its `counts`, less what asks nothing, as columns: the matrix of a
    whole market is one sum.
    """

    model = models.ForeignKey(AIModel, on_delete=models.CASCADE, related_name="standings")
    answers = ArrayField(models.UUIDField(), default=list)
    """Ids of KeptAnswers, in the order of the text."""
    concluded = models.JSONField(default=dict)
    """Id of an obligation → what its conclusion comes to."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "framework_key"],
                name="model_stands_once_under_a_framework",
            )
        ]
