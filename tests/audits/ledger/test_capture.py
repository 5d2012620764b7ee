"""What the ledger keeps of a write, at the level of statements."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from django.utils import timezone

from audits.models import LedgerEntry, LedgerIndex
from governance.inventory.models import AIModel, Document
from governance.people import services
from governance.people.acting import acting, viewing
from governance.people.models import Membership
from tests.factories import REGISTER

pytestmark = pytest.mark.django_db


def a_model(bank, owner, number="M-0001"):
    with acting(owner, "model.drafted"):
        return AIModel.objects.create(organisation=bank, number=number, name="Model", owner_id=owner.user_id)


def entries(actor, **lookup):
    with viewing(actor):
        return list(LedgerEntry.objects.filter(**lookup).order_by("at").select_related("payload"))


def revision(actor, model) -> int:
    with viewing(actor):
        return AIModel.objects.get(pk=model.pk).revision


def test_one_statement_over_many_rows_leaves_one_entry_a_row(bank, owner):
    with acting(owner, "models.drafted"):
        AIModel.objects.bulk_create(
            AIModel(organisation=bank, number=f"M-{n:04d}", name="x", owner_id=owner.user_id)
            for n in range(50)
        )
    with acting(owner, "models.renamed"):
        assert AIModel.objects.update(name="y") == 50
    renamed = entries(owner, action="models.renamed")
    assert len(renamed) == 50
    assert all(each.payload.content["changes"] == {"name": ["x", "y"]} for each in renamed)
    assert len({each.transaction for each in renamed}) == 1


def test_a_delete_keeps_the_last_values(bank, owner):
    model = a_model(bank, owner)
    with acting(owner, "model.removed"):
        AIModel.objects.filter(pk=model.pk).delete()
    [entry] = entries(owner, action="model.removed", row=model.pk)
    assert entry.operation == "D" and entry.payload.content["changes"]["name"] == "Model"


def test_the_reason_is_kept_with_the_values(bank, owner):
    model = a_model(bank, owner)
    with acting(owner, "model.renamed", reason="It was named by mistake."):
        AIModel.objects.filter(pk=model.pk).update(name="Other")
    [entry] = entries(owner, action="model.renamed")
    assert entry.payload.content["reason"] == "It was named by mistake."


def test_the_commitment_covers_salt_and_payload(bank, owner):
    model = a_model(bank, owner)
    [entry] = entries(owner, row=model.pk, operation="I")
    with viewing(owner), connection.cursor() as cursor:
        cursor.execute("SELECT content::text FROM audits_ledgerpayload WHERE entry_id = %s", [entry.pk])
        [text] = cursor.fetchone()
    assert hashlib.sha256(bytes(entry.payload.salt) + text.encode()).digest() == bytes(entry.commitment)
    assert len(bytes(entry.payload.salt)) == 32


def test_churning_columns_alone_leave_nothing(bank, owner):
    model = a_model(bank, owner)
    with acting(owner, "model.touched"):
        AIModel.objects.filter(pk=model.pk).update(revision=7)
    assert entries(owner, action="model.touched") == []


def test_a_write_that_is_taken_back_leaves_nothing(bank, owner):
    with pytest.raises(ValueError), acting(owner, "model.drafted"):
        AIModel.objects.create(organisation=bank, number="M-1", name="x", owner_id=owner.user_id)
        raise ValueError
    assert entries(owner, action="model.drafted") == []


def test_a_competitor_sees_nothing_of_the_ledger(bank, owner, stranger):
    model = a_model(bank, owner)
    assert entries(stranger, row=model.pk) == []
    assert entries(stranger, organisation_id=bank.pk) == []


def test_a_write_that_bears_on_a_model_raises_its_revision(bank, owner):
    model, other = a_model(bank, owner), a_model(bank, owner, "M-0002")
    before = revision(owner, model), revision(owner, other)
    with acting(owner, "document.added"):
        Document.objects.create(organisation=bank, model=model, title="x")
    assert (revision(owner, model), revision(owner, other)) == (before[0] + 1, before[1])


def test_an_older_copy_that_is_saved_whole_does_not_take_the_revision_back(bank, owner):
    model = a_model(bank, owner)
    with acting(owner, "document.added"):
        Document.objects.create(organisation=bank, model=model, title="x")
    known = revision(owner, model)
    with acting(owner, "model.renamed"):
        model.name = "Renamed"
        model.save()
    assert revision(owner, model) == known + 1


def test_rows_of_the_ledger_are_indexed_by_nobody_yet(bank, owner):
    a_model(bank, owner)
    with viewing(REGISTER):
        assert LedgerIndex.objects.count() == 0


def test_membership_changes_stand_in_the_ledger(bank, administrator, owner):
    with viewing(administrator):
        membership = Membership.objects.get(user_id=owner.user_id)
    services.end(by=administrator, membership=membership, on=timezone.localdate())
    [entry] = entries(administrator, action="member.left", row=membership.pk)
    assert entry.actor == administrator.label
