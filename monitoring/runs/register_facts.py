"""What the register knew of a model when a run was asked: a log is held against it. The same run is told the same again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from governance.approvals.models import Authorisation, AuthorisationState
from governance.incidents.models import SuspensionOrder
from governance.inventory.rows.models import OrderAlgorithm
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.data.logs import Kind
from monitoring.runs.models import Run

ENVIRONMENT = "production"
"""What runs on trial answers to nobody's clients, and its log is not asked for."""


def facts_of(run: Run) -> dict[str, Any]:
    """By the kind of the dataset; nothing for rows. Looked up in a scope of its own: a worker measures in none."""
    kind = run.plan.dataset.kind
    if kind == Kind.ROWS:
        return {}
    with viewing(Actor.system("checks worker", run.organisation_id)):
        if kind == Kind.ORDERS:
            return {"algorithms": _algorithms(run)}
        return {"approved": _approved(run), "suspended": _suspended(run), "zone": settings.TIME_ZONE}


def _algorithms(run: Run) -> list[str]:
    standing = OrderAlgorithm.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=run.asked_at), model_id=run.model_id, created_at__lte=run.asked_at
    )
    return sorted(standing.values_list("algorithm_id", flat=True))


def _approved(run: Run) -> list[list[str | None]]:
    """Label, from, until. A suspended permission is told apart from one that ended."""
    permissions = Authorisation.objects.filter(
        model_id=run.model_id, environment=ENVIRONMENT, starts_at__lte=run.asked_at
    ).select_related("version")
    return [
        [each.version.label, each.starts_at.isoformat(), _ended(each, run.asked_at).isoformat()]
        for each in permissions.order_by("starts_at", "pk")
    ]


def _ended(permission: Authorisation, as_of: datetime) -> datetime:
    is_void = permission.state == AuthorisationState.VOID and permission.changed_at <= as_of
    return min(permission.changed_at, permission.expires_at) if is_void else permission.expires_at


def _suspended(run: Run) -> list[list[str | None]]:
    orders = SuspensionOrder.objects.filter(
        model_id=run.model_id, authorisation__environment=ENVIRONMENT, ordered_at__lte=run.asked_at
    ).select_related("authorisation__version")
    return [
        [each.authorisation.version.label, each.ordered_at.isoformat(), _lifted(each, run.asked_at)]
        for each in orders.order_by("ordered_at", "pk")
    ]


def _lifted(order: SuspensionOrder, as_of: datetime) -> str | None:
    return order.lifted_at.isoformat() if order.lifted_at and order.lifted_at <= as_of else None
