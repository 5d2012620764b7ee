"""What a program reads of all models at once: the list and the matrix, today or as of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema

from governance.desk import overview, past
from governance.inventory.api import router
from governance.inventory.models import AIModel
from governance.inventory.past import existed
from governance.people import asked_day
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.asked_day import AsOf
from governance.people.door import Request
from governance.people.rights import require

__all__ = ["router"]
"""That of the inventory: one address has one router, whatever is done there."""
AT_ONCE = 100


class ListedOut(Schema):
    """One model in a list. null and "": not known, or not so. requirements: number by evidence status."""

    id: UUID
    number: str
    name: str | None = Field(description="null: the log does not tell the name of that day.")
    status: str
    risk_degree: str
    autonomy_degree: str
    tier: int | None
    requirements: dict[str, int]
    permission: str = Field(description="The versions that may run, with their environments.")


class ModelsOut(Schema):
    as_of: date
    count: int
    page: int
    models: list[ListedOut]


@router.get("/models", response=ModelsOut)
def models(request: Request, as_of: date | None = None, page: Annotated[int, Field(ge=1)] = 1) -> Any:
    """The models that the token may read, 100 a page, as they stand or as they stood at the end of a day."""
    actor = request.actor
    with viewing(actor):
        require(actor, "model.read", None)
        day = asked_day.as_of(actor, as_of)
        known = AIModel.objects.visible_to(actor).select_related("organisation")
        known = (existed(known, day) if day else known).order_by("organisation_id", "number")
        shown = known[(page - 1) * AT_ONCE : page * AT_ONCE]
        lines = _lines(shown, actor, day)
        return ModelsOut(
            as_of=as_of or timezone.localdate(),
            count=known.count(),
            page=page,
            models=[_listed(line) for line in lines],
        )


def _lines(shown: Any, actor: Actor, day: AsOf | None) -> list[overview.Line]:
    return past.lines(shown, day) if day else overview.lines(shown, actor, timezone.now())


def _listed(line: overview.Line) -> ListedOut:
    model, grade = line.model, line.grade
    return ListedOut(
        id=model.pk,
        number=model.number,
        name=model.name if line.is_known else None,
        status=str(model.status),
        risk_degree=grade.risk_degree if grade else "",
        autonomy_degree=grade.autonomy_degree if grade else "",
        tier=grade.tier if grade else None,
        requirements=dict(line.counts),
        permission=line.authorised,
    )
