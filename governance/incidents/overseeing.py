"""What people do beside the model: they step in, answer objections, and try whether the stop works."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals.canonical import sha256
from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.incidents import clocks
from governance.incidents.judging import chosen, said
from governance.incidents.kinds import DrillKind, Ground, OversightKind, OversightSource
from governance.incidents.models import Drill, Incident, Objection, OversightEvent
from governance.inventory.locks import locked
from governance.inventory.models import AIModel, ModelVersion
from governance.obligations import services as obligations
from governance.obligations.facts import model_flags
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from governance.risk.grades import grades_of

EVIDENCE_OF_DRILL = {
    DrillKind.KILL_SWITCH: "kill_switch_test",
    DrillKind.FALLBACK: "fallback_test",
    DrillKind.INCIDENT: "incident_process",
}
OUTCOMES = ("upheld", "partly", "rejected")


def record_oversight(
    *,
    by: Actor,
    model: AIModel,
    kind: str,
    done: str,
    operator: str = "",
    decision_reference: str = "",
    version: ModelVersion | None = None,
    incident: Incident | None = None,
    at: datetime | None = None,
    source_key: str = "",
) -> OversightEvent:
    """A person overrode, stopped, reviewed or took over. Gives evidence of human oversight, once a day and model.

    operator: who stepped in, as the participant names them; the one who writes it here unless given. source_key: of a
    program that hands it in; the same key a second time returns the first event. Raises NotAllowed, NotFound, RuleBroken.
    """
    chosen(kind, OversightKind, "kind")
    done = said(done, "done", _("Say what was done."))
    _refuse_foreign(model, version, incident)
    with acting(by, "oversight.recorded"):
        model = locked(model)
        require(by, "oversight.record", model)
        there = _handed_in(model, source_key)
        if there is not None:
            return there
        event: OversightEvent = OversightEvent.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            version=version,
            incident=incident,
            kind=kind,
            at=_past(at, timezone.now(), "at"),
            decision_reference=decision_reference.strip()[:120],
            operator=(operator.strip() or by.name)[:120],
            done=done,
            source=OversightSource.PERSON if by.is_person else OversightSource.API,
            source_key=source_key,
            recorded_by_id=by.user_id,
        )
        _record_log(by, event)
    return event


def record_objection(
    *,
    by: Actor,
    model: AIModel,
    reference: str,
    ground: str,
    received_at: datetime | None = None,
    decision_reference: str = "",
    version: ModelVersion | None = None,
) -> Objection:
    """A person objects to a decision; its clock starts. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken.

    reference: under which the participant keeps the objection. Nothing here says who the person is.
    """
    chosen(ground, Ground, "ground")
    reference = said(reference, "reference", _("Give the reference of your own files."), longest=60)
    _refuse_foreign(model, version, None)
    with acting(by, "objection.recorded"):
        model = locked(model)
        require(by, "objection.record", model)
        if Objection.objects.filter(model=model, reference=reference).exists():
            raise OutOfOrder(_("An objection with this reference is already on record."))
        received = _past(received_at, timezone.now(), "received_at")
        flags = model_flags(model, grades_of([model]).get(model.pk), licensed=model.organisation.is_licensed)
        clock = clocks.load().for_objection(flags, timezone.localdate(received))
        return Objection.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            version=version,
            reference=reference,
            decision_reference=decision_reference.strip()[:120],
            ground=ground,
            received_at=received,
            due_at=clocks.due(clock, received),
            terms=clocks.load().terms[clock.key],
            recorded_by_id=by.person,
        )


def answer_objection(
    *, by: Actor, objection: Objection, outcome: str, answer: str, answered_at: datetime | None = None
) -> Objection:
    """The person was answered. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if outcome not in OUTCOMES:
        raise RuleBroken(problems=[Problem("outcome", _("Choose one of the list."))])
    answer = said(answer, "answer", _("Say what was answered, without naming the person."))
    with acting(by, "objection.answered"):
        require(by, "objection.record", locked(objection.model))
        objection = locked(objection)
        if objection.answered_at is not None:
            raise OutOfOrder(_("This objection was already answered."))
        moment = _past(answered_at, timezone.now(), "answered_at")
        if moment < objection.received_at:
            raise RuleBroken(problems=[Problem("answered_at", _("It was received later than that."))])
        objection.outcome, objection.answer = outcome, answer
        objection.answered_at, objection.answered_by_id = moment, by.person
        objection.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    return objection


def start_drill(
    *,
    by: Actor,
    model: AIModel,
    kind: str,
    target_seconds: int | None = None,
    version: ModelVersion | None = None,
    started_at: datetime | None = None,
    source_key: str = "",
) -> Drill:
    """The drill begins now; Senim measures until `finish_drill`. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken."""
    chosen(kind, DrillKind, "kind")
    _refuse_foreign(model, version, None)
    with acting(by, "drill.started"):
        model = locked(model)
        require(by, "drill.record", model)
        if started_at is None and Drill.objects.filter(model=model, kind=kind, ended_at=None).exists():
            raise OutOfOrder(_("Such a drill is already running. Finish it first."))
        return Drill.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            version=version,
            kind=kind,
            target_seconds=target_seconds,
            started_at=_past(started_at, timezone.now(), "started_at"),
            source_key=source_key,
            led_by_id=by.person,
        )


def finish_drill(
    *, by: Actor, drill: Drill, worked: bool, findings: str, ended_at: datetime | None = None
) -> Drill:
    """The drill is over: how long it took is what evidence says. Raises NotAllowed, OutOfOrder, RuleBroken."""
    findings = said(findings, "findings", _("Say what was tried and what was seen."))
    with acting(by, "drill.finished"):
        require(by, "drill.record", locked(drill.model))
        drill = locked(drill)
        if drill.ended_at is not None:
            raise OutOfOrder(_("This drill is already over."))
        moment = _past(ended_at, timezone.now(), "ended_at")
        if moment < drill.started_at:
            raise RuleBroken(problems=[Problem("ended_at", _("It began later than that."))])
        drill.ended_at, drill.worked, drill.findings = moment, worked, findings
        drill.save(update_fields=["ended_at", "worked", "findings"])
        _record_test(by, drill)
    return drill


def record_drill(
    *,
    by: Actor,
    model: AIModel,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    worked: bool,
    findings: str,
    target_seconds: int | None = None,
    version: ModelVersion | None = None,
    source_key: str = "",
) -> Drill:
    """A drill that was held and timed elsewhere. source_key: as with oversight. Raises NotAllowed, NotFound, RuleBroken."""
    with acting(by, "drill.recorded"):
        require(by, "drill.record", locked(model))
        there: Drill | None = Drill.objects.filter(model=model, source_key=source_key).first()
        if source_key and there is not None:
            return there
        drill = start_drill(
            by=by,
            model=model,
            kind=kind,
            target_seconds=target_seconds,
            version=version,
            started_at=started_at,
            source_key=source_key,
        )
        return finish_drill(by=by, drill=drill, worked=worked, findings=findings, ended_at=ended_at)


def _handed_in(model: AIModel, source_key: str) -> OversightEvent | None:
    if not source_key:
        return None
    found: OversightEvent | None = OversightEvent.objects.filter(model=model, source_key=source_key).first()
    return found


def _record_log(by: Actor, event: OversightEvent) -> None:
    """One piece of evidence a day and model is enough to say that the log is kept."""
    day = timezone.localdate(event.at)
    told = {"event": str(event.pk), "kind": event.kind, "at": event.at.isoformat(), "done": event.done}
    source_id = uuid5(event.model_id, day.isoformat())
    summary = {"day": day.isoformat(), "first": str(event.pk)}
    _record(
        by, event, "human_oversight_log", "on_file", "oversight", source_id, sha256(told), event.at, summary
    )


def _record_test(by: Actor, drill: Drill) -> None:
    told = {
        "drill": str(drill.pk),
        "kind": drill.kind,
        "seconds": drill.seconds,
        "target_seconds": drill.target_seconds,
        "passed": drill.passed,
    }
    kind, verdict = EVIDENCE_OF_DRILL[DrillKind(drill.kind)], "passed" if drill.passed else "failed"
    ended = drill.ended_at or timezone.now()
    _record(by, drill, kind, verdict, f"drill:{drill.kind}", drill.pk, sha256(told), ended, told)


def _record(
    by: Actor,
    row: OversightEvent | Drill,
    kind: str,
    verdict: str,
    source: str,
    source_id: UUID,
    digest: str,
    taken_at: datetime,
    summary: dict[str, Any],
) -> None:
    obligations.record(
        by=by,
        organisation_id=row.organisation_id,
        model_id=row.model_id,
        version_id=row.version_id,
        kind=kind,
        verdict=verdict,
        source=source,
        source_id=source_id,
        digest=digest,
        taken_at=taken_at,
        summary=summary,
    )


def _refuse_foreign(model: AIModel, version: ModelVersion | None, incident: Incident | None) -> None:
    """Raises NotFound."""
    if any(each is not None and each.model_id != model.pk for each in (version, incident)):
        raise NotFound


def _past(moment: datetime | None, now: datetime, field: str) -> datetime:
    """Raises RuleBroken."""
    if moment is not None and moment > now:
        raise RuleBroken(problems=[Problem(field, _("This moment has not come yet."))])
    return moment or now
