"""Keeps how standings changed, in the transaction that writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from governance.inventory.models import AIModel
from governance.obligations.matrix.models import Standing
from governance.obligations.matrix.past.models import StandingChange
from governance.people.rows import put

Key = tuple[UUID, str]
"""Of a model and a framework."""
Counts = Mapping[str, int]

STATUSES = tuple(
    each.name for each in Standing._meta.local_fields if isinstance(each, models.PositiveIntegerField)
)


def note(rows: Sequence[Standing], former: Mapping[Key, Counts], at: datetime) -> None:
    """Keep what differs, of any number of models at once: one INSERT, and one query more where a framework went.

    rows: how these models stand now, all their frameworks. former: how they stood before, by model and framework; a
    framework that is only there has gone. Nothing is written where nothing changed.
    """
    now = {(row.model_id, row.framework_key): row for row in rows}
    changed = [row for key, row in now.items() if _counts(row) != _told(former.get(key))]
    gone = [key for key in former if key not in now]
    put(StandingChange, [*(_change(row, at) for row in changed), *_ended(gone, at)])


def _change(row: Standing, at: datetime) -> dict[str, Any]:
    of = {
        "organisation_id": row.organisation_id,
        "model_id": row.model_id,
        "framework_key": row.framework_key,
    }
    return {**of, "at": at, "is_on": True, **_counts(row)}


def _ended(gone: Iterable[Key], at: datetime) -> list[dict[str, Any]]:
    keys = list(gone)
    if not keys:
        return []
    ids = {model_id for model_id, _framework in keys}
    whose = dict(AIModel.objects.filter(pk__in=ids).values_list("pk", "organisation_id"))
    nothing = dict.fromkeys(STATUSES, 0)
    return [
        {
            "organisation_id": whose[model_id],
            "model_id": model_id,
            "framework_key": framework,
            "at": at,
            "is_on": False,
            **nothing,
        }
        for model_id, framework in keys
    ]


def _counts(row: Standing) -> Counts:
    return {status: getattr(row, status) for status in STATUSES}


def _told(former: Counts | None) -> Counts | None:
    """None is no counts, which is not the same as counts of nothing."""
    return None if former is None else {status: former.get(status, 0) for status in STATUSES}
