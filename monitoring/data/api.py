"""What CI does with data: describe a dataset once, hand in a data period again and again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from ninja import File, Form, Router, Schema, Status, UploadedFile

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from monitoring.data import receiving, services
from monitoring.data.models import Dataset, Window

router = Router(tags=["data"])


class DatasetIn(Schema):
    """allowed: per column {"low", "high"} or {"values": […]}; population: per column the share of each group, 0 to 1.

    kind: rows, orders or decisions. Of a log, log_columns: per role its column; log_values: per meaning its values.
    """

    name: str
    kind: str = "rows"
    features: list[str] = []
    categorical: list[str] = []
    sensitive: list[str] = []
    label: str = ""
    prediction: str = ""
    score: str = ""
    identifier: str = ""
    favourable: str = "1"
    time: str = ""
    expected_every_days: int | None = None
    allowed: dict[str, dict[str, Any]] = {}
    population: dict[str, dict[str, float]] = {}
    log_columns: dict[str, str] = {}
    log_values: dict[str, list[str]] = {}


class DatasetOut(DatasetIn):
    id: UUID


class WindowIn(Schema):
    dataset: str
    name: str
    part: str = "current"
    starts_on: date | None = None
    ends_on: date | None = None


class WindowOut(Schema):
    id: UUID
    name: str
    part: str
    made_of: str
    rows: int
    columns: list[dict[str, Any]]
    starts_on: date | None
    ends_on: date | None
    sha256: str
    source_sha256: str
    signature: str
    uploaded_at: datetime


@router.post("/models/{uuid:model_id}/datasets", response={201: DatasetOut})
def describe(request: Request, model_id: UUID, body: DatasetIn) -> Any:
    """Say what the columns of a model's data mean."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        dataset = services.describe(by=actor, model=model, **body.model_dump())
        return Status(201, DatasetOut.from_orm(dataset))


@router.post("/models/{uuid:model_id}/windows", response={201: WindowOut})
def add_window(request: Request, model_id: UUID, said: Form[WindowIn], file: File[UploadedFile]) -> Any:
    """Hand in a data period as CSV, Parquet or counts (JSON). A broken file is refused with row, column and rule named."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        dataset = found(Dataset.objects.visible_to(actor), model=model, name=said.dataset)
        given = said.model_dump(exclude={"dataset"})
        window: Window = services.add_window(
            by=actor, dataset=dataset, file=cast(BinaryIO, file), file_name=file.name or "upload", **given
        )
        return Status(201, WindowOut.from_orm(window))


@router.get("/datasets/{uuid:dataset_id}/plan-of-counts", response=dict[str, Any])
def plan_of_counts(request: Request, dataset_id: UUID) -> Any:
    """What to count at home instead of handing in rows: columns, cells that the reference froze, groups, outcome."""
    actor = request.actor
    with viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor), pk=dataset_id)
        return receiving.plan_of_counts(dataset)
