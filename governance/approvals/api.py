"""The REST face: CI asks for an approval, a deployment tool asks the gate, anybody fetches the key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import OperationalError
from ninja import Router, Schema, Status

from governance.approvals import gate, services, signing, words
from governance.approvals.models import GateVerdict
from governance.errors import Unavailable
from governance.inventory.models import AIModel, ModelVersion
from governance.obligations.apart import caution_over
from governance.obligations.models import DutySheet
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.door import Request, found

router = Router(tags=["approvals"])


class RequestIn(Schema):
    """version: its label."""

    version: str
    environment: str = "production"


class RequestOut(Schema):
    id: UUID
    model: str
    version: str
    environment: str
    status: str
    manifest_sha256: str


class AnswerOut(Schema):
    """answer: allow, deny or unknown. statement: what the signature covers, as canonical JSON. says: for a reader."""

    answer: str
    statement: dict[str, Any]
    signature: str
    key_id: str
    says: list[str]


class KeyOut(Schema):
    """How to verify: Ed25519 over the statement as UTF-8 JSON with sorted keys and no spaces; base64 signature."""

    algorithm: str = "Ed25519"
    key_id: str
    public_key: str


@router.post("/models/{uuid:model_id}/requests", response={201: RequestOut})
def request_approval(request: Request, model_id: UUID, asked: RequestIn) -> Status[RequestOut]:
    """Put a version before the committee. 503 means: still being computed, ask again."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        versions = ModelVersion.objects.visible_to(actor).select_related("model")
        version = found(versions, model=model, label=asked.version)
    made = services.request(by=actor, version=version, environment=asked.environment)
    out = RequestOut(
        id=made.pk,
        model=model.number,
        version=version.label,
        environment=made.environment,
        status=made.status,
        manifest_sha256=made.manifest_sha256,
    )
    return Status(201, out)


@router.get("/gate", response=AnswerOut)
def ask_gate(
    request: Request, model: str, version: str, digest: str = "", environment: str = "production"
) -> AnswerOut:
    """May this version, with this digest, run in this environment now? Each answer is signed and kept."""
    actor = request.actor
    try:
        verdict = gate.ask(
            by=actor, model=model, label=version, artefact_sha256=digest, environment=environment
        )
    except OperationalError as error:
        raise Unavailable from error
    return AnswerOut(
        answer=verdict.answer,
        statement=gate.statement(verdict, model),
        signature=verdict.signature,
        key_id=signing.key_id(),
        says=[
            *(words.reason(each) for each in verdict.reasons),
            *_of_evidence(actor, verdict),
            str(words.CAUTION),
        ],
    )


def _of_evidence(actor: Actor, verdict: GateVerdict) -> list[str]:
    """Where a requirement closes the gate, by which editions its status was judged."""
    if all(each["key"] != "blocking_duty" for each in verdict.reasons):
        return []
    with viewing(actor):
        sheet = DutySheet.objects.filter(model_id=verdict.model_id).first()
    return [caution_over(sheet.editions)] if sheet else []


@router.get("/gate/key", response=KeyOut, auth=None)
def gate_key(request: Request) -> KeyOut:
    """The public half of the key that signs the answers of the gate. It is no secret."""
    return KeyOut(key_id=signing.key_id(), public_key=signing.public_pem())
