"""What a participant's programs do with figures of their own: declare them, and read what the register makes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.models import Window
from monitoring.declaring import queries, services
from monitoring.declaring.models import Declared
from monitoring.declaring.rules import Said

router = Router(tags=["checks"])


class FigureIn(Schema):
    check: str
    metric: str
    value: float
    n: int
    subject: str = ""


class DeclarationIn(Schema):
    """dataset, window, version: by their names."""

    dataset: str
    window: str
    version: str
    figures: list[FigureIn]


class DeclaredOut(Schema):
    """state: agrees, disagrees, or not_compared while no run of the register has measured the same figure.

    rule: by what they were compared: rows (another number of rows), rounded (the decimals it is declared with), parts (the
    error of counting in parts) or sampled (the interval, where the register takes a sample). measured_n: the register's rows.
    """

    check: str
    metric: str
    subject: str
    version: str
    window: str
    value: float
    n: int
    state: str
    rule: str | None
    measured: float | None
    measured_n: int | None
    low: float | None
    high: float | None
    difference: float | None
    run_id: UUID | None
    declared_at: datetime

    @classmethod
    def of(cls, pair: queries.Compared) -> DeclaredOut:
        declared, own = pair.declared, pair.measured
        return cls(
            check=declared.check_key,
            metric=declared.metric,
            subject=declared.subject,
            version=declared.version.label,
            window=declared.window.name,
            value=declared.value,
            n=declared.n,
            state=pair.state,
            rule=pair.judged.rule,
            measured=own.value if own else None,
            measured_n=own.n if own else None,
            low=own.low if own else None,
            high=own.high if own else None,
            difference=pair.difference,
            run_id=own.result.run_id if own else None,
            declared_at=declared.declared_at,
        )


@router.post("/models/{uuid:model_id}/declared", response={201: list[DeclaredOut]})
def declare(request: Request, model_id: UUID, body: DeclarationIn) -> Any:
    """Declare figures that you computed yourself. They are kept apart and count as evidence of nothing."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        windows = Window.objects.visible_to(actor).standing().filter(dataset__successor=None)
        window = found(windows, model=model, dataset__name=body.dataset, name=body.window)
        version = found(ModelVersion.objects.visible_to(actor), model=model, label=body.version)
        figures = [Said(**each.model_dump()) for each in body.figures]
        made = services.declare(by=actor, version=version, window=window, figures=figures)
        there = Declared.objects.visible_to(actor).filter(pk__in=[each.pk for each in made])
        return Status(201, [DeclaredOut.of(each) for each in queries.compared(there)])


@router.get("/models/{uuid:model_id}/declared", response=list[DeclaredOut])
def show(request: Request, model_id: UUID) -> Any:
    """Every declared figure that stands, beside what the register measured."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        require(actor, "run.read", model)
        there = Declared.objects.visible_to(actor).filter(model=model).standing()
        return [DeclaredOut.of(each) for each in queries.compared(there)]
