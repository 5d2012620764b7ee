"""Keeps the standings of a model equal to the counts of its sheet."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations.matrix.models import Standing
from governance.obligations.matrix.past.keeping import note

STATUSES = (
    "failing",
    "overdue",
    "missing",
    "accepted_gap",
    "open",
    "not_ready",
    "due_soon",
    "waived",
    "on_file",
    "supported",
    "ready",
)
"""What asks something of a model, red first."""


def keep(model: AIModel, counts: Mapping[str, Mapping[str, int]]) -> None:
    """Part of the transaction that writes the sheet. counts: key of a framework → status → number of requirements."""
    rows = [
        Standing(
            organisation_id=model.organisation_id,
            model=model,
            framework_key=key,
            **{status: tally.get(status, 0) for status in STATUSES},
        )
        for key, tally in counts.items()
    ]
    known = Standing.objects.filter(model=model).values("model_id", "framework_key", *STATUSES)
    note(rows, {(each["model_id"], each["framework_key"]): each for each in known}, timezone.now())
    unique = ["organisation", "model", "framework_key"]
    Standing.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=STATUSES)
    Standing.objects.filter(model=model).exclude(framework_key__in=counts).delete()
