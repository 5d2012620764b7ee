"""What a program reads of requirements: where each stands, today or as of a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from governance.errors import Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.obligations.lines import Line
from governance.obligations.past import queries
from governance.obligations.past.queries import Past
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require

router = Router(tags=["requirements"])


class PieceOut(Schema):
    """One piece of evidence that a status rests on. digest: SHA-256 of what was handed in or measured."""

    id: UUID
    kind: str
    verdict: str
    digest: str
    taken_at: datetime


class RequirementOut(Schema):
    """status: of the evidence, as computed; conclusion: of a named person, "" where nobody concluded."""

    framework: str
    key: str
    ref: str
    title: str
    norm: str
    status: str
    conclusion: str
    reasons: list[str]
    evidence: list[PieceOut]
    due_on: date | None


class RequirementsOut(Schema):
    """editions: key of a framework → the edition judged by. computed_at: null where nothing was computed by then."""

    as_of: date
    computed_at: datetime | None
    editions: dict[str, str]
    notice: str
    requirements: list[RequirementOut]


@router.get("/models/{uuid:model_id}/requirements", response=RequirementsOut)
def requirements(request: Request, model_id: UUID, as_of: date | None = None) -> Any:
    """Every requirement that asks something of a model, as it stood at the end of a day (default: today)."""
    today = timezone.localdate()
    day = as_of or today
    if day > today:
        raise RuleBroken(problems=[Problem("as_of", _("This day has not come yet."))])
    with viewing(request.actor):
        model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
        require(request.actor, "model.read", model)
        return _told(queries.as_of(model, day))


def _told(past: Past) -> RequirementsOut:
    return RequirementsOut(
        as_of=past.day,
        computed_at=past.computed_at,
        editions=dict(past.editions),
        notice=str(_("Evidence status under the editions named; not a legal opinion.")),
        requirements=[_requirement(past, line) for line in past.lines if line.is_asked],
    )


def _requirement(past: Past, line: Line) -> RequirementOut:
    obligation, pieces = line.obligation, past.pieces_of(line)
    return RequirementOut(
        framework=obligation.framework.key,
        key=obligation.key,
        ref=obligation.ref,
        title=obligation.title,
        norm=obligation.norm,
        status=line.duty.status,
        conclusion=line.concluded,
        reasons=line.reasons,
        evidence=[PieceOut.model_validate(piece.evidence, from_attributes=True) for piece in pieces],
        due_on=line.duty.due_on,
    )
