"""Signs of life of Senim's own processes, kept in PostgreSQL: whoever asks learns who was heard last, and when."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Now

CLOCK, BACKUP = "beat", "backup"
QUEUES = ("default", "checks", "outside")
"""What is computed and sent; checks; whatever waits for servers of others, so that nothing else waits for those."""


class Pulse(models.Model):
    """The last sign of life of one part: the clock, the workers of one queue, the backup."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


def felt(*parts: str) -> None:
    """These parts live now."""
    Pulse.objects.bulk_create(
        [Pulse(part=part, at=Now()) for part in parts],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["at"],
    )


def last_felt() -> dict[str, datetime]:
    """When each part was heard last. A part that was never heard is not there."""
    return dict(Pulse.objects.values_list("part", "at"))
