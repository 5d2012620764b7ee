"""What programs read of findings: what was found about a model, who deals with it, and whether its day has passed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.runs import finding_queries
from monitoring.runs.finding_queries import Filter, Told

router = Router(tags=["checks"])


class FindingOut(Schema):
    """owner: the name of who deals with it. overdue: open, and the day by which it was to be dealt with has passed."""

    id: UUID
    kind: str
    severity: str
    check: str
    version: str | None
    window: str | None
    sentence: str
    owner: str | None
    due_on: date | None
    overdue: bool
    overdue_since: date | None
    incident: str | None
    run_id: UUID | None
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, told: Told) -> FindingOut:
        finding = told.finding
        return cls(
            id=finding.pk,
            kind=finding.kind,
            severity=finding.severity,
            check=finding.check_key,
            version=finding.version.label if finding.version else None,
            window=finding.window.name if finding.window else None,
            sentence=told.sentence,
            owner=finding.owner.name if finding.owner else None,
            due_on=finding.due_on,
            overdue=told.overdue_since is not None,
            overdue_since=told.overdue_since,
            incident=finding.incident.number if finding.incident else None,
            run_id=finding.run_id,
            opened_at=finding.opened_at,
            seen_at=finding.seen_at,
            closed_at=finding.closed_at,
        )


@router.get("/models/{uuid:model_id}/findings", response=list[FindingOut])
def show(
    request: Request, model_id: UUID, state: Literal["open", "overdue", "closed", "all"] = "open"
) -> Any:
    """What monitoring found about a model: the open ones, unless others are asked for."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        require(actor, "run.read", model)
        listed = finding_queries.findings(actor, Filter.of(state, "")).filter(model=model)
        return [FindingOut.of(each) for each in finding_queries.shown(listed, timezone.localdate())]
