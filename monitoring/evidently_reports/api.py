"""What programs do about Evidently's own report: ask for one, read how far it is, fetch the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.people.acting import viewing
from governance.people.door import Request, found
from monitoring.data.models import Window
from monitoring.evidently_reports import queries, services
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.evidently_reports.queries import Told

router = Router(tags=["checks"])


class FeatureOut(Schema):
    feature: str
    method: str
    threshold: float
    score: float
    drifted: bool


class RoleOut(FeatureOut):
    """role: score, prediction or label."""

    role: str


class EvidentlyReportOut(Schema):
    """rows: of each period; drawn: of those what Evidently was given, by the seed. left_out: columns that cannot be compared.

    roles: score, decision and outcome, where both periods have them.
    """

    id: UUID
    window: str
    reference: str
    status: str
    reason: str
    rows: dict[str, int]
    drawn: dict[str, int]
    seed: int | None
    features: list[FeatureOut]
    roles: list[RoleOut]
    left_out: list[str]
    libraries: dict[str, str]
    sha256: str
    size: int
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, asked: EvidentlyReport) -> EvidentlyReportOut:
        told = Told(asked)
        said = asked.told if told.is_told else {}
        return cls(
            id=asked.pk,
            window=asked.window.name,
            reference=asked.reference.name,
            status=asked.status,
            reason=told.sentence,
            rows=said.get("rows", {}),
            drawn=said.get("drawn", {}),
            seed=said.get("seed"),
            features=[FeatureOut(**each) for each in said.get("features", [])],
            roles=[RoleOut(**each) for each in said.get("roles", [])],
            left_out=said.get("left_out", []),
            libraries=said.get("libraries", {}),
            **{name: getattr(asked, name) for name in ("sha256", "size", "requested_at", "finished_at")},
        )


@router.post("/windows/{uuid:window_id}/evidently", response={202: EvidentlyReportOut})
def ask(request: Request, window_id: UUID) -> Any:
    """Have Evidently's own report of a data period made. It is read at /evidently/{id} when a worker has made it."""
    actor = request.actor
    with viewing(actor):
        window = found(Window.objects.visible_to(actor).select_related("model"), pk=window_id)
        return Status(202, EvidentlyReportOut.of(services.ask(by=actor, window=window)))


@router.get("/evidently/{uuid:report_id}", response=EvidentlyReportOut)
def show(request: Request, report_id: UUID) -> Any:
    """How far a report is, and what Evidently found. The page itself: /evidently/{id}/report.html."""
    with viewing(request.actor):
        return EvidentlyReportOut.of(queries.its_report(request.actor, report_id))


@router.get("/evidently/{uuid:report_id}/report.html")
def page(request: Request, report_id: UUID) -> Any:
    """Evidently's page, as a file: it brings scripts of its own."""
    with viewing(request.actor):
        return queries.page_of(queries.its_report(request.actor, report_id))
