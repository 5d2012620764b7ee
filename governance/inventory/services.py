"""The only writers of models, versions and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from django.db import models as columns
from django.db.models import Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory import answers, filling, handed_in, papers, reviewed
from governance.inventory.digests import digest
from governance.inventory.handing_over import reassign
from governance.inventory.keeping import OlderCopy
from governance.inventory.locks import locked
from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.inventory.profile import writing
from governance.inventory.questions import Section
from governance.inventory.reviewing import review_document
from governance.inventory.sections import QUESTIONS
from governance.inventory.suppliers import chain
from governance.inventory.taking_back import discard, withdraw_revision
from governance.inventory.words import Status
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require

__all__ = [
    "add_document",
    "add_version",
    "discard",
    "edit",
    "reassign",
    "register",
    "review_document",
    "submit",
    "withdraw",
    "withdraw_revision",
    "withdraw_version",
]


def register(
    *, by: Actor, organisation: Organisation, fields: Mapping[str, Any], id: UUID | None = None
) -> AIModel:
    """Begin a registration: a draft with its number. Only the name is needed. Raises NotAllowed, RuleBroken.

    fields: answers by the names of the questions; the owner is whoever acts unless another is named.
    id: given beforehand by a page that may be sent twice.
    """
    with acting(by, "model.drafted"):
        organisation = locked(organisation)
        require(by, "model.register", organisation)
        model = AIModel(organisation=organisation, owner_id=by.person, number=_next_number(organisation.pk))
        model.pk = id or model.pk
        changed = filling.fill(model, {"name": "", **fields})
        model.save(force_insert=True)
        writing.follow(model, changed)
        chain.follow(model)
        return model


def _next_number(organisation_id: UUID) -> str:
    """Numbers are never used twice: no model is ever removed."""
    numbers = AIModel.objects.filter(organisation_id=organisation_id)
    last = numbers.aggregate(last=Max(Cast(Substr("number", 3), columns.IntegerField())))["last"]
    return f"M-{(last or 0) + 1:04d}"


def edit(
    *, by: Actor, model: AIModel, fields: Mapping[str, Any], over: tuple[Section, str] | None = None
) -> AIModel:
    """Answer some questions. A draft may stay incomplete, a registered model may not.

    over: the section these answers were typed over and its fingerprint then; another one by now is a refusal.
    Raises NotAllowed, OlderCopy, OutOfOrder, RuleBroken.
    """
    with acting(by, "model.edited"):
        model = locked(model)
        require(by, "model.edit", model)
        _refuse_withdrawn(model)
        _refuse_older(model, over)
        owner = model.owner_id
        changed = filling.fill(model, fields)
        if model.is_registered:
            _refuse_new_owner(model, owner)
            _refuse_incomplete(model)
        own = [name for name in changed if QUESTIONS[name].table is AIModel]
        if own:
            model.save(update_fields=own)
            chain.follow(model)
        writing.follow(model, changed)
        return model


def submit(*, by: Actor, model: AIModel) -> AIModel:
    """Hand in a complete draft: the model is registered. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "model.registered"):
        model = locked(model)
        require(by, "model.edit", model)
        if not model.is_draft:
            raise OutOfOrder(_("This model is already registered."))
        _refuse_incomplete(model)
        model.status, model.registered_at = Status.REGISTERED, timezone.now()
        model.save(update_fields=["status", "registered_at"])
        return model


def withdraw(*, by: Actor, model: AIModel, reason: str) -> AIModel:
    """Take a registered model out of use for good. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason = reason.strip()
    with acting(by, "model.withdrawn", reason=reason):
        model = locked(model)
        require(by, "model.withdraw", model)
        if not model.is_registered:
            raise OutOfOrder(_("Only a registered model can be withdrawn."))
        if not reason:
            raise RuleBroken(problems=[Problem("reason", _("Say why it is withdrawn."))])
        model.status, model.withdrawn_at, model.withdrawn_reason = Status.WITHDRAWN, timezone.now(), reason
        model.save(update_fields=["status", "withdrawn_at", "withdrawn_reason"])
        return model


def _refuse_withdrawn(model: AIModel) -> None:
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))


def _refuse_older(model: AIModel, over: tuple[Section, str] | None) -> None:
    if over is not None and answers.fingerprint(over[0], answers.of(model)) != over[1]:
        raise OlderCopy


def _refuse_new_owner(model: AIModel, owner: UUID) -> None:
    if model.owner_id != owner:
        what = _("A registered model is handed over on a page of its own, with the reason.")
        raise RuleBroken(problems=[Problem("owner", what)])


def _refuse_incomplete(model: AIModel) -> None:
    problems = answers.unanswered(answers.of(model))
    if problems:
        raise RuleBroken(_("The registration is not complete."), problems=problems)


def add_version(
    *,
    by: Actor,
    model: AIModel,
    label: str,
    artefact: BinaryIO | None = None,
    artefact_name: str = "",
    features: Sequence[str] | None = None,
    decision_threshold: float | None = None,
    metrics: Mapping[str, Any] | None = None,
    notes: str = "",
    registry: Mapping[str, Any] | None = None,
) -> ModelVersion:
    """Freeze a version, with its artefact or without one (a vendor's model).

    features: in the order in which the model reads them; needed where the artefact does not name them.
    registry: facts copied from the registry that the version came from; the digest of the version covers them.
    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    with acting(by, "version.added"):
        model = locked(model)
        require(by, "version.add", model)
        _refuse_withdrawn(model)
        facts = handed_in.judged(artefact, artefact_name)
        version = ModelVersion(
            organisation_id=model.organisation_id,
            model=model,
            label=label.strip(),
            artefact_name=artefact_name[-200:] if artefact else "",
            artefact_format=facts.format,
            features=handed_in.features_of(facts, features or ()),
            decision_threshold=decision_threshold,
            metrics=dict(metrics or {}),
            registry=dict(registry or {}),
            notes=notes.strip(),
            created_by_id=by.person,
        )
        filling.check_version(version)
        if artefact is not None:
            stored = store.put(model.organisation_id, artefact)
            version.artefact_sha256, version.artefact_size = stored.sha256, stored.size
        version.digest = digest(filling.content(version))
        version.save(force_insert=True)
        return version


def withdraw_version(*, by: Actor, version: ModelVersion) -> ModelVersion:
    """A version is no longer offered for use. Raises NotAllowed, OutOfOrder."""
    with acting(by, "version.withdrawn"):
        model = locked(version.model)
        require(by, "version.withdraw", model)
        version = locked(version)
        if version.withdrawn_at is not None:
            raise OutOfOrder(_("This version was withdrawn."))
        version.withdrawn_at = timezone.now()
        version.save(update_fields=["withdrawn_at"])
        return version


def add_document(
    *,
    by: Actor,
    model: AIModel,
    title: str,
    kinds: Sequence[str],
    file: BinaryIO,
    file_name: str,
    language: str,
    document: Document | None = None,
    effective_on: date | None = None,
    valid_until: date | None = None,
) -> Revision:
    """Hand in a document, or a new revision of one. It counts once a second person has accepted it.

    The same file of the same kinds, language and days again changes nothing and returns the last revision. kinds: keys
    of `inventory.kinds`. effective_on: None = today. Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    effective_on = effective_on or timezone.localdate()
    with acting(by, "document.added"):
        model = locked(model)
        require(by, "document.add", model)
        _refuse_withdrawn(model)
        filling.check_document(title.strip(), kinds, file_name, language)
        reviewed.refuse_days(effective_on, valid_until)
        media_type = papers.media_type(file, file_name)
        document = _document(model, document, title.strip(), kinds)
        stored = store.put(model.organisation_id, file, limit=papers.LARGEST)
        last: Revision | None = document.revisions.order_by("-number").first()
        if last and last.is_handed_in_again(stored.sha256, kinds, language, effective_on, valid_until):
            return last
        return Revision.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            document=document,
            number=last.number + 1 if last else 1,
            title=document.title,
            kinds=document.kinds,
            file_name=file_name[-200:],
            media_type=media_type,
            language=language,
            sha256=stored.sha256,
            size=stored.size,
            effective_on=effective_on,
            valid_until=valid_until,
            uploaded_by_id=by.person,
        )


def _document(model: AIModel, document: Document | None, title: str, kinds: Sequence[str]) -> Document:
    listed = sorted(set(kinds))
    if document is None:
        return Document.objects.create(
            organisation_id=model.organisation_id, model=model, title=title, kinds=listed
        )
    document = locked(document)
    if document.model_id != model.pk:
        raise OutOfOrder(_("This document belongs to another model."))
    if (document.title, document.kinds) != (title, listed):
        document.title, document.kinds = title, listed
        document.save(update_fields=["title", "kinds"])
    return document
