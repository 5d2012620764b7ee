"""What programs do when a person asks why: ask about one case, and read what its decision rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.errors import NotFound
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.models import Window
from monitoring.decisions import services
from monitoring.decisions.models import Explained
from monitoring.decisions.queries import Told

router = Router(tags=["checks"])


class CaseIn(Schema):
    """version: None = the newest that stands."""

    case: str
    version: UUID | None = None


class ContributionOut(Schema):
    feature: str
    value: str
    contribution: float


class ExplainedOut(Schema):
    """output = base + the sum of the contributions. fidelity: R² of a stand-in, None where the model's own file was run."""

    id: UUID
    case: str
    version: str
    window: str
    status: str
    reason: str
    score: float | None
    output: float | None
    base: float | None
    fidelity: float | None
    contributions: list[ContributionOut]
    inputs: dict[str, str]
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, asked: Explained) -> ExplainedOut:
        told = Told(asked)
        said = told.found if told.is_told else {}
        return cls(
            id=asked.pk,
            case=asked.case,
            version=asked.version.label,
            window=asked.window.name,
            status=asked.status,
            reason=told.sentence,
            fidelity=(said.get("fidelity") or {}).get("value"),
            contributions=[ContributionOut(**each) for each in said.get("contributions", [])],
            inputs=said.get("inputs", {}),
            requested_at=asked.requested_at,
            finished_at=asked.finished_at,
            **{name: said.get(name) for name in ("score", "output", "base")},
        )


@router.post("/windows/{uuid:window_id}/decisions", response={202: ExplainedOut})
def ask(request: Request, window_id: UUID, body: CaseIn) -> Any:
    """Have the decision of one case explained. The answer is read at /decisions/{id} when a worker has given it."""
    actor = request.actor
    with viewing(actor):
        window = found(Window.objects.visible_to(actor).select_related("model"), pk=window_id)
        version = services.its_version(window.model, body.version)
        if version is None:
            raise NotFound
        return Status(
            202, ExplainedOut.of(services.ask(by=actor, window=window, version=version, case=body.case))
        )


@router.get("/decisions/{uuid:explained_id}", response=ExplainedOut)
def show(request: Request, explained_id: UUID) -> Any:
    """What one decision rests on, the largest contribution first."""
    actor = request.actor
    with viewing(actor):
        rows = Explained.objects.visible_to(actor).select_related("model", "version", "window")
        asked = found(rows, pk=explained_id)
        require(actor, "decision.explain", asked.model)
        return ExplainedOut.of(asked)
