"""The REST face: a program writes into the log of human oversight, and reads what stands against a model."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from governance.incidents import queries, services
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require

router = Router(tags=["incidents"])


class OversightIn(Schema):
    """kind: override, stop, review or escalation. key: yours, so that handing it in twice writes once. No personal data."""

    kind: str
    done: str
    operator: str = ""
    decision_reference: str = ""
    version: str = ""
    at: datetime | None = None
    key: str = ""


class OversightOut(Schema):
    id: UUID
    kind: str
    at: datetime


class DrillIn(Schema):
    """kind: kill_switch, fallback or incident. worked: it did what it should; target_seconds: how long it may take.

    key: yours, so that handing it in twice writes once. No personal data.
    """

    kind: str
    started_at: AwareDatetime
    ended_at: AwareDatetime
    worked: bool
    findings: str
    target_seconds: int | None = Field(None, ge=0, le=2_000_000_000)
    version: str = ""
    key: str = ""


class DrillOut(Schema):
    """passed: it worked, and in the time allowed. seconds: how long it took."""

    id: UUID
    kind: str
    seconds: float
    passed: bool


class IncidentOut(Schema):
    """owed: notices that were not given yet. next_due: the nearest of them."""

    number: str
    kind: str
    severity: str
    status: str
    title: str
    version: str
    detected_at: datetime
    owed: int
    next_due: datetime | None


@router.post("/models/{uuid:model_id}/oversight", response={201: OversightOut})
def write_oversight(request: Request, model_id: UUID, event: OversightIn) -> Status[OversightOut]:
    """A person stepped in: they overrode, stopped or reviewed a result, or took a case over. Needs oversight:write."""
    model, version = _told_of(request, model_id, event.version)
    kept = services.record_oversight(
        by=request.actor,
        model=model,
        kind=event.kind,
        done=event.done,
        operator=event.operator,
        decision_reference=event.decision_reference,
        version=version,
        at=event.at,
        source_key=event.key.strip()[:120],
    )
    return Status(201, OversightOut(id=kept.pk, kind=kept.kind, at=kept.at))


@router.post("/models/{uuid:model_id}/drills", response={201: DrillOut})
def write_drill(request: Request, model_id: UUID, drill: DrillIn) -> Status[DrillOut]:
    """A drill that was held and timed by a program. One that failed is evidence that fails. Needs oversight:write."""
    model, version = _told_of(request, model_id, drill.version)
    kept = services.record_drill(
        by=request.actor,
        model=model,
        kind=drill.kind,
        started_at=drill.started_at,
        ended_at=drill.ended_at,
        worked=drill.worked,
        findings=drill.findings,
        target_seconds=drill.target_seconds,
        version=version,
        source_key=drill.key.strip()[:120],
    )
    return Status(201, DrillOut(id=kept.pk, kind=kept.kind, seconds=kept.seconds or 0.0, passed=kept.passed))


def _told_of(request: Request, model_id: UUID, label: str) -> tuple[AIModel, ModelVersion | None]:
    """The model of the address and the version that the body names, as far as the sender sees them. Raises NotFound."""
    with viewing(request.actor):
        model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
        versions = ModelVersion.objects.visible_to(request.actor).filter(model=model)
        return model, found(versions, label=label) if label else None


@router.get("/models/{uuid:model_id}/incidents", response=list[IncidentOut])
def list_incidents(request: Request, model_id: UUID) -> list[IncidentOut]:
    """The incidents of a model, open ones first."""
    with viewing(request.actor):
        model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
        require(request.actor, "incident.read", model)
        return [_shown(line) for line in queries.lines(queries.incidents(request.actor, model=model))]


def _shown(line: queries.Line) -> IncidentOut:
    incident = line.incident
    return IncidentOut(
        number=incident.number,
        kind=incident.kind,
        severity=incident.severity,
        status=incident.status,
        title=line.title,
        version=incident.version.label if incident.version else "",
        detected_at=incident.detected_at,
        owed=line.owed,
        next_due=line.next_due,
    )
