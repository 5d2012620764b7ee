"""What other roles of the database can do: the owner not more than migrate, and nobody serves as the owner."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from audits.ledger import services as ledger
from governance.config.walls import WallMissing, refuse_if_weak, weaknesses
from governance.people.acting import acting
from tests.factories import REGISTER, found
from tests.house.test_strangers import as_role


def test_the_owner_role_cannot_change_the_ledger_either(committing, cluster):
    bank = found(1)
    ledger.catch_up(bank.pk)
    with as_role(cluster, "senim_owner", committing):
        for sql in (
            "UPDATE audits_ledgerentry SET actor = 'x'",
            "DELETE FROM audits_ledgerentry",
            "TRUNCATE audits_ledgerentry CASCADE",
            "UPDATE audits_ledgerindex SET position = position + 1000",
            "DELETE FROM audits_checkpoint",
        ):
            with (
                pytest.raises(DatabaseError),
                acting(REGISTER, "ledger.attacked"),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)


def test_a_process_does_not_start_with_a_role_that_could_pass_a_wall(committing, cluster):
    with as_role(cluster, "senim_owner", committing):
        found = " ".join(weaknesses())
        assert "owns a table" in found and "member of another role" in found and "truncate" in found
        with pytest.raises(WallMissing):
            refuse_if_weak()


def test_a_process_does_not_start_with_a_role_that_could_delete_a_record(committing, cluster):
    assert weaknesses() == []
    with as_role(cluster, "senim_owner", committing), connection.cursor() as cursor:
        cursor.execute("GRANT DELETE ON monitoring_finding TO senim_runtime")
    assert weaknesses() == ["the role may delete a record: monitoring_finding"]
