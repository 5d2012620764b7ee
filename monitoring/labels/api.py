"""What CI does with outcomes: hand them in when they become known, and read how much of a data period is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from ninja import File, Router, Schema, Status, UploadedFile

from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.models import Window
from monitoring.labels import queries, services
from monitoring.labels.models import Labels
from monitoring.refusals import services as refusals

router = Router(tags=["data"])


class LabelsOut(Schema):
    """fresh: rows whose outcome this delivery made known; labelled: all of the data period's whose outcome is known with it.

    removed_at: since when the file is gone, erased with the rows of its data period.
    """

    id: UUID
    number: int
    fresh: int
    labelled: int
    sha256: str
    source_sha256: str
    uploaded_at: datetime
    removed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


class KnownOut(Schema):
    """labelled, share: None where nobody can count them."""

    rows: int
    labelled: int | None
    share: float | None
    deliveries: list[LabelsOut]


@router.post("/windows/{uuid:window_id}/labels", response={201: LabelsOut})
def add(request: Request, window_id: UUID, file: File[UploadedFile]) -> Any:
    """Hand in outcomes of a data period as CSV or Parquet. Rows that do not fit it are named; then nothing is taken in.

    All of them are told by the `report` of the problem (422), as CSV for 30 days.
    """
    actor = request.actor
    with refusals.noted(actor), viewing(actor):
        window = found(Window.objects.visible_to(actor), pk=window_id)
        taken: Labels = services.add(
            by=actor, window=window, file=cast(BinaryIO, file), file_name=file.name or "upload"
        )
        return Status(201, LabelsOut.from_orm(taken))


@router.get("/windows/{uuid:window_id}/labels", response=KnownOut)
def show(request: Request, window_id: UUID) -> Any:
    """How many rows of a data period have a known outcome, and what was handed in when."""
    actor = request.actor
    with viewing(actor):
        window = found(Window.objects.visible_to(actor).select_related("model", "dataset"), pk=window_id)
        require(actor, "run.read", window.model)
        known = queries.known(window)
        return KnownOut(
            rows=known.rows,
            labelled=known.labelled,
            share=known.share,
            deliveries=[LabelsOut.from_orm(each) for each in queries.deliveries(window)],
        )
