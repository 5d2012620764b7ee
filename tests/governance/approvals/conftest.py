"""A registered, graded model with a version and a document, and what the committee does with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from governance.approvals import services as approvals
from governance.approvals.models import ApprovalRequest, Authorisation
from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.inventory.reviewed import Review
from governance.obligations import services as obligations
from governance.obligations.models import DutySheet, Evidence
from governance.people.acting import acting, viewing
from governance.risk import questionnaire
from governance.risk.models import RiskAssessment
from tests.factories import REGISTER

ARTEFACT = "a" * 64
OTHER = "b" * 64


@pytest.fixture
def model(owner, bank) -> AIModel:
    return a_model(owner, bank)


def a_model(owner, bank) -> AIModel:
    with acting(REGISTER, "model.registered"):
        row = AIModel.objects.create(
            organisation=bank,
            number="M-0001",
            name="Credit scoring",
            owner_id=owner.user_id,
            status="registered",
            registered_at=timezone.now(),
        )
        grade(row)
    return row


def grade(model: AIModel, risk: str = "medium", tier: int = 3) -> RiskAssessment:
    with acting(REGISTER, "risk.assessed"):
        RiskAssessment.objects.filter(model=model).update(superseded_at=timezone.now())
        return RiskAssessment.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            edition=questionnaire.CURRENT,
            answers={},
            risk_degree=risk,
            autonomy_degree="low",
            tier=tier,
            assessed_by_id=model.owner_id,
        )


@pytest.fixture
def version(model) -> ModelVersion:
    return add_version(model, "1.0")


def add_version(model: AIModel, label: str) -> ModelVersion:
    with acting(REGISTER, "version.added"):
        return ModelVersion.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            label=label,
            artefact_format="onnx",
            artefact_sha256=ARTEFACT,
            features=["income", "age"],
            decision_threshold=0.5,
            digest="d" * 64,
            created_by_id=model.owner_id,
        )


@pytest.fixture
def card(model) -> Document:
    return a_card(model)


def a_card(model: AIModel) -> Document:
    with acting(REGISTER, "document.added"):
        row = Document.objects.create(
            organisation_id=model.organisation_id, model=model, title="Model card", kinds=["model_card"]
        )
    revise(row, 1)
    return row


def revise(document: Document, number: int) -> Revision:
    """It counts at once, as what was handed in before reviews were asked for."""
    with acting(REGISTER, "document.added"):
        return Revision.objects.create(
            organisation_id=document.organisation_id,
            model_id=document.model_id,
            document=document,
            number=number,
            title=document.title,
            kinds=document.kinds,
            file_name="card.pdf",
            media_type="application/pdf",
            sha256=str(number) * 64,
            size=1,
            uploaded_by_id=document.model.owner_id,
            review=Review.NOT_ASKED,
        )


def check(version: ModelVersion, verdict: str = "passed", kind: str = "check:fairness", **more) -> Evidence:
    """Evidence as a finished check run leaves it."""
    from uuid import uuid4

    given = {
        "digest": "e" * 64,
        "taken_at": timezone.now(),
        "source": f"plan:{version.pk}",
        "source_id": uuid4(),
    }
    return obligations.record(
        by=REGISTER,
        organisation_id=version.organisation_id,
        model_id=version.model_id,
        version_id=version.pk,
        kind=kind,
        verdict=verdict,
        **{**given, **more},
    )


@pytest.fixture
def asked(version, card, owner) -> ApprovalRequest:
    return ask_for(owner, version)


def ask_for(owner, version: ModelVersion, environment: str = "production") -> ApprovalRequest:
    return approvals.request(by=owner, version=version, environment=environment)


def vote_all(members, request: ApprovalRequest, ballot: str = "approve") -> None:
    for member in members:
        approvals.vote(by=member, request=request, ballot=ballot, reason="seen")


@pytest.fixture
def permission(asked, committee) -> Authorisation:
    """Approved by all three, with duties and permissions computed up to now."""
    vote_all(committee, asked)
    sweep(asked)
    with viewing(REGISTER):
        return Authorisation.objects.get(version_id=asked.version_id, environment=asked.environment)


def sweep(row) -> None:
    """What the bell does after a commit, and after the commits of that sweep itself."""
    for _ in range(2):
        obligations.catch_up(row.organisation_id)
        approvals.catch_up(row.organisation_id)


def failing(version: ModelVersion, *pairs: tuple[str, str]) -> None:
    """As if the requirements had been computed to stand so for this version."""
    with acting(REGISTER, "requirements.computed"):
        sheet = DutySheet.objects.get(model_id=version.model_id)
        sheet.failing[str(version.pk)] = [{"key": key, "status": status} for key, status in pairs]
        sheet.save()


@pytest.fixture
def count() -> Callable[[type], int]:
    """How many rows there are, seen by the register itself."""

    def counted(model: type) -> int:
        with viewing(REGISTER):
            return model.objects.count()

    return counted
