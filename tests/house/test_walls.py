"""The walls stand in the database that the tests use, as they do in production."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from audits.ledger.capture import UNRECORDED, recorded_models, unguarded_tables
from governance.config.checks import every_table_has_its_walls
from governance.config.walls import weaknesses
from governance.inventory.models import AIModel
from governance.people.isolated import Isolated
from governance.people.isolation import EXEMPT, isolated_models, records, views

pytestmark = pytest.mark.django_db


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_every_table_is_isolated_and_recorded_or_on_the_written_list():
    assert unguarded_tables() == []


def test_every_table_in_the_database_is_known():
    known = {m._meta.db_table for m in apps.get_models(include_auto_created=True)} | set(EXEMPT)
    there = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    }
    assert there - known == set()


def test_every_exemption_gives_a_reason():
    assert all(each.why for each in EXEMPT.values()) and all(UNRECORDED.values())


def test_views_are_read_with_the_rights_of_whoever_asks_and_never_written():
    there = rows(
        "SELECT relname, reloptions FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
    )
    assert [(name, options) for name, options in there] == [
        (name, ["security_invoker=true"]) for name in views()
    ]
    granted = rows(
        "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = 'senim_runtime' AND table_name = ANY (%s)",
        views(),
    )
    assert granted == [("SELECT",)]


def test_the_runtime_role_can_pass_no_wall():
    assert rows("SELECT current_user") == [("senim_runtime",)]
    assert weaknesses() == []


def test_row_level_security_is_forced_with_a_policy_for_each_verb():
    for model in isolated_models():
        table = model._meta.db_table
        assert rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table) == [
            (True, True)
        ]
        verbs = {
            verb
            for (verb,) in rows(
                "SELECT cmd FROM pg_policies WHERE tablename = %s AND 'senim_runtime' = ANY (roles)", table
            )
        }
        deletes = set() if table in records() else {"DELETE"}
        assert verbs == {"SELECT", "INSERT", "UPDATE"} | deletes, table


def test_every_recorded_table_has_its_three_triggers_that_fire_always():
    for model in recorded_models():
        triggers = rows(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'senim_capture_%%' AND tgenabled = 'A'",
            model._meta.db_table,
        )
        assert len(triggers) == 3, model


def test_keys_between_rows_of_organisations_are_composite_and_stand_once():
    for model in apps.get_models():
        if not issubclass(model, Isolated) or not model._meta.managed:
            continue
        keys = [
            f
            for f in model._meta.local_concrete_fields
            if f.is_relation and issubclass(f.related_model, Isolated)
        ]
        found = rows(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass AND array_length(conkey, 1) = 2",
            model._meta.db_table,
        )
        assert len(found) == len(keys), model
        plain = rows(
            "SELECT confrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass AND array_length(conkey, 1) = 1",
            model._meta.db_table,
        )
        assert not {table for (table,) in plain} & {f.related_model._meta.db_table for f in keys}, model


def test_tables_of_the_ledger_belong_to_the_ledger_role():
    owners = rows("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename LIKE 'audits_ledger%%'")
    assert owners == [("senim_ledger",)]


def test_only_six_functions_look_past_row_level_security_for_the_runtime_role():
    """Four answer one question about one key each; two put the ledger in order and say only how long it is."""
    asked = rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND has_function_privilege('senim_runtime', oid, 'EXECUTE') AND prorettype <> 'trigger'::regtype ORDER BY 1"
    )
    assert [name for (name,) in asked] == [
        "senim_checkpoint",
        "senim_is_alone",
        "senim_memberships",
        "senim_organisation_of_run",
        "senim_sequence",
        "senim_token",
    ]


def test_a_table_that_nobody_thought_of_is_reported(monkeypatch):
    monkeypatch.delitem(EXEMPT, "django_session")
    monkeypatch.setattr(AIModel, "recorded", False)
    assert unguarded_tables() == ["django_session", "governance_aimodel"]
    assert [each.id for each in every_table_has_its_walls()] == ["senim.E001", "senim.E001"]
