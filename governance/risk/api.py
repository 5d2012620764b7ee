"""What CI does with a grade: answer the questionnaire."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.risk import services
from governance.risk.models import RiskAssessment

router = Router(tags=["grade"])


class GradeIn(Schema):
    """An option, or words, for every question of the current edition that these answers ask."""

    answers: dict[str, str]


class GradeOut(Schema):
    id: UUID
    edition: str
    edition_sha256: str
    rule: str
    risk_degree: str
    autonomy_degree: str
    eu_class: str
    materiality: str
    complexity: str
    tier: int
    special_law: str
    reasons: list[dict[str, str]]
    assessed_at: datetime

    @classmethod
    def of(cls, grade: RiskAssessment) -> GradeOut:
        return cls.model_validate({name: getattr(grade, name) for name in cls.model_fields})


@router.post("/models/{uuid:model_id}/grade", response={201: GradeOut})
def assess(request: Request, model_id: UUID, body: GradeIn) -> Any:
    """Grade a model on both axes of the law, with the internal tier and the answers that set each."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        return Status(201, GradeOut.of(services.assess(by=actor, model=model, answers=body.answers)))
