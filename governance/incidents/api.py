"""The REST face: a program writes into the log of human oversight, and reads what stands against a model."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Router, Schema, Status

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
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        versions = ModelVersion.objects.visible_to(actor).filter(model=model)
        version = found(versions, label=event.version) if event.version else None
    kept = services.record_oversight(
        by=actor,
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
