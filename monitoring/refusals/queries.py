"""What pages ask about refused files."""

from __future__ import annotations

from governance.inventory.models import AIModel
from monitoring.refusals.models import RefusedFile

MOST_SHOWN = 10


def latest(model: AIModel) -> list[RefusedFile]:
    """Those of a model whose rows can still be told, the latest first. One query."""
    there = RefusedFile.objects.filter(model=model, forgotten_at=None).select_related("dataset", "sent_by")
    return list(there.defer("faults")[:MOST_SHOWN])
