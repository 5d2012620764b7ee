"""Every write says who does what; every read sees only its own organisations."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audits.models import LedgerEntry, LedgerPayload
from governance.people import services
from governance.people.acting import acting, current_actor, viewing
from governance.people.actor import Actor
from governance.people.models import ApiToken, Membership, Organisation, User
from tests.factories import REGISTER, join

pytestmark = pytest.mark.django_db


def test_a_write_that_nobody_announced_is_refused(bank):
    with pytest.raises(DatabaseError, match=r"row-level security|nobody announced"), transaction.atomic():
        Organisation.objects.filter(pk=bank.pk).update(name_en="Other")
        Membership.objects.create(organisation=bank, user=User(), role="committee")


def test_without_a_scope_a_query_returns_nothing(bank):
    assert Organisation.objects.count() == 0
    with viewing(REGISTER):
        assert Organisation.objects.count() == 1
    assert Organisation.objects.count() == 0


def test_reading_opens_no_door_to_writing(owner, bank):
    with viewing(owner), pytest.raises(DatabaseError), transaction.atomic():
        ApiToken.objects.create(
            organisation=bank, name="x", secret_sha256="0" * 64, issued_by_id=owner.user_id
        )


def test_a_different_actor_cannot_join_in(owner, stranger):
    with acting(owner, "something.done"):
        with pytest.raises(RuntimeError), acting(stranger, "something.done"):
            pass
        with pytest.raises(RuntimeError), viewing(stranger):
            pass
        assert current_actor() == owner


def test_former_values_come_back_after_a_nested_block(owner):
    def setting(name):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s, true)", [name])
            return cursor.fetchone()[0]

    with acting(owner, "outer.action"):
        with acting(owner, "inner.action"):
            assert setting("senim.action") == "inner.action"
        assert setting("senim.action") == "outer.action"
        with pytest.raises(ValueError), acting(owner, "inner.action"):
            raise ValueError
        assert setting("senim.action") == "outer.action"
    assert setting("senim.reads") in ("", None)


def test_the_second_wall_hides_what_a_forgotten_filter_shows(owner, stranger, bank, broker):
    with viewing(owner):
        assert list(Organisation.objects.values_list("pk", flat=True)) == [bank.pk]
        assert not User.objects.filter(pk=stranger.user_id).exists()
        assert set(Membership.objects.values_list("organisation_id", flat=True)) == {bank.pk}


def test_a_row_of_another_organisation_cannot_be_written(owner, broker):
    with pytest.raises(DatabaseError), acting(owner, "member.invited"):
        Membership.objects.create(organisation=broker, user_id=owner.user_id, role="committee")


def test_a_key_of_an_invisible_row_is_refused(owner, stranger, bank, broker, administrator):
    """A plain foreign key would accept it; the composite one knows that it belongs to somebody else."""
    from governance.inventory.models import AIModel, ModelVersion

    with acting(stranger, "model.registered"):
        theirs = AIModel.objects.create(
            organisation=broker, number="M-1", name="Theirs", owner_id=stranger.user_id
        )
    with pytest.raises(IntegrityError), acting(owner, "version.added"):
        ModelVersion.objects.create(
            organisation=bank, model_id=theirs.pk, label="1", digest="0" * 64, created_by_id=owner.user_id
        )
        connection.check_constraints()


def test_each_write_stands_in_the_ledger_with_its_actor(bank, administrator):
    token, _secret = services.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["gate:read"], days=30
    )
    with viewing(administrator):
        entry = LedgerEntry.objects.get(row=token.pk)
        payload = LedgerPayload.objects.get(pk=entry.pk)
    assert (entry.action, entry.actor, entry.operation) == ("token.issued", administrator.label, "I")
    assert entry.organisation_id == bank.pk
    assert payload.content["changes"]["secret_sha256"] == "(withheld)"
    assert payload.content["changes"]["scopes"] == ["gate:read"]


def test_an_update_notes_the_former_and_the_new_value(bank, administrator):
    token, _secret = services.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["gate:read"], days=30
    )
    services.revoke_token(by=administrator, token=token)
    with viewing(administrator):
        entry = LedgerEntry.objects.get(row=token.pk, operation="U")
        changes = entry.payload.content["changes"]
    assert list(changes) == ["revoked_at"]
    assert changes["revoked_at"][0] is None and changes["revoked_at"][1] is not None


def test_the_ledger_cannot_be_written_changed_or_removed(bank, administrator):
    for sql in (
        "INSERT INTO audits_ledgerindex (entry_id, organisation_id, position) SELECT id, NULL, 0 FROM audits_ledgerentry",
        "UPDATE audits_ledgerentry SET actor = 'person:other'",
        "DELETE FROM audits_ledgerentry",
        "DELETE FROM audits_ledgerpayload",
        "TRUNCATE audits_ledgerentry CASCADE",
        "TRUNCATE governance_membership CASCADE",
        "ALTER TABLE governance_membership DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SET ROLE senim_owner",
        "SELECT senim_record(NULL, 'x', gen_random_uuid(), NULL, 'I', '{}')",
    ):
        with (
            pytest.raises(DatabaseError),
            acting(administrator, "ledger.attacked"),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_a_person_who_left_has_no_way_in(bank, administrator, today):
    member = join(bank, "committee", email="leaving@bank.example")
    with viewing(administrator):
        membership = Membership.objects.get(user_id=member.user_id)
    from datetime import timedelta

    with acting(REGISTER, "member.corrected"):
        Membership.objects.filter(pk=membership.pk).update(
            starts_on=today - timedelta(days=900), ends_on=today - timedelta(days=800)
        )
    from tests.factories import person

    assert person(member.user_id).reads == frozenset()


def test_a_supervisor_reads_all_and_writes_only_at_home(supervisor, bank, broker, owner):
    with viewing(supervisor):
        assert {bank.pk, broker.pk} <= set(Organisation.objects.values_list("pk", flat=True))
    with pytest.raises(DatabaseError), acting(supervisor, "member.invited"):
        Membership.objects.create(organisation=bank, user_id=supervisor.user_id, role="committee")


def test_nobody_is_an_actor_without_scope(bank):
    with viewing(Actor.nobody()):
        assert Organisation.objects.count() == 0
