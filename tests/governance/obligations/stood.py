"""A model whose status changed on three days, for tests that ask about each of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.obligations import services as obligations
from governance.obligations.matrix.past.models import StandingChange
from governance.obligations.models import Evidence
from governance.obligations.past.models import DutyChange
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.risk.models import RiskAssessment
from tests.factories import REGISTER
from tests.governance.obligations.things import a_model, a_paper, a_version

RISKS = "kz-art18-1-1-identify-risks"
TABLES: tuple[tuple[Any, str], ...] = (
    (Organisation, "created_at"),
    (AIModel, "created_at"),
    (AIModel, "registered_at"),
    (ModelVersion, "created_at"),
    (Document, "created_at"),
    (Revision, "uploaded_at"),
    (Revision, "reviewed_at"),
    (Revision, "withdrawn_at"),
    (Evidence, "recorded_at"),
    (DutyChange, "at"),
    (StandingChange, "at"),
)


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def a_story(bank: Organisation, owner: Actor) -> AIModel:
    """Its risk register is missing six days ago, on file four days ago, missing two days ago; today it is on file again."""
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model)
    a_version(owner, model, "1.0")
    passes(bank, 6)
    first = a_paper(owner, model, "risk_register")
    passes(bank, 4)
    withdrawn(owner, first)
    passes(bank, 2)
    a_paper(owner, model, "risk_register", document=first.document, sha256="b" * 64)
    obligations.catch_up(bank.pk)
    return model


def graded(by: Actor, model: AIModel) -> RiskAssessment:
    """Six days ago: a grade never changes, so it is written as it is to stand."""
    with acting(by, "model.graded"):
        return RiskAssessment.objects.create(
            organisation_id=model.organisation_id, model=model, edition="kz-2026", answers={}, risk_degree="high",
            autonomy_degree="medium", tier=2, assessed_by_id=by.user_id, assessed_at=timezone.now() - timedelta(days=6),
        )  # fmt: skip


def passes(bank: Organisation, days: int) -> None:
    """All that was written today was written some days ago."""
    obligations.catch_up(bank.pk)
    noon = timezone.make_aware(datetime.combine(ago(days), time(12)))
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    with acting(REGISTER, "test.time_passed"):
        for table, column in TABLES:
            table.objects.filter(**{f"{column}__gte": midnight}).update(**{column: noon})
        Revision.objects.filter(effective_on=timezone.localdate()).update(effective_on=ago(days))


def withdrawn(by: Actor, revision: Revision) -> None:
    with acting(by, "revision.withdrawn"):
        Revision.objects.filter(pk=revision.pk).update(
            withdrawn_at=timezone.now(), withdrawn_reason="Wrong file.", withdrawn_by=by.user_id
        )
