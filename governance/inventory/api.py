"""What CI does: register a model, freeze its versions, hand in its documents."""

from __future__ import annotations

from datetime import date
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile
from pydantic import Json

from governance.errors import Problem, RuleBroken
from governance.inventory import services
from governance.inventory.models import AIModel, Document
from governance.inventory.past import as_they_stood, focus_version
from governance.inventory.schemas import ModelIn, ModelOut, RevisionOut, VersionOut
from governance.people import asked_day
from governance.people.acting import viewing
from governance.people.asked_day import AsOf
from governance.people.door import Request, found
from governance.people.models import Organisation
from governance.people.rights import require

router = Router(tags=["models"])


class VersionIn(Schema):
    label: str
    features: list[str] = []
    decision_threshold: float | None = None
    metrics: Json[dict[str, float | str]] = Field({}, description="JSON: what its maker states, by name.")
    notes: str = ""


class DocumentIn(Schema):
    title: str
    kinds: list[str]
    language: str
    effective_on: date | None = Field(None, description="The day from which it applies; today unless given.")
    valid_until: date | None = Field(None, description="Its last day; without end unless given.")


@router.post("/models", response={201: ModelOut})
def register(request: Request, body: ModelIn) -> Any:
    """Begin a registration, and finish it where `submit` is true. The owner is the person who issued the token."""
    actor = request.actor
    with viewing(actor):
        organisation = found(Organisation.objects.visible_to(actor), pk=actor.organisation_id)
        model = services.register(by=actor, organisation=organisation, fields=body.given())
        if body.submit:
            model = services.submit(by=actor, model=model)
        return Status(201, ModelOut.of(model))


@router.get("/models/{uuid:model_id}", response=ModelOut)
def show(request: Request, model_id: UUID, as_of: date | None = None) -> Any:
    """One model as it stands, or as it stood at the end of a day."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        require(actor, "model.read", model)
        day = asked_day.as_of(actor, as_of)
        return _stood(model, day) if day else ModelOut.of(model)


def _stood(model: AIModel, day: AsOf) -> ModelOut:
    if model.created_at >= day.end:
        raise RuleBroken(problems=[Problem("as_of", _("The model was not in the register yet."))])
    [then] = as_they_stood([model], day)
    return ModelOut.stood(then.model, focus_version(then.model, day), is_known=then.is_known)


@router.post("/models/{uuid:model_id}/versions", response={201: VersionOut})
def add_version(
    request: Request, model_id: UUID, said: Form[VersionIn], artefact: File[UploadedFile | None] = None
) -> Any:
    """Freeze a version. Formats: XGBoost JSON and UBJ, LightGBM text, ONNX, skops; a pickle is refused."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        name = (artefact.name or "") if artefact else ""
        version = services.add_version(
            by=actor,
            model=model,
            artefact=cast(BinaryIO | None, artefact),
            artefact_name=name,
            **said.model_dump(),
        )
        return Status(201, VersionOut.of(version))


@router.post("/models/{uuid:model_id}/documents", response={201: RevisionOut})
def add_document(request: Request, model_id: UUID, said: Form[DocumentIn], file: File[UploadedFile]) -> Any:
    """Hand in a document; it counts once a second person has accepted it on its page.

    One with the same title gets a new revision; the same file with the same days again changes nothing.
    """
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        document = Document.objects.visible_to(actor).filter(model=model, title=said.title.strip()).first()
        revision = services.add_document(
            by=actor,
            model=model,
            file=cast(BinaryIO, file),
            file_name=file.name or "",
            document=document,
            **said.model_dump(),
        )
        return Status(201, RevisionOut.of(revision))
