"""How CI sends a large file in pieces and goes on after a break: the core of tus 1.0, and an end that answers for the file.

    POST   /models/{id}/uploads     say name, size and SHA-256      201, Location
    HEAD   /uploads/{id}            ask how far it is                Upload-Offset, Upload-Length
    PATCH  /uploads/{id}            send from Upload-Offset on       204, Upload-Offset; 409 for another offset
    POST   /uploads/{id}/finish     make it a data period            201, as a file that was sent whole

With curl, pieces of 8 MiB, to be started again after any break:

    SIZE=$(stat -c %s rows.csv)
    while AT=$(curl -sI -H "$AUTH" $URL | tr -d '\\r' | sed -n 's/^upload-offset: //Ip') && [ "$AT" -lt "$SIZE" ]; do
      tail -c +$((AT + 1)) rows.csv | head -c 8388608 | curl -sf -X PATCH $URL -H "$AUTH" -H "Upload-Offset: $AT" \\
        -H "Content-Type: application/offset+octet-stream" --data-binary @-
    done
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Router, Schema, Status

from governance.errors import WrongKind
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.api import ProblemOut, WindowOut
from monitoring.data.body import pieces
from monitoring.data.models import Dataset
from monitoring.refusals import services as refusals
from monitoring.uploads import services
from monitoring.uploads.models import Upload

router = Router(tags=["uploads"])
PIECE = "application/offset+octet-stream"
VERSION = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
A_PIECE = {
    "requestBody": {
        "required": True,
        "content": {PIECE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class UploadIn(Schema):
    """size: bytes of the whole file; digest: its SHA-256. Files end in .csv, .parquet, .ndjson or .json (counts).

    legal_basis (consent, contract, law, other), basis_text, keep_until: of rows that are personal data or a bank secret.
    """

    dataset: str
    name: str
    file_name: str
    size: int
    digest: str
    part: str = "current"
    starts_on: date | None = None
    ends_on: date | None = None
    legal_basis: str = ""
    basis_text: str = ""
    keep_until: date | None = None


class UploadOut(Schema):
    """received: bytes that are kept for good. After a day without a piece the upload is forgotten."""

    id: UUID
    name: str
    file_name: str
    size: int
    digest: str
    received: int
    expires_at: datetime
    window_id: UUID | None


@router.post("/models/{uuid:model_id}/uploads", response={201: UploadOut})
def begin(request: Request, model_id: UUID, body: UploadIn, response: HttpResponse) -> Any:
    """Announce a file that is sent in pieces. `Location` is where they go."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        dataset = found(Dataset.objects.visible_to(actor).newest(), model=model, name=body.dataset)
        upload = services.begin(by=actor, dataset=dataset, **body.model_dump(exclude={"dataset"}))
        response["Location"] = f"/api/v1/uploads/{upload.pk}"
        response["Upload-Offset"] = "0"
        response["Tus-Resumable"] = VERSION["Tus-Resumable"]
        return Status(201, UploadOut.from_orm(upload))


@router.api_operation(["GET", "HEAD"], "/uploads/{uuid:upload_id}", response=UploadOut)
def how_far(request: Request, upload_id: UUID, response: HttpResponse) -> Any:
    """How many bytes have arrived for good: go on from there."""
    with viewing(request.actor):
        upload = _mine(request, upload_id)
        for name, value in _headers(upload).items():
            response[name] = value
        return UploadOut.from_orm(upload)


@router.patch("/uploads/{uuid:upload_id}", response={204: None}, openapi_extra=A_PIECE)
def receive(request: Request, upload_id: UUID, upload_offset: Header[int]) -> Any:
    """A piece, from the byte on that `Upload-Offset` names. 409: that byte is not the next one; ask with HEAD."""
    with viewing(request.actor):
        upload = _mine(request, upload_id)
        if request.content_type != PIECE:
            raise WrongKind
        upload, stayed = services.receive(
            by=request.actor, upload=upload, offset=upload_offset, pieces=pieces(request)
        )
    return HttpResponse(status=204 if stayed else 400, headers=_headers(upload))


@router.post("/uploads/{uuid:upload_id}/finish", response={201: WindowOut, 422: ProblemOut})
def finish(request: Request, upload_id: UUID) -> Any:
    """The whole file becomes a data period, or is refused with every broken row; then it can be given up."""
    with refusals.noted(request.actor), viewing(request.actor):
        window = services.finish(by=request.actor, upload=_mine(request, upload_id))
        return Status(201, WindowOut.from_orm(window))


@router.delete("/uploads/{uuid:upload_id}", response={204: None})
def give_up(request: Request, upload_id: UUID) -> Any:
    """Forget what has arrived of this file."""
    with viewing(request.actor):
        services.give_up(by=request.actor, upload=_mine(request, upload_id))
    return HttpResponse(status=204, headers=VERSION)


def _mine(request: Request, upload_id: UUID) -> Upload:
    upload: Upload = found(Upload.objects.visible_to(request.actor).select_related("model"), pk=upload_id)
    require(request.actor, "window.add", upload.model)
    return upload


def _headers(upload: Upload) -> dict[str, str]:
    return {**VERSION, "Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
