"""News from below, and clocks that run out: suspensions that a decision lifted, notices and answers that are nearly due.

When there is nothing to do it asks three queries and writes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from governance.approvals.models import AuthorisationState
from governance.incidents import announcing
from governance.incidents.kinds import Outcome
from governance.incidents.models import Notice, Objection, SuspensionOrder
from governance.incidents.rules import is_near
from governance.inventory.locks import locked
from governance.people.acting import acting, viewing
from governance.people.actor import Actor

Due = TypeVar("Due", Notice, Objection)


def catch_up(organisation_id: UUID) -> None:
    """Bring the orders and the reminders of one organisation up to date."""
    by, now = Actor.system("incidents", organisation_id), timezone.now()
    with viewing(by):
        over = list(_over(organisation_id))
        notices = [
            each for each in _notices(organisation_id) if is_near(each.due_at, each.incident.detected_at, now)
        ]
        objections = [
            each for each in _objections(organisation_id) if is_near(each.due_at, each.received_at, now)
        ]
    for order in over:
        _end(by, order)
    for notice in notices:
        _remind(by, notice, now)
    for objection in objections:
        _remind(by, objection, now)


def _over(organisation_id: UUID) -> list[SuspensionOrder]:
    """Standing orders whose permission is suspended no more, or belongs to what was withdrawn."""
    suspended = Q(
        authorisation__state=AuthorisationState.SUSPENDED,
        version_withdrawn=None,
        model__withdrawn_at=None,
    )
    orders = SuspensionOrder.objects.filter(organisation_id=organisation_id, lifted_at=None)
    return list(
        orders.annotate(version_withdrawn=F("authorisation__version__withdrawn_at"))
        .exclude(suspended)
        .select_related("authorisation", "authorisation__version", "model")
    )


def _end(by: Actor, order: SuspensionOrder) -> None:
    authorisation = order.authorisation
    is_lifted = authorisation.state == AuthorisationState.ACTIVE
    with acting(by, "suspension.lifted" if is_lifted else "suspension.ended"):
        order = locked(order)
        if order.lifted_at is not None:
            return
        order.outcome = Outcome.LIFTED if is_lifted else Outcome.ENDED
        order.lifted_at = authorisation.changed_at if is_lifted else timezone.now()
        order.lifted_by_id = authorisation.lift_id if is_lifted else None
        order.save(update_fields=["outcome", "lifted_at", "lifted_by"])


def _notices(organisation_id: UUID) -> list[Notice]:
    owed = Notice.objects.owed().filter(organisation_id=organisation_id, reminded_at=None)
    return list(owed.select_related("incident"))


def _objections(organisation_id: UUID) -> list[Objection]:
    return list(Objection.objects.owed().filter(organisation_id=organisation_id, reminded_at=None))


def _remind(by: Actor, row: Due, now: datetime) -> None:
    with acting(by, "deadline.reminded"):
        row = locked(row)
        if row.reminded_at is not None:
            return
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        if isinstance(row, Notice):
            announcing.notice_due(row, now)
        else:
            announcing.objection_due(row, now)
