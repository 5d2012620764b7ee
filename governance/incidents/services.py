"""The writers of this room: an incident from its opening to its end, and who is told of it.

Suspensions stand in stopping.py, the log of oversight, objections and drills in overseeing.py; all are called from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals.canonical import sha256
from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.incidents import announcing, clocks, rules
from governance.incidents.judging import chosen, said
from governance.incidents.kinds import IncidentKind, IncidentStatus, Severity, Source
from governance.incidents.models import Incident, Notice
from governance.incidents.overseeing import (
    answer_objection,
    finish_drill,
    record_drill,
    record_objection,
    record_oversight,
    start_drill,
)
from governance.incidents.stopping import ask_for_lift, emergency_stop, release, suspend
from governance.incidents.upkeep import catch_up
from governance.inventory.locks import locked
from governance.inventory.models import AIModel, ModelVersion
from governance.obligations import services as obligations
from governance.obligations.facts import model_flags
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import reaching, require
from governance.risk.grades import grades_of

__all__ = [
    "answer_objection",
    "ask_for_lift",
    "catch_up",
    "close",
    "contain",
    "emergency_stop",
    "finish_drill",
    "give_notice",
    "open_incident",
    "record_drill",
    "record_objection",
    "record_oversight",
    "release",
    "start_drill",
    "suspend",
]

OCCURRED = "incident_occurred"
LONGEST_TITLE = 200


def open_incident(
    *,
    by: Actor,
    model: AIModel,
    version: ModelVersion | None = None,
    kind: str,
    severity: str,
    title: str,
    description: str = "",
    source: str = Source.PERSON,
    source_key: str = "",
    summary: Mapping[str, Any] | None = None,
    detected_at: datetime | None = None,
) -> Incident:
    """Put an incident on record, start its clocks and tell the people. Raises NotAllowed, NotFound, RuleBroken.

    source_key: what a part of Senim opens it for; the same source and key a second time return the first incident and
    write nothing. summary: {"key", "params"} of the sentence that tells a machine-made incident (telling.py); `title`
    and `description` are then what is said where no such sentence exists.
    """
    _refuse_nonsense(kind, severity, source)
    title = said(title, "title", _("Say in one line what happened."), longest=LONGEST_TITLE)
    by = reaching(by, "incident.open", model)
    with acting(by, "incident.opened"):
        model = locked(model)
        require(by, "incident.open", model)
        there = _opened_already(model, source, source_key)
        if there is not None:
            return there
        if version is not None and version.model_id != model.pk:
            raise NotFound
        now = timezone.now()
        incident = Incident.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            version=version,
            number=_next_number(model.organisation_id),
            kind=kind,
            severity=severity,
            title=title,
            description=description.strip(),
            source=source,
            source_key=source_key,
            summary=dict(summary or {}),
            detected_at=_not_in_the_future(detected_at, now),
            opened_at=now,
            opened_by_id=by.user_id,
        )
        obligations.note_occurrence(
            by=by,
            model=model,
            flag=OCCURRED,
            source="incident",
            source_id=incident.pk,
            at=incident.detected_at,
        )
        notices = _start_clocks(incident)
        announcing.opened(incident, notices)
    return incident


def contain(*, by: Actor, incident: Incident, measures: str) -> Incident:
    """The harm is stopped; the cause is still looked for. Raises NotAllowed, OutOfOrder, RuleBroken."""
    measures = said(measures, "measures", _("Say what was done to stop it."))
    with acting(by, "incident.contained"):
        incident = _handled(by, incident)
        if incident.status != IncidentStatus.OPEN:
            raise OutOfOrder(_("This incident is already contained."))
        incident.status, incident.containment = IncidentStatus.CONTAINED, measures
        incident.contained_at, incident.contained_by_id = timezone.now(), by.person
        incident.save(update_fields=["status", "containment", "contained_at", "contained_by"])
    return incident


def close(*, by: Actor, incident: Incident, cause: str, measures: str) -> Incident:
    """Close it with its cause and what was done so that it does not happen again. Gives evidence of the process.

    Raises NotAllowed, OutOfOrder (a notice is still owed), RuleBroken.
    """
    cause = said(cause, "cause", _("Say what caused it."))
    measures = said(measures, "measures", _("Say what was done so that it does not happen again."))
    with acting(by, "incident.closed"):
        incident = _handled(by, incident)
        if incident.notices.owed().exists():
            raise OutOfOrder(_("A notice is still owed. Give it first, then close the incident."))
        incident.status, incident.cause, incident.measures = IncidentStatus.CLOSED, cause, measures
        incident.closed_at, incident.closed_by_id = timezone.now(), by.person
        incident.save(update_fields=["status", "cause", "measures", "closed_at", "closed_by"])
        _record_process(by, incident)
    return incident


def give_notice(
    *,
    by: Actor,
    notice: Notice,
    text: str,
    reference: str = "",
    sent_at: datetime | None = None,
) -> Notice:
    """A person has told the addressee, by their own channel: what was told, when, and under which reference.

    Senim sends nothing to an authority by itself. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    text = said(text, "text", _("Say what the addressee was told."))
    with acting(by, "notice.given"):
        model = locked(notice.model)
        require(by, "notice.give", model)
        notice = locked(notice)
        if notice.sent_at is not None:
            raise OutOfOrder(_("This notice was already given."))
        notice.text, notice.reference = text, reference.strip()[:120]
        notice.sent_at = _not_in_the_future(sent_at, timezone.now(), "sent_at")
        notice.sent_by_id = by.person
        notice.save(update_fields=["text", "reference", "sent_at", "sent_by"])
        _record_notice(by, notice)
    return notice


def _opened_already(model: AIModel, source: str, source_key: str) -> Incident | None:
    """The organisation is locked with it: two incidents never take the same number."""
    locked(Organisation(pk=model.organisation_id))
    if not source_key:
        return None
    found: Incident | None = Incident.objects.filter(
        organisation_id=model.organisation_id, source=source, source_key=source_key
    ).first()
    return found


def _next_number(organisation_id: UUID) -> str:
    """Numbers are never used twice: no incident is ever removed."""
    numbers = Incident.objects.filter(organisation_id=organisation_id)
    last = numbers.aggregate(last=Max(Cast(Substr("number", 3), IntegerField())))["last"]
    return f"I-{(last or 0) + 1:04d}"


def _start_clocks(incident: Incident) -> list[Notice]:
    """Every clock that this incident starts, from the moment it was noticed."""
    model, known = incident.model, clocks.load()
    grade = grades_of([model]).get(model.pk)
    flags = model_flags(model, grade, licensed=model.organisation.is_licensed)
    running = rules.started(
        known.notices,
        kind=incident.kind,
        severity=incident.severity,
        flags=flags,
        on=timezone.localdate(incident.detected_at),
    )
    return Notice.objects.bulk_create(
        Notice(
            organisation_id=incident.organisation_id,
            model_id=incident.model_id,
            incident=incident,
            addressee=clock.addressee,
            clock=clock.key,
            terms=known.terms[clock.key],
            due_at=clocks.due(clock, incident.detected_at),
        )
        for clock in running
    )


def _handled(by: Actor, incident: Incident) -> Incident:
    """The model, then the incident, locked in this order; judged as they stand now."""
    model = locked(incident.model)
    require(by, "incident.handle", model)
    incident = locked(incident)
    if incident.is_closed:
        raise OutOfOrder(_("This incident is closed."))
    return incident


def _record_process(by: Actor, incident: Incident) -> None:
    """An incident that was taken to its end shows that the process works; the newest of a model speaks."""
    told = {"number": incident.number, "cause": incident.cause, "measures": incident.measures}
    obligations.record(
        by=by,
        organisation_id=incident.organisation_id,
        model_id=incident.model_id,
        version_id=incident.version_id,
        kind="incident_process",
        verdict="on_file",
        source="incident",
        source_id=incident.pk,
        digest=sha256(told),
        taken_at=incident.closed_at or timezone.now(),
        summary={"incident": incident.number},
    )


def _record_notice(by: Actor, notice: Notice) -> None:
    told = {"incident": str(notice.incident_id), "addressee": notice.addressee, "text": notice.text}
    obligations.record(
        by=by,
        organisation_id=notice.organisation_id,
        model_id=notice.model_id,
        version_id=None,
        kind="authority_notification",
        verdict="on_file",
        source=f"notice:{notice.addressee}",
        source_id=notice.pk,
        digest=sha256(told),
        taken_at=notice.sent_at or timezone.now(),
        summary={
            "addressee": notice.addressee,
            "late": bool(notice.sent_at and notice.sent_at > notice.due_at),
        },
    )


def _refuse_nonsense(kind: str, severity: str, source: str) -> None:
    """Raises RuleBroken."""
    chosen(kind, IncidentKind, "kind")
    chosen(severity, Severity, "severity")
    chosen(source, Source, "source")


def _not_in_the_future(moment: datetime | None, now: datetime, field: str = "detected_at") -> datetime:
    """Raises RuleBroken."""
    if moment is not None and moment > now:
        raise RuleBroken(problems=[Problem(field, _("This moment has not come yet."))])
    return moment or now
