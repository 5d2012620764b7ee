"""Entries get their place, the head is signed, and a history that was changed is not signed again."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import ProgrammingError, connection, transaction

from audits.ledger import guard, leaf, merkle, note, queries, services
from audits.models import Checkpoint, LedgerEntry, LedgerIndex, LedgerWaiting
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.store.keys import signing_key

pytestmark = pytest.mark.django_db


def write(owner, bank, *numbers) -> None:
    with acting(owner, "model.drafted"):
        for number in numbers:
            AIModel.objects.create(
                organisation=bank, number=number, name='Model "é"\n', owner_id=owner.user_id
            )


def heads(owner) -> list[Checkpoint]:
    with viewing(owner):
        return list(Checkpoint.objects.filter(organisation_id=owner.organisation_id).order_by("size"))


def leaves(owner) -> list[bytes]:
    with viewing(owner):
        places = LedgerIndex.objects.filter(organisation_id=owner.organisation_id).order_by("position")
        return [bytes(each) for each in places.values_list("leaf", flat=True)]


def test_every_entry_gets_one_place_and_the_head_covers_them_all(bank, owner):
    write(owner, bank, "M-0001", "M-0002")
    services.catch_up(bank.pk)
    [head] = heads(owner)
    with viewing(owner):
        entries = LedgerEntry.objects.filter(organisation_id=bank.pk)
        assert entries.count() == head.size == len(leaves(owner))
        assert not LedgerWaiting.objects.exists()
    assert merkle.root(leaves(owner)) == bytes(head.root)


def test_the_database_and_python_say_the_same_leaf(bank, owner):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    with viewing(owner):
        for index in LedgerIndex.objects.select_related("entry"):
            assert bytes(index.leaf) == leaf.leaf(index.entry)


def test_an_entry_names_the_model_it_belongs_to(bank, owner):
    write(owner, bank, "M-0001")
    with viewing(owner):
        model = AIModel.objects.get()
        assert LedgerEntry.objects.get(action="model.drafted").model == model.pk
        assert not LedgerEntry.objects.filter(table="governance_membership", model__isnull=False).exists()


def test_the_next_head_continues_the_last_one(bank, owner):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    write(owner, bank, "M-0002")
    services.catch_up(bank.pk)
    first, second = heads(owner)
    proof = merkle.consistency(first.size, leaves(owner))
    assert merkle.is_consistent(first.size, second.size, bytes(first.root), bytes(second.root), proof)


def test_nothing_new_signs_nothing(bank, owner):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    services.catch_up(bank.pk)
    assert len(heads(owner)) == 1


def test_the_note_is_signed_and_names_its_log(bank, owner):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    [head] = heads(owner)
    key = signing_key(services.KEY).public_key()
    assert note.read(head.note, key) == note.Head(f"senim.register/{bank.pk}", head.size, bytes(head.root))
    with pytest.raises(note.WrongNote):
        note.read(head.note.replace(f"\n{head.size}\n", f"\n{head.size + 1}\n", 1), key)
    with pytest.raises(note.WrongNote):
        note.read(head.note, signing_key("gate").public_key())


def test_each_entry_is_proven_against_the_head(bank, owner):
    write(owner, bank, "M-0001", "M-0002", "M-0003")
    services.catch_up(bank.pk)
    [head] = heads(owner)
    with viewing(owner):
        entries = list(LedgerEntry.objects.filter(action="model.drafted"))
        proofs = queries.proofs_of(entries, head)
    assert len(proofs) == 3
    for entry in entries:
        proof = proofs[entry.pk]
        assert merkle.is_included(proof.position, head.size, leaf.leaf(entry), proof.path, bytes(head.root))


def test_a_stranger_sees_neither_places_nor_heads(bank, owner, stranger):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    with viewing(stranger):
        assert not Checkpoint.objects.filter(organisation_id=bank.pk).exists()
        assert not LedgerIndex.objects.filter(organisation_id=bank.pk).exists()


def test_the_runtime_role_can_neither_write_a_head_nor_take_a_place_away(bank, owner):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    for statement in (
        "UPDATE audits_checkpoint SET size = 1",
        "DELETE FROM audits_ledgerindex",
        "INSERT INTO audits_ledgerwaiting SELECT id, organisation_id FROM audits_ledgerentry",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting(owner, "ledger.bent"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_head_longer_than_the_log_or_behind_one_that_stands_is_not_kept(bank, owner):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    [head] = heads(owner)
    for size in (head.size, head.size + 1, 1):
        with acting(owner, "ledger.bent"), connection.cursor() as cursor:
            cursor.execute(
                "SELECT senim_checkpoint(%s, %s, %s, %s, %s)", [bank.pk, size, b"r" * 32, b"", "note"]
            )
            assert cursor.fetchone()[0] is False
    assert len(heads(owner)) == 1


def test_a_history_that_was_changed_is_not_signed(bank, owner, home, caplog):
    write(owner, bank, "M-0001")
    services.catch_up(bank.pk)
    known = home / "guard" / f"{bank.pk}.json"
    kept = json.loads(known.read_text())
    known.write_text(json.dumps({"size": kept["size"] + 7, "root": "00" * 32}))
    write(owner, bank, "M-0002")
    with caplog.at_level(logging.CRITICAL):
        services.catch_up(bank.pk)
    assert "not signed any more" in caplog.text
    assert len(heads(owner)) == 1
    with viewing(owner):
        assert not queries.standing(bank.pk).is_whole


def test_a_head_whose_transaction_was_lost_is_signed_again(bank, owner, home):
    """The guard wrote, and the process died before the commit: the same entries still stand, so work goes on."""
    write(owner, bank, "M-0001")
    with acting(owner, "ledger.sequenced", quiet=True), connection.cursor() as cursor:
        cursor.execute("SELECT senim_sequence(%s, 100)", [bank.pk])
        size = cursor.fetchone()[0]
    with guard.guarding(bank.pk) as remembered:
        remembered.remember(size, merkle.root(leaves(owner)))
    services.catch_up(bank.pk)
    [head] = heads(owner)
    assert (head.size, guard.remembered(bank.pk)) == (size, (size, bytes(head.root).hex()))
