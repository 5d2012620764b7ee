"""What CI does with checks: start them and read what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.models import Dataset
from monitoring.runs import queries, services
from monitoring.runs.models import Run

router = Router(tags=["checks"])


class Figure(Schema):
    metric: str
    subject: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    limit: float | None
    verdict: str


class RunOut(Schema):
    """status: due, running, done, failed or cancelled. verdict: None until the check has answered; reasons say why in words.

    origin: {"name", "package", "version"} of a check that another package brings; None = one of Senim's own.
    """

    id: UUID
    check: str
    check_version: str
    origin: dict[str, str] | None
    version: str
    window: str
    status: str
    progress: int
    attempts: int
    verdict: str | None
    reasons: list[str]
    measurements: list[Figure]
    result_sha256: str | None
    due_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, answer: queries.Answer) -> RunOut:
        run, result = answer.run, answer.result
        return cls(
            id=run.pk,
            check=run.check_key,
            check_version=run.check_version,
            origin=answer.origin,
            version=run.version.label,
            window=run.window.name,
            status=run.status,
            progress=100 if run.is_finished else answer.percent,
            attempts=run.attempts,
            verdict=result.verdict if result else None,
            reasons=[answer.sentence] if answer.sentence else [],
            measurements=[Figure.from_orm(each) for each in answer.figures],
            result_sha256=result.sha256 if result else None,
            due_at=run.due_at,
            finished_at=run.finished_at,
        )


@router.post("/models/{uuid:model_id}/runs", response={202: list[RunOut]})
def start(request: Request, model_id: UUID) -> Any:
    """Ask all planned questions now, and as proposed for the tier what nobody has planned. Asking twice starts nothing twice."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        for dataset in Dataset.objects.visible_to(actor).standing().filter(model=model):
            services.set_default_plans(by=actor, dataset=dataset)
        started = services.start(by=actor, model=model)
        runs = Run.objects.visible_to(actor).filter(pk__in=[run.pk for run in started])
        return Status(202, [RunOut.of(queries.answer_of(run)) for run in runs])


@router.get("/runs/{uuid:run_id}", response=RunOut)
def show(request: Request, run_id: UUID) -> Any:
    """How far a run is, and what it answered."""
    actor = request.actor
    with viewing(actor):
        run = found(Run.objects.visible_to(actor).select_related("model"), pk=run_id)
        require(actor, "run.read", run.model)
        return RunOut.of(queries.answer_of(run))


@router.post("/runs/{uuid:run_id}/cancel", response=RunOut)
def cancel(request: Request, run_id: UUID) -> Any:
    """Call off a run that waits or is underway; what computes it is ended. Never an answer, and never green."""
    actor = request.actor
    with viewing(actor):
        run = found(Run.objects.visible_to(actor), pk=run_id)
        return RunOut.of(queries.answer_of(services.cancel(by=actor, run=run)))


@router.post("/runs/{uuid:run_id}/again", response={202: RunOut})
def again(request: Request, run_id: UUID) -> Any:
    """Ask the question of a run that failed or was cancelled once more, over the same data. Answers with the new run."""
    actor = request.actor
    with viewing(actor):
        run = found(Run.objects.visible_to(actor), pk=run_id)
        return Status(202, RunOut.of(queries.answer_of(services.ask_again(by=actor, run=run))))


@router.post("/runs/{uuid:run_id}/next", response=RunOut)
def put_next(request: Request, run_id: UUID) -> Any:
    """Give a run that waits the priority of a person's question; no blackout holds it up."""
    actor = request.actor
    with viewing(actor):
        run = found(Run.objects.visible_to(actor), pk=run_id)
        return RunOut.of(queries.answer_of(services.put_next(by=actor, run=run)))
