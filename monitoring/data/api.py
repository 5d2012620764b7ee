"""What CI does with data: describe a dataset once, hand in a data period again and again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from ninja import File, Form, Query, Router, Schema, Status, UploadedFile

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data import receiving, services
from monitoring.data.body import spooled
from monitoring.data.models import Dataset, Window
from monitoring.refusals import services as refusals

router = Router(tags=["data"])


class DescriptionIn(Schema):
    """allowed: per column {"low", "high"} or {"values": […]}; population: per column the share of each group, 0 to 1.

    personal, bank_secret: left out = as the model's answers say. looks_personal: columns that are taken in although they look
    personal, each with its reason.
    pseudonyms: how the identifiers of protected rows are made, hmac_sha256 or random_uuid; pseudonym_keeper: who keeps the key or
    the table, never the key itself.
    high_score: favourable or unfavourable, the outcome for which a high score speaks; "" where the favourable value tells it: for
    1 and true, against 0 and false. Asked for where there is a score and the value is another one.
    weight: the column of a sampling weight, 0 or above, by which fairness weighs the rows.
    kind: rows, orders or decisions. Of a log, log_columns: per role its column; log_values: per meaning its values.
    """

    kind: str = "rows"
    features: list[str] = []
    categorical: list[str] = []
    sensitive: list[str] = []
    label: str = ""
    prediction: str = ""
    score: str = ""
    identifier: str = ""
    favourable: str = "1"
    high_score: str = ""
    time: str = ""
    weight: str = ""
    expected_every_days: int | None = None
    allowed: dict[str, dict[str, Any]] = {}
    population: dict[str, dict[str, float]] = {}
    personal: bool | None = None
    bank_secret: bool | None = None
    protection_reason: str = ""
    looks_personal: dict[str, str] = {}
    pseudonyms: str = "hmac_sha256"
    pseudonym_keeper: str = ""
    log_columns: dict[str, str] = {}
    log_values: dict[str, list[str]] = {}


class DatasetIn(DescriptionIn):
    name: str


class DatasetOut(DatasetIn):
    """hand_in: "counts" where the rows are personal data or a bank secret and no log, else "rows".

    version, replaces_id: the version before it, whose place it took. ended_at, ended_reason: of one that was replaced or retired.
    """

    id: UUID
    hand_in: str
    version: int
    replaces_id: UUID | None
    created_at: datetime
    ended_at: datetime | None
    ended_reason: str


class SaidOfRows(Schema):
    """Where the dataset has a column of the time, dates that are not said are read from the rows.

    legal_basis (consent, contract, law, other), basis_text, keep_until: of rows that are personal data or a bank secret.
    """

    name: str
    part: str = "current"
    starts_on: date | None = None
    ends_on: date | None = None
    legal_basis: str = ""
    basis_text: str = ""
    keep_until: date | None = None


class WindowIn(SaidOfRows):
    dataset: str


class WindowOut(Schema):
    """counted_sha256: of counts, the digest of what the firm counted. kept_sha256: the counts that stayed of erased rows.

    acceptance: of a reference first, waiting, accepted, declined or not_asked, else ""; while it waits, and when it was declined,
    the checks do not use it. decided_at, decision_reason: when the second line accepted or declined it, and why.
    """

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
    counted_sha256: str
    signature: str
    uploaded_at: datetime
    legal_basis: str
    basis_text: str
    keep_until: date | None
    erased_at: datetime | None
    kept_sha256: str
    acceptance: str
    decided_at: datetime | None
    decision_reason: str
    receipt: str
    """Where the receipt is, once the ledger's next head is signed."""

    @staticmethod
    def resolve_receipt(window: Window) -> str:
        return f"/api/v1/windows/{window.pk}/receipt"


class ProblemOfRow(Schema):
    """where: row and column, in words."""

    where: str
    what: str


class Place(Schema):
    """Row and column of the problem at the same place in the list; null where it is about the whole file."""

    rule: str
    row: int | None
    column: str | None


class ProblemOut(Schema):
    """An RFC 9457 problem. problems: the first twenty; counts: of each kind, all; report: the way to all that are named."""

    type: str
    title: str
    status: int
    detail: str
    problems: list[ProblemOfRow] = []
    places: list[Place] = []
    counts: dict[str, int] = {}
    is_whole: bool = True
    report: str = ""


ROW = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "integer", "boolean", "null"]},
    "examples": [{"income": 1200, "sex": "f", "approved": True}],
}
ROWS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "array", "items": ROW}},
            "application/x-ndjson": {"schema": ROW},
        },
    }
}
"""The body is read as a stream, so that the framework never sees it."""
NAME = "rows.ndjson"


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
    """Hand in a data period as CSV, Parquet or counts (JSON). A broken file is refused with row, column and rule named.

    Where the dataset says `"hand_in": "counts"`, hand in what `senim count` makes by the plan of counts; rows need a legal basis,
    its words, the day on which they are erased, and hashed identifiers. A log of protected rows needs these too.
    """
    actor = request.actor
    with refusals.noted(actor), viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        dataset = found(Dataset.objects.visible_to(actor).newest(), model=model, name=said.dataset)
        given = said.model_dump(exclude={"dataset"})
        window: Window = services.add_window(
            by=actor, dataset=dataset, file=cast(BinaryIO, file), file_name=file.name or "upload", **given
        )
        return Status(201, WindowOut.from_orm(window))


@router.get("/windows/{uuid:window_id}", response=WindowOut)
def show_window(request: Request, window_id: UUID) -> Any:
    """What was handed in, and what became of its rows. It stays when they are erased."""
    actor = request.actor
    with viewing(actor):
        window = found(Window.objects.visible_to(actor).select_related("model"), pk=window_id)
        require(actor, "run.read", window.model)
        return WindowOut.from_orm(window)


@router.post(
    "/datasets/{uuid:dataset_id}/rows", response={201: WindowOut, 422: ProblemOut}, openapi_extra=ROWS
)
def add_rows(request: Request, dataset_id: UUID, said: Query[SaidOfRows]) -> Any:
    """Hand in a data period as rows of JSON: an array of objects (4 MB), or one object a line (NDJSON, as a stream).

    Types are kept: a number in quotes is text. Every row has the columns of the first; null stands for what is missing.
    All of it is taken in, or nothing: a 422 names row and column, and `report` is the way to all broken rows as CSV.
    """
    actor = request.actor
    with refusals.noted(actor), viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor), pk=dataset_id)
        with spooled(request) as rows:
            window = services.add_window(
                by=actor, dataset=dataset, file=cast(BinaryIO, rows), file_name=NAME, **said.model_dump()
            )
        return Status(201, WindowOut.from_orm(window))


@router.get("/datasets/{uuid:dataset_id}/plan-of-counts", response=dict[str, Any])
def plan_of_counts(request: Request, dataset_id: UUID) -> Any:
    """What to count at home instead of handing in rows: columns, cells that the reference froze, groups, outcome."""
    actor = request.actor
    with viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor), pk=dataset_id)
        return receiving.plan_of_counts(dataset)
