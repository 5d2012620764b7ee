"""What pages ask about incidents, suspensions, oversight, objections and drills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from governance.approvals.models import ApprovalRequest, Authorisation, AuthorisationState, Purpose
from governance.approvals.words import environment
from governance.incidents import telling
from governance.incidents.models import Drill, Incident, Notice, Objection, OversightEvent, SuspensionOrder
from governance.inventory.models import AIModel
from governance.people.actor import Actor
from governance.people.rights import may

MOST_EVENTS = 200
PANEL_RIGHTS = ("incident.open", "permission.suspend", "permission.ask_lift", "permission.release")


@dataclass(frozen=True)
class Line:
    """One incident in a list. owed: notices that were not given yet; next_due: the nearest of them."""

    incident: Any
    title: str
    owed: int
    next_due: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Clocked:
    """A notice or an objection beside its clock. status: a key of the status component."""

    row: Any
    status: str
    title: str
    set_by: str
    note: str


@dataclass(frozen=True)
class Event:
    """One step of an incident, for its timeline. what: a key of _timeline.html; words: what was said."""

    at: datetime
    what: str
    who: str = ""
    words: str = ""


@dataclass(frozen=True)
class Stopped:
    """A suspended permission: why, on whose word, and how it comes back. request: the lift before the committee."""

    authorisation: Authorisation
    environment: str
    order: SuspensionOrder | None
    reasons: Sequence[str]
    authority: str
    request: ApprovalRequest | None
    is_expired: bool


@dataclass(frozen=True)
class Panel:
    """What the page of a model shows of this room, and what its reader may do there."""

    open: Sequence[Line]
    stopped: Sequence[Stopped]
    is_running: bool
    may_open: bool
    may_suspend: bool
    may_ask_lift: bool
    may_release: bool


def panel(model: AIModel, actor: Actor) -> Panel:
    return Panel(
        lines(incidents(actor, model=model).filter(closed_at=None)),
        stopped(model),
        bool(running(model)),
        *(may(actor, right, model) for right in PANEL_RIGHTS),
    )


def incidents(actor: Actor, *, model: AIModel | None = None) -> QuerySet[Incident]:
    """Open ones first, those whose notice is due soonest before the others."""
    owed = Q(notices__sent_at=None, notices__id__isnull=False)
    found: QuerySet[Incident] = Incident.objects.visible_to(actor)
    if model is not None:
        found = found.filter(model=model)
    counted = found.annotate(owed=Count("notices", filter=owed), next_due=Min("notices__due_at", filter=owed))
    return counted.select_related("model", "version", "organisation").order_by(
        F("closed_at").desc(nulls_first=True), F("next_due").asc(nulls_last=True), "-detected_at"
    )


def lines(rows: Iterable[Any]) -> list[Line]:
    """rows: of `incidents`."""
    now = timezone.now()
    return [
        Line(each, telling.title(each), each.owed, each.next_due, bool(each.next_due and each.next_due < now))
        for each in rows
    ]


def of(actor: Actor) -> QuerySet[Incident]:
    """Incidents with everything that their page shows."""
    people = "model__owner", "version", "organisation", "opened_by", "contained_by", "closed_by"
    return (
        Incident.objects.visible_to(actor)
        .select_related(*people)
        .prefetch_related(
            "notices__sent_by",
            "suspensions__ordered_by",
            "suspensions__authorisation__version",
            "oversight__recorded_by",
        )
    )


def timeline(incident: Incident) -> list[Event]:
    """Everything that was done, oldest first."""
    return sorted(_events(incident), key=lambda event: event.at)


def _events(incident: Incident) -> Iterator[Event]:
    yield Event(incident.detected_at, "noticed", incident.get_source_display())
    yield Event(incident.opened_at, "opened", _name(incident.opened_by))
    if incident.contained_at:
        yield Event(incident.contained_at, "contained", _name(incident.contained_by), incident.containment)
    if incident.closed_at:
        yield Event(incident.closed_at, "closed", _name(incident.closed_by), incident.measures)
    for notice in incident.notices.all():
        if notice.sent_at:
            yield Event(notice.sent_at, "told", _name(notice.sent_by), notice.get_addressee_display())
    for order in incident.suspensions.all():
        yield Event(order.ordered_at, "suspended", by_whom(order), order.reason)
        if order.lifted_at:
            yield Event(order.lifted_at, order.outcome, "", order.authorisation.version.label)
    for event in incident.oversight.all():
        yield Event(event.at, "oversight", event.operator, event.done)


def by_whom(order: SuspensionOrder) -> str:
    """The supervisor by its name; a person of one's own by theirs."""
    language = (get_language() or "en")[:2]
    return order.authority.get(language, "") or _name(order.ordered_by)


def clocked(row: Notice | Objection, now: datetime) -> Clocked:
    """In words: by when, who says so, and how sure that is."""
    language = (get_language() or "en")[:2]
    terms = row.terms
    return Clocked(
        row,
        _status(row, now),
        terms["title"].get(language, terms["title"]["en"]),
        terms["set_by"].get(language, ""),
        terms["note"].get(language, ""),
    )


def _status(row: Notice | Objection, now: datetime) -> str:
    done = row.sent_at if isinstance(row, Notice) else row.answered_at
    if done is not None:
        return "on_time" if done <= row.due_at else "late"
    return "overdue" if row.is_overdue(now) else "due"


def running(model: AIModel) -> list[tuple[Authorisation, str]]:
    """The permissions that can be suspended, with their environment in words."""
    active = Authorisation.objects.filter(
        model=model, state=AuthorisationState.ACTIVE, expires_at__gt=timezone.now()
    )
    return [(each, environment(each.environment)) for each in active.select_related("version")]


def stopped(model: AIModel) -> list[Stopped]:
    """The suspended permissions of a model, with what brings them back."""
    suspended = list(
        Authorisation.objects.filter(model=model, state=AuthorisationState.SUSPENDED).select_related(
            "version"
        )
    )
    if not suspended:
        return []
    orders: dict[UUID, SuspensionOrder] = {}
    standing = SuspensionOrder.objects.filter(authorisation__in=suspended, lifted_at=None)
    for order in standing.select_related("ordered_by", "incident").order_by("ordered_at"):
        orders[order.authorisation_id] = order
    asked = {
        each.lifts_id: each
        for each in ApprovalRequest.objects.open().filter(purpose=Purpose.LIFT, lifts__in=suspended)
    }
    now = timezone.now()
    return [_stopped(each, orders.get(each.pk), asked.get(each.pk), now) for each in suspended]


def _stopped(
    authorisation: Authorisation,
    order: SuspensionOrder | None,
    request: ApprovalRequest | None,
    now: datetime,
) -> Stopped:
    return Stopped(
        authorisation,
        environment(authorisation.environment),
        order,
        [each["key"] for each in authorisation.reasons],
        by_whom(order) if order else "",
        request,
        authorisation.expires_at <= now,
    )


def oversight(model: AIModel) -> list[OversightEvent]:
    found = OversightEvent.objects.filter(model=model).select_related("version", "recorded_by", "incident")
    return list(found[:MOST_EVENTS])


def objections(model: AIModel) -> list[Objection]:
    found = Objection.objects.filter(model=model).select_related("answered_by", "version")
    return list(found.order_by("-answered_at", "due_at")[:MOST_EVENTS])


def drills(model: AIModel) -> list[Drill]:
    return list(Drill.objects.filter(model=model).select_related("led_by", "version")[:MOST_EVENTS])


def _name(person: Any) -> str:
    return str(person) if person is not None else ""
