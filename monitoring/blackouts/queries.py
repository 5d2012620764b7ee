"""What the schedule and its pages ask about blackouts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from monitoring.blackouts.models import Blackout
from monitoring.blackouts.rules import Closure

Closures = tuple[Closure, ...]


def closures_of(organisation_ids: Iterable[UUID], since: datetime) -> dict[UUID, Closures]:
    """What was, is or will be closed from `since` on, per organisation, in one query."""
    lasting = Q(ends_at=None) | Q(ends_at__gt=since)
    in_force = Q(lifted_at=None) | (Q(lifted_at__gt=since) & Q(lifted_at__gt=F("starts_at")))
    rows = Blackout.objects.filter(lasting & in_force, organisation_id__in=set(organisation_ids))
    found: dict[UUID, Closures] = {}
    for row in rows.order_by("starts_at", "pk"):
        found[row.organisation_id] = (*found.get(row.organisation_id, ()), row.as_closure())
    return found


def reasons_of(keys: Iterable[str]) -> dict[str, str]:
    """Why these blackouts were declared, by the keys of their closures."""
    rows = Blackout.objects.filter(pk__in=set(keys)).values_list("pk", "reason")
    return {str(key): reason for key, reason in rows}
