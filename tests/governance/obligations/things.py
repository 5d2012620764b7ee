"""Models, papers and evidence for these tests: the smallest rows that the rules can judge."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.inventory.reviewed import Review
from governance.obligations import services as obligations
from governance.obligations.edition import CATALOGUE
from governance.obligations.mapping import services as mapping
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.models import Duty, DutySheet, Evidence, Framework
from governance.obligations.surroundings import newest_editions, owed
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.risk.models import RiskAssessment
from tests.factories import REGISTER
from tests.governance.inventory.made import second_person
from tests.governance.obligations.made_up import a_catalogue

DIGEST = "a" * 64


def a_model(owner: Actor, *, number: str = "M-0001", status: str = "registered", **fields: Any) -> AIModel:
    registered_at = timezone.now() if status == "registered" else None
    with acting(owner, "model.registered"):
        return AIModel.objects.create(
            organisation_id=owner.organisation_id, owner_id=owner.user_id, number=number, name=f"Model {number}",
            status=status, registered_at=registered_at, **fields,
        )  # fmt: skip


def graded(by: Actor, model: AIModel, risk: str, autonomy: str) -> RiskAssessment:
    with acting(by, "model.graded"):
        return RiskAssessment.objects.create(
            organisation_id=model.organisation_id, model=model, edition="test", answers={}, risk_degree=risk,
            autonomy_degree=autonomy, tier=2, assessed_by_id=by.user_id,
        )  # fmt: skip


def a_version(by: Actor, model: AIModel, label: str, *, days_ago: int = 0) -> ModelVersion:
    with acting(by, "version.added"):
        return ModelVersion.objects.create(
            organisation_id=model.organisation_id, model=model, label=label, digest=DIGEST,
            created_by_id=by.user_id, created_at=timezone.now() - timedelta(days=days_ago),
        )  # fmt: skip


def a_paper(
    by: Actor,
    model: AIModel,
    *kinds: str,
    sha256: str = DIGEST,
    document: Document | None = None,
    read: bool = True,
) -> Revision:
    second = read_by(by) if read else {}
    with acting(by, "document.added"):
        document = document or Document.objects.create(
            organisation_id=model.organisation_id, model=model, title=", ".join(kinds), kinds=list(kinds)
        )
        return Revision.objects.create(
            organisation_id=model.organisation_id, model=model, document=document,
            number=document.revisions.count() + 1, file_name="paper.pdf", media_type="application/pdf",
            title=document.title, kinds=document.kinds, sha256=sha256, size=1, uploaded_by_id=by.user_id, **second,
        )  # fmt: skip


def read_by(by: Actor) -> dict[str, Any]:
    """The columns of a review by a second person of the same organisation."""
    with viewing(REGISTER):
        organisation = Organisation.objects.get(pk=by.organisation_id)
    second = second_person(organisation)
    return {"review": Review.ACCEPTED, "reviewed_by_id": second.user_id, "reviewed_at": timezone.now()}


def a_run(model: AIModel, version: ModelVersion | None, kind: str, verdict: str, **more: Any) -> Evidence:
    """What the checks worker records when a run ends."""
    given: dict[str, Any] = {
        "model_id": model.pk,
        "source": f"plan:{uuid.uuid5(uuid.NAMESPACE_OID, kind)}",
        "source_id": uuid.uuid4(),
        "digest": DIGEST,
        "taken_at": timezone.now(),
    } | more
    by = Actor.system("checks worker", model.organisation_id)
    return obligations.record(
        by=by, organisation_id=model.organisation_id,
        version_id=version.pk if version else None, kind=kind, verdict=verdict, **given,
    )  # fmt: skip


LAWYER = {"name": "Айнұр Сейітова", "position": "Head of Legal"}


def digest_of(key: str) -> str:
    """Of the mapping in force, as the page shows it."""
    with viewing(REGISTER):
        return next(each.mapping_digest for each in owed(newest_editions()) if each.obligation.key == key)


def signed(by: Actor, organisation: Organisation, key: str, **more: str) -> MappingSignature:
    """A lawyer signed the mapping of a requirement for the organisation."""
    given = LAWYER | {"seen_digest": digest_of(key)} | more
    return mapping.sign(by=by, organisation=organisation, obligation_key=key, **given)


def a_later_law(folder: Path, edition: str = "2026-11-23", **changes: dict[str, Any]) -> Framework:
    """The law of Kazakhstan read again a day later. changes: id of a requirement → what its entry says now."""
    raw = yaml.load((CATALOGUE / "kz-ai-law.yaml").read_bytes(), Loader=yaml.CSafeLoader) | {
        "edition": edition
    }
    raw["requirements"] = [entry | changes.get(entry["id"], {}) for entry in raw["requirements"]]
    [framework] = obligations.load(by=Actor.system("catalogue"), folder=a_catalogue(folder / "later", raw))
    return framework


def caught_up(organisation: Organisation, reader: Actor, model: AIModel) -> dict[str, Duty]:
    """Duties of the model by key, after the sweep."""
    obligations.catch_up(organisation.pk)
    with viewing(reader):
        return {
            duty.obligation.key: duty
            for duty in Duty.objects.filter(model=model).select_related("obligation")
        }


def sheet(reader: Actor, model: AIModel) -> DutySheet:
    with viewing(reader):
        return DutySheet.objects.get(model=model)


def yesterday(days: int = 1) -> datetime:
    return timezone.now() - timedelta(days=days)
