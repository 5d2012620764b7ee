"""Evidence is recorded once, taken back with a reason, and only by those who may."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from audits.models import LedgerEntry
from governance.errors import NotAllowed, NotFound, RuleBroken
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from tests.factories import REGISTER
from tests.governance.obligations.things import DIGEST, a_model, a_run, a_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(owner) -> AIModel:
    return a_model(owner)


def test_the_same_run_is_recorded_once(owner, model):
    run = uuid.uuid4()
    first = a_run(model, a_version(owner, model, "1"), "check:drift", "passed", source_id=run)
    with viewing(owner):
        revision = AIModel.objects.get(pk=model.pk).revision
    again = a_run(model, None, "check:drift", "failed", source_id=run)

    with viewing(owner):
        assert Evidence.objects.count() == 1
        assert AIModel.objects.get(pk=model.pk).revision == revision
    assert (again.pk, again.verdict) == (first.pk, "passed")


def test_new_evidence_raises_the_revision_of_its_model(owner, model):
    with viewing(owner):
        before = AIModel.objects.get(pk=model.pk).revision
    a_run(model, None, "check:drift", "passed")
    with viewing(owner):
        assert AIModel.objects.get(pk=model.pk).revision == before + 1


def test_evidence_of_the_organisation_bears_on_all_its_models(owner, model):
    other = a_model(owner, number="M-0002")
    with viewing(owner):
        before = list(AIModel.objects.order_by("number").values_list("revision", flat=True))
    a_run(other, None, "document:ai_policy", "on_file", model_id=None)
    with viewing(owner):
        after = list(AIModel.objects.order_by("number").values_list("revision", flat=True))
    assert after == [each + 1 for each in before]


def test_a_stranger_records_nothing(stranger, model):
    with pytest.raises(NotFound):
        obligations.record(
            by=stranger, organisation_id=model.organisation_id, model_id=model.pk, version_id=None,
            kind="check:drift", verdict="passed", source="plan", source_id=uuid.uuid4(), digest=DIGEST,
            taken_at=timezone.now(),
        )  # fmt: skip
    with viewing(REGISTER):
        assert not Evidence.objects.exists()


def test_an_administrator_records_nothing(administrator, model):
    with pytest.raises(NotAllowed):
        obligations.record(
            by=administrator, organisation_id=model.organisation_id, model_id=model.pk, version_id=None,
            kind="check:drift", verdict="passed", source="plan", source_id=uuid.uuid4(), digest=DIGEST,
            taken_at=timezone.now(),
        )  # fmt: skip
    with viewing(REGISTER):
        assert not Evidence.objects.exists()


def test_revoking_leaves_the_row_and_its_reason_in_the_ledger(validator, model):
    evidence = a_run(model, None, "check:drift", "passed")
    obligations.revoke(by=validator, evidence=evidence, reason="The data period was wrong.")
    revoked = obligations.revoke(by=validator, evidence=evidence, reason="Again.")

    assert revoked.revoked_at is not None
    with viewing(REGISTER):
        [entry] = LedgerEntry.objects.filter(row=evidence.pk, operation="U")
        assert entry.payload.content["reason"] == "The data period was wrong."
    assert (entry.action, entry.actor) == ("evidence.revoked", validator.label)


def test_the_owner_of_a_model_cannot_take_back_evidence(owner, model):
    evidence = a_run(model, None, "check:drift", "failed")
    with pytest.raises(NotAllowed):
        obligations.revoke(by=owner, evidence=evidence, reason="I do not like it.")
    with viewing(owner):
        assert Evidence.objects.standing().count() == 1


def test_evidence_is_not_taken_back_without_a_reason(validator, model):
    evidence = a_run(model, None, "check:drift", "failed")
    with pytest.raises(RuleBroken):
        obligations.revoke(by=validator, evidence=evidence, reason="  ")
    with viewing(validator):
        assert Evidence.objects.standing().count() == 1
