"""Who is told what, in their own language. Called inside the `acting` that it reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from governance.approvals.words import environment
from governance.incidents import telling
from governance.incidents.models import Incident, Notice, Objection, SuspensionOrder
from governance.inventory.models import AIModel
from governance.people.models import Membership, Role, User
from governance.post import services as post

WATCHERS = (Role.VALIDATOR, Role.COMMITTEE)


def opened(incident: Incident, notices: Sequence[Notice]) -> None:
    """Owner, second line and committee hear of it, with the clocks that run."""
    for to in watchers(incident.model):
        with translation.override(to.language):
            context: dict[str, object] = {
                **_named(incident.model),
                "incident": incident.number,
                "title": telling.title(incident),
                "severity": incident.get_severity_display(),
                "clocks": [
                    (each.get_addressee_display(), timezone.localtime(each.due_at)) for each in notices
                ],
            }
        _send(incident.model, to, "incident_opened", context, _page(incident))


def suspended(orders: Sequence[SuspensionOrder], model: AIModel) -> None:
    """Owner, second line and committee hear that permissions are stopped, why, and on whose word."""
    for to in watchers(model):
        with translation.override(to.language):
            context: dict[str, object] = {
                **_named(model),
                "reason": orders[0].reason,
                "authority": orders[0].authority.get(to.language, ""),
                "stopped": [
                    (each.authorisation.version.label, environment(each.authorisation.environment))
                    for each in orders
                ],
            }
        _send(model, to, "permission_suspended", context, reverse("model", args=[model.pk]) + "#permission")


def released(order: SuspensionOrder) -> None:
    """The owner hears that the committee may be asked now."""
    context = {**_named(order.model), "version": order.authorisation.version.label}
    _send(
        order.model,
        order.model.owner,
        "suspension_released",
        context,
        reverse("model", args=[order.model_id]) + "#permission",
    )


def notice_due(notice: Notice, now: datetime) -> None:
    """Those who can give it hear that its time is nearly over, or over."""
    for to in watchers(notice.model, Role.VALIDATOR):
        with translation.override(to.language):
            context: dict[str, object] = {
                **_named(notice.model),
                "incident": notice.incident.number,
                "addressee": notice.get_addressee_display(),
                "due_at": timezone.localtime(notice.due_at),
                "is_overdue": notice.is_overdue(now),
            }
        _send(notice.model, to, "notice_due", context, _page(notice.incident))


def objection_due(objection: Objection, now: datetime) -> None:
    for to in watchers(objection.model, Role.VALIDATOR):
        context: dict[str, object] = {
            **_named(objection.model),
            "reference": objection.reference,
            "due_at": timezone.localtime(objection.due_at),
            "is_overdue": objection.is_overdue(now),
        }
        link = reverse("incidents:objections", args=[objection.model_id])
        _send(objection.model, to, "objection_due", context, link)


def watchers(model: AIModel, *roles: Role) -> list[User]:
    """The owner of the model and whoever has one of the roles in its organisation today."""
    seats = Membership.objects.current(timezone.localdate()).filter(
        organisation_id=model.organisation_id, role__in=roles or WATCHERS
    )
    people = User.objects.filter(Q(pk=model.owner_id) | Q(pk__in=seats.values("user_id")), is_active=True)
    return list(people.order_by("pk"))


def _named(model: AIModel) -> dict[str, object]:
    return {"number": model.number, "name": model.name}


def _page(incident: Incident) -> str:
    return reverse("incidents:incident", args=[incident.pk])


def _send(model: AIModel, to: User, key: str, context: dict[str, object], link: str) -> None:
    post.send(organisation_id=model.organisation_id, to=to, key=key, context=context, link=link)
