"""The triggers that write the ledger: statement-level, in the transaction of the write, refusing what nobody announced.

Each table has three triggers with transition tables. One function of the ledger role turns the changed rows into
entries: an insert with all values, an update with the former and the new value of each changed column, a delete with
the last values. Columns a table withholds are noted as "(withheld)"; an update of churning columns alone leaves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from audits.ledger.models import Ledger
from governance.people.isolation import EXEMPT, LEDGER, OF_THESE_MODELS, OWNER, READS, RUNTIME, policy_of

# What an entry is. Written for all rows of a statement at once: row by row, ten thousand cost twice as long.
ENTRIES = """
    WITH changed (org, row_id, of_model, changes) AS ({rows}),
    drawn AS MATERIALIZED (
        SELECT gen_random_uuid() AS entry, clock_timestamp() AS at, org, row_id, of_model,
            uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) AS salt,
            jsonb_build_object('changes', changes, 'reason', coalesce(current_setting('senim.reason', true), '')) AS content
        FROM changed),
    entries AS (
        INSERT INTO audits_ledgerentry
            (id, organisation_id, at, transaction, actor, action, request, "table", "row", model, operation, commitment)
        SELECT entry, org, at, pg_current_xact_id()::text::bigint, current_setting('senim.actor'),
            current_setting('senim.action'), coalesce(current_setting('senim.request', true), ''), {table}, row_id,
            of_model, {operation}, sha256(salt || convert_to(content::text, 'UTF8'))
        FROM drawn),
    payloads AS (
        INSERT INTO audits_ledgerpayload (entry_id, organisation_id, salt, content)
        SELECT entry, org, salt, content FROM drawn)
    INSERT INTO audits_ledgerwaiting (entry_id, organisation_id) SELECT entry, org FROM drawn;
"""
OF_ONE = "SELECT senim_record.org, senim_record.row_id, senim_record.of_model, senim_record.changes"

RECORD = f"""
CREATE OR REPLACE FUNCTION senim_record(
    org uuid, table_name text, row_id uuid, of_model uuid, op text, changes jsonb)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
{ENTRIES.format(rows=OF_ONE, table="table_name", operation="op")} $$;
"""

# A row is made JSON once (without OFFSET 0 once for each value read from it), and a function is called only where a
# column is withheld. The aliases are long because a table may have a column called "n": it would mean the column.
OF_WHOLE_ROWS = """
        SELECT (j ->> org_column)::uuid, (j ->> 'id')::uuid, (j ->> model_column)::uuid,
            CASE WHEN withheld = '{{}}' THEN j ELSE senim_shown(j, withheld) END
        FROM (SELECT to_jsonb({a_row}) AS j FROM {rows} {a_row} OFFSET 0) AS whole"""
OF_INSERTED = OF_WHOLE_ROWS.format(rows="new_rows", a_row="a_new_row")
OF_DELETED = OF_WHOLE_ROWS.format(rows="old_rows", a_row="an_old_row")
# Joined by key before they are read as JSON: the other way round, a thousand rows are read a million times.
OF_UPDATED = """
        SELECT (n ->> org_column)::uuid, (n ->> 'id')::uuid, (n ->> model_column)::uuid, changed
        FROM (SELECT after AS n, senim_changes(before, after, withheld, churning) AS changed
              FROM (SELECT to_jsonb(an_old_row) AS before, to_jsonb(a_new_row) AS after
                    FROM old_rows an_old_row JOIN new_rows a_new_row ON a_new_row.id = an_old_row.id
                    OFFSET 0) AS both_rows
              OFFSET 0) AS pairs
        WHERE changed <> '{}'::jsonb"""

# TG_ARGV: the column of the organisation ('organisation_id', 'id' or ''), withheld columns, churning columns, the column
# of the AIModel ('model_id', 'id' or '').
CAPTURE = f"""
CREATE OR REPLACE FUNCTION senim_capture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    org_column text := TG_ARGV[0];
    withheld text[] := string_to_array(TG_ARGV[1], ',');
    churning text[] := string_to_array(TG_ARGV[2], ',');
    model_column text := TG_ARGV[3];
BEGIN
    IF coalesce(current_setting('senim.action', true), '') = ''
        OR coalesce(current_setting('senim.actor', true), '') = '' THEN
        RAISE EXCEPTION 'nobody announced this write on %', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'write inside acting()';
    END IF;
    IF TG_OP = 'INSERT' THEN {ENTRIES.format(rows=OF_INSERTED, table="TG_TABLE_NAME", operation="'I'")}
    ELSIF TG_OP = 'DELETE' THEN {ENTRIES.format(rows=OF_DELETED, table="TG_TABLE_NAME", operation="'D'")}
    ELSE {ENTRIES.format(rows=OF_UPDATED, table="TG_TABLE_NAME", operation="'U'")}
    END IF;
    RETURN NULL;
END $$;
"""
SHOWN = """
CREATE OR REPLACE FUNCTION senim_shown(j jsonb, withheld text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (withheld) THEN '"(withheld)"'::jsonb ELSE value END), '{}')
    FROM jsonb_each(j) $$;
"""
CHANGES = """
CREATE OR REPLACE FUNCTION senim_changes(before jsonb, after jsonb, withheld text[], churning text[])
    RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(b.key, CASE WHEN b.key = ANY (withheld) THEN '["(withheld)", "(withheld)"]'::jsonb
                                                 ELSE jsonb_build_array(b.value, a.value) END), '{}')
    FROM jsonb_each(before) b JOIN jsonb_each(after) a ON a.key = b.key
    WHERE b.value IS DISTINCT FROM a.value AND NOT b.key = ANY (churning) $$;
"""

# The last wall: also the owner of the tables cannot change what is written (the triggers fire ALWAYS).
GUARD = """
CREATE OR REPLACE FUNCTION senim_ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'insufficient_privilege'; END $$;
"""

FUNCTIONS = {
    "senim_record(uuid, text, uuid, uuid, text, jsonb)": RECORD,
    "senim_capture()": CAPTURE,
    "senim_shown(jsonb, text[])": SHOWN,
    "senim_changes(jsonb, jsonb, text[], text[])": CHANGES,
    "senim_ledger_guard()": GUARD,
}

EVENTS = {
    "insert": "INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}


def ledger_models() -> list[type[Ledger]]:
    return [model for model in apps.get_models() if issubclass(model, Ledger)]


def recorded_models() -> list[type[models.Model]]:
    """Every isolated or shared table that does not say, on the written exempt list, that it is technical."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if policy_of(model) is not None and getattr(model, "recorded", True)
    ]


def statements() -> Iterator[str]:
    """All SQL of the capture, safe to run again."""
    yield from FUNCTIONS.values()
    for kept in ledger_models():
        yield from _ledger_table(kept._meta.db_table, erasable=kept.erasable)
    for signature in FUNCTIONS:
        yield f"ALTER FUNCTION {signature} OWNER TO {LEDGER}"
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    for model in recorded_models():
        yield from _triggers(model)


def _ledger_table(table: str, *, erasable: bool) -> Iterator[str]:
    yield f'ALTER TABLE "{table}" OWNER TO {LEDGER}'
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
    read = f"({READS.format(column='organisation_id')} AND {_of_what_they_came_to_see(table)})"
    for name, rule in (
        ("senim_ledger_all", f"FOR ALL TO {LEDGER} USING (true) WITH CHECK (true)"),
        ("senim_owner_read", f"FOR SELECT TO {OWNER} USING (true)"),
        ("senim_read", f"FOR SELECT TO {RUNTIME} USING ({read})"),
    ):
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
        yield f'CREATE POLICY {name} ON "{table}" {rule}'
    yield f'REVOKE ALL ON "{table}" FROM {RUNTIME}'
    yield f'GRANT SELECT ON "{table}" TO {RUNTIME}'
    events = "UPDATE" if erasable else "UPDATE OR DELETE"
    for name, when in (
        ("senim_guard_rows", f"BEFORE {events} ON {table} FOR EACH ROW"),
        ("senim_guard_table", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
    ):
        yield f"CREATE OR REPLACE TRIGGER {name} {when} EXECUTE FUNCTION senim_ledger_guard()"
        yield f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {name}'


def _of_what_they_came_to_see(table: str) -> str:
    """An auditor of some models reads the entries of these alone, and payloads of no other entry."""
    if table == "audits_ledgerentry":
        return OF_THESE_MODELS.format(column="model")
    if table == "audits_ledgerpayload":
        visible = "EXISTS (SELECT FROM audits_ledgerentry e WHERE e.id = entry_id)"
        return f"((SELECT senim_models_all()) OR {visible})"
    return "true"


def _triggers(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    columns = {field.column for field in model._meta.local_concrete_fields}
    organisation = (
        "organisation_id"
        if "organisation_id" in columns
        else "id"
        if table == "governance_organisation"
        else ""
    )
    of_model = "id" if table == "governance_aimodel" else "model_id" if "model_id" in columns else ""
    withheld = ",".join(getattr(model, "withheld", ()))
    churning = ",".join(getattr(model, "churning", ()))
    for name, event in EVENTS.items():
        yield (
            f"CREATE OR REPLACE TRIGGER senim_capture_{name} AFTER {event.format(table=table)} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION senim_capture('{organisation}', '{withheld}', '{churning}', '{of_model}')"
        )
        yield f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER senim_capture_{name}'


def unguarded_tables() -> list[str]:
    """Tables that are neither isolated and recorded, nor of the ledger, nor on the written exempt list."""
    known = {model._meta.db_table for model in ledger_models()} | set(EXEMPT)
    isolated = {
        m._meta.db_table for m in apps.get_models(include_auto_created=True) if policy_of(m) is not None
    }
    recorded = {m._meta.db_table for m in recorded_models()}
    everything = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed}
    return sorted(everything - known - (isolated & (recorded | set(UNRECORDED))))


UNRECORDED: dict[str, str] = {
    "monitoring_runlease": "progress and lease of a run change every second; the run's transitions are recorded",
    "monitoring_upload": "how far a file has come that is no data period yet; the data period is recorded",
    "monitoring_scan": "counted again from a data period and a baseline, which are recorded; results are recorded too",
    "monitoring_attribution": "made again from a data period and a version, which are recorded; results are recorded too",
    "governance_dutysheet": "computed again from rows that are recorded; nothing is decided here",
    "governance_permissionsheet": "how far permissions are looked over; each one that becomes void is recorded",
    "governance_standing": "computed again from rows that are recorded; each change is recorded as a DutyChange",
    "governance_keptanswer": "the content of what DutyChanges name by an id that follows from it; it never changes",
    "governance_standingchange": "how the counts of duty sheets changed; the changes of duties are recorded",
}
"""Tables that are isolated and not recorded, with the reason. A model says so itself with `recorded = False`."""
