"""What programs do with past runs: have one computed again, and read how it compares."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.recomputing import comparing, services
from monitoring.recomputing.models import Recomputation
from monitoring.runs.models import Run

router = Router(tags=["checks"])


class BothFigures(Schema):
    metric: str
    subject: str
    was: float | None
    now: float | None
    n_was: int | None
    n_now: int | None
    differs: bool


class RecomputationOut(Schema):
    """outcome: "" until it has ended, then equal, figures_equal or different. The accepted result stays in each case."""

    id: UUID
    status: str
    outcome: str
    verdict_was: str
    verdict_now: str | None
    sha256_was: str
    sha256_now: str | None
    check_version_was: str
    check_version_now: str | None
    libraries_was: dict[str, str]
    libraries_now: dict[str, str]
    figures: list[BothFigures]
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, asked: Recomputation) -> RecomputationOut:
        result = asked.run.result
        return cls(
            id=asked.pk,
            status=asked.status,
            outcome=asked.outcome,
            verdict_was=result.verdict,
            verdict_now=asked.verdict or None,
            sha256_was=result.sha256,
            sha256_now=asked.digest or None,
            check_version_was=asked.run.check_version,
            check_version_now=asked.check_version or None,
            libraries_was=result.libraries,
            libraries_now=asked.libraries,
            figures=[BothFigures(**each, differs=not comparing.is_same(each)) for each in asked.figures],
            requested_at=asked.requested_at,
            finished_at=asked.finished_at,
        )


@router.post("/runs/{uuid:run_id}/recompute", response={202: RecomputationOut})
def recompute(request: Request, run_id: UUID) -> Any:
    """Compute a past run again from its recorded inputs. While that is underway it is not asked twice."""
    actor = request.actor
    with viewing(actor):
        run = found(Run.objects.visible_to(actor).select_related("result"), pk=run_id)
        return Status(202, RecomputationOut.of(services.recompute(by=actor, run=run)))


@router.get("/runs/{uuid:run_id}/recomputations", response=list[RecomputationOut])
def show(request: Request, run_id: UUID) -> Any:
    """Every time a run was computed again, the newest first."""
    actor = request.actor
    with viewing(actor):
        run = found(Run.objects.visible_to(actor).select_related("model"), pk=run_id)
        require(actor, "run.read", run.model)
        there = Recomputation.objects.visible_to(actor).filter(run=run).select_related("run__result")
        return [RecomputationOut.of(each) for each in there]
