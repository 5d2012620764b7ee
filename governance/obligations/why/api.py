"""What programs read of the flags of a model, each with the answers that set it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from ninja import Router, Schema

from governance.inventory.models import AIModel
from governance.obligations.why.queries import FlagLine, lines_of
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require

router = Router(tags=["requirements"])


class FactOut(Schema):
    """One fact. answer: "" where nobody has answered."""

    fact: str
    source: Literal["registration", "grade", "organisation", "event"]
    question: str
    answer: str


class FlagOut(Schema):
    """value: null = open. because: the facts that decided it; of an open flag, those that are missing."""

    flag: str
    words: str
    value: bool | None
    because: list[FactOut]


class FlagsOut(Schema):
    flags: list[FlagOut]


@router.get("/models/{uuid:model_id}/flags", response=FlagsOut)
def flags(request: Request, model_id: UUID) -> Any:
    """The flags that decide which requirements apply to a model, computed from what is on record now."""
    with viewing(request.actor):
        models = AIModel.objects.visible_to(request.actor).select_related("organisation", "owner")
        model = found(models, pk=model_id)
        require(request.actor, "model.read", model)
        return FlagsOut(flags=[_told(line) for line in lines_of(model)])


def _told(line: FlagLine) -> FlagOut:
    because = [
        FactOut(fact=each.fact, source=each.kind, question=each.label, answer=each.text)
        for each in line.because
    ]
    return FlagOut(flag=line.flag, words=line.words, value=line.value, because=because)
