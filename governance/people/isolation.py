"""Row-level security: the wall behind every queryset filter, declared here and installed after each `migrate`.

A tenant table answers to `organisation_id`; a few tables have a rule of their own (SPECIAL); tables that hold nothing
of an organisation stand on a written list with the reason (EXEMPT). A system check refuses any other table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from governance.people.isolated import Isolated, model_column

OWNER, RUNTIME, LEDGER, BACKUP = "senim_owner", "senim_runtime", "senim_ledger", "senim_backup"

SCOPES = """
CREATE OR REPLACE FUNCTION senim_reads_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('senim.reads', true), '') = '*' $$;
CREATE OR REPLACE FUNCTION senim_reads() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN coalesce(current_setting('senim.reads', true), '') IN ('', '*') THEN '{}'::uuid[]
                      ELSE current_setting('senim.reads', true)::uuid[] END $$;
CREATE OR REPLACE FUNCTION senim_writes_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('senim.writes', true), '') = '*' $$;
CREATE OR REPLACE FUNCTION senim_writes() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN coalesce(current_setting('senim.writes', true), '') IN ('', '*') THEN '{}'::uuid[]
                      ELSE current_setting('senim.writes', true)::uuid[] END $$;
CREATE OR REPLACE FUNCTION senim_models_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('senim.models', true), '') = '*' $$;
CREATE OR REPLACE FUNCTION senim_models() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN coalesce(current_setting('senim.models', true), '') IN ('', '*') THEN '{}'::uuid[]
                      ELSE current_setting('senim.models', true)::uuid[] END $$;
CREATE OR REPLACE FUNCTION senim_person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('senim.person', true), '') $$;
"""

# What has to be read before a scope exists. Each answers one question about one key, and nothing else.
LOOKUPS = """
DROP FUNCTION IF EXISTS senim_memberships(uuid);
CREATE FUNCTION senim_memberships(person uuid)
    RETURNS TABLE (organisation_id uuid, kind text, name_kk text, name_ru text, name_en text, role text, models jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.organisation_id, o.kind, o.name_kk, o.name_ru, o.name_en, m.role, m.limited_to FROM governance_membership m
        JOIN governance_organisation o ON o.id = m.organisation_id JOIN governance_user u ON u.id = m.user_id
    WHERE m.user_id = person AND u.is_active AND m.closed_at IS NULL
        AND m.starts_on <= (now() AT TIME ZONE 'Asia/Almaty')::date
        AND (m.ends_on IS NULL OR m.ends_on >= (now() AT TIME ZONE 'Asia/Almaty')::date) $$;
CREATE OR REPLACE FUNCTION senim_token(secret text)
    RETURNS TABLE (id uuid, organisation_id uuid, name text, scopes jsonb, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.organisation_id, t.name, t.scopes, t.issued_by_id FROM governance_apitoken t
        JOIN governance_user u ON u.id = t.issued_by_id
    WHERE t.secret_sha256 = secret AND t.revoked_at IS NULL AND t.expires_at > now() AND u.is_active $$;
"""

LOOKUP_SIGNATURES = ("senim_memberships(uuid)", "senim_token(text)")


@dataclass(frozen=True)
class Policy:
    """Who sees and who changes a row, as SQL conditions over its columns. None: nobody at run time."""

    read: str
    write: str
    insert: str | None = None

    @property
    def inserts(self) -> str:
        return self.insert or self.write


READS = "((SELECT senim_reads_all()) OR {column} = ANY ((SELECT senim_reads())::uuid[]))"
WRITES = "((SELECT senim_writes_all()) OR {column} = ANY ((SELECT senim_writes())::uuid[]))"
OF_THESE_MODELS = "((SELECT senim_models_all()) OR {column} = ANY ((SELECT senim_models())::uuid[]))"
BY_ORGANISATION = Policy(READS.format(column="organisation_id"), WRITES.format(column="organisation_id"))
MINE = "user_id::text = (SELECT senim_person())"
IS_SENIM = "coalesce(current_setting('senim.actor', true), '') LIKE 'system:%'"
IS_A_SUPERVISORS = (
    "EXISTS (SELECT 1 FROM governance_organisation o WHERE o.id = organisation_id AND o.kind = 'supervisor')"
)
ANYTHING_ANNOUNCED = "coalesce(current_setting('senim.action', true), '') <> ''"

SPECIAL: dict[str, Policy] = {
    "governance_organisation": Policy(READS.format(column="id"), WRITES.format(column="id")),
    # A person is seen by those who share an organisation with them, and by whoever is at the door as that person.
    "governance_user": Policy(
        "((SELECT senim_reads_all()) OR id::text = (SELECT senim_person()) OR email = (SELECT senim_person())"
        " OR EXISTS (SELECT 1 FROM governance_membership m WHERE m.user_id = governance_user.id))",
        "((SELECT senim_writes_all()) OR id::text = (SELECT senim_person()) OR email = (SELECT senim_person()))",
        insert=ANYTHING_ANNOUNCED,
    ),
    # What was computed is kept as it was computed; another answer is another row.
    "governance_keptanswer": Policy(BY_ORGANISATION.read, "false", insert=BY_ORGANISATION.write),
    "governance_membership": Policy(f"({BY_ORGANISATION.read} OR {MINE})", BY_ORGANISATION.write),
    # Messages of a person are theirs alone: inside the organisation nobody else reads them, Senim's own post delivers them.
    "governance_message": Policy(
        f"({MINE} OR ({IS_SENIM} AND {BY_ORGANISATION.read}))",
        f"(({MINE} AND {ANYTHING_ANNOUNCED}) OR ({IS_SENIM} AND {BY_ORGANISATION.write}))",
        insert=BY_ORGANISATION.write,
    ),
    # What a supervisor asks of every participant is read by all of them and written by the supervisor alone.
    "governance_campaign": Policy("true", f"({BY_ORGANISATION.write} AND {IS_A_SUPERVISORS})"),
    # A return names every model of its participant: whoever came to see some of them sees none.
    "governance_return": Policy(
        f"({BY_ORGANISATION.read} AND (SELECT senim_models_all()))", BY_ORGANISATION.write
    ),
    # Whoever reads a record may have it packed, a supervisor as well; only Senim itself makes the pack.
    "audits_pack": Policy(
        f"({BY_ORGANISATION.read} AND {OF_THESE_MODELS.format(column='model_id')})",
        f"({IS_SENIM} AND {BY_ORGANISATION.write})",
        insert=f"({ANYTHING_ANNOUNCED} AND {BY_ORGANISATION.read})",
    ),
    # Whoever reads a run may have it computed again, a supervisor as well; only Senim itself says what came out.
    "monitoring_recomputation": Policy(
        f"({BY_ORGANISATION.read} AND {OF_THESE_MODELS.format(column='model_id')})",
        f"({IS_SENIM} AND {BY_ORGANISATION.write})",
        insert=f"({ANYTHING_ANNOUNCED} AND {BY_ORGANISATION.read})",
    ),
}

SHARED = Policy("true", "(SELECT senim_writes_all())")
"""The law is the same for everybody: all may read a catalogue, only Senim itself may write it."""


@dataclass(frozen=True)
class Exempt:
    """A table that is not isolated: it holds nothing of an organisation, or has to be read before anybody is known."""

    why: str
    rights: str = ""


EXEMPT: dict[str, Exempt] = {
    "django_migrations": Exempt("which migrations have run", rights="SELECT"),
    "django_content_type": Exempt("Django's list of tables; nothing of ours refers to it", rights="SELECT"),
    "auth_permission": Exempt("made by Django and unused: rights stand in rights.py"),
    "auth_group": Exempt("made by Django and unused"),
    "auth_group_permissions": Exempt("made by Django and unused"),
    "django_session": Exempt(
        "read before anybody is known; the key is a secret of 190 bits and the row names no organisation's data",
        rights="SELECT, INSERT, UPDATE, DELETE",
    ),
    "governance_attempt": Exempt(
        "hashes of who failed to sign in within minutes; counted before anybody is known",
        rights="SELECT, INSERT, UPDATE, DELETE",
    ),
    "governance_pulse": Exempt(
        "signs of life of Senim's own processes; nothing of an organisation", rights="SELECT, INSERT, UPDATE"
    ),
}


def policy_of(model: type[models.Model]) -> Policy | None:
    """The policy of a model's table, or None where there is none (EXEMPT, or an oversight that the check reports).

    A view has none: it is read with the rights of whoever asks, so those of its tables hold.
    """
    table = model._meta.db_table
    if not model._meta.managed:
        return None
    if table in SPECIAL:
        return SPECIAL[table]
    if getattr(model, "shared", False):
        return SHARED
    return _of_organisation(model) if issubclass(model, Isolated) else None


def _of_organisation(model: type[models.Model]) -> Policy:
    """Rows of one AIModel are further hidden from those who came to see others."""
    column = model_column(model)
    if not column:
        return BY_ORGANISATION
    mine = OF_THESE_MODELS.format(column=column)
    if model._meta.get_field(column).null:
        mine = f"({mine} OR {column} IS NULL)"
    return Policy(f"({BY_ORGANISATION.read} AND {mine})", BY_ORGANISATION.write)


def isolated_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if policy_of(model) is not None]


def views() -> list[str]:
    """Isolated rows that are put together from those of other tables."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Isolated) and not model._meta.managed
    )


def statements() -> Iterator[str]:
    """All SQL of this wall, safe to run again."""
    yield SCOPES
    yield LOOKUPS
    for signature in LOOKUP_SIGNATURES:
        yield from lookup_rights(signature)
    for model in isolated_models():
        policy = policy_of(model)
        assert policy is not None
        yield from _policies(model._meta.db_table, policy, deletes=not getattr(model, "never_deleted", False))
        if issubclass(model, Isolated):
            yield from _composite_keys(model)
    for view in views():
        yield f'ALTER VIEW "{view}" SET (security_invoker = true)'
        yield f'REVOKE ALL ON "{view}" FROM {RUNTIME}'
        yield f'GRANT SELECT ON "{view}" TO {RUNTIME}'
    for table, exempt in EXEMPT.items():
        yield f'REVOKE ALL ON "{table}" FROM {RUNTIME}'
        if exempt.rights:
            yield f'GRANT {exempt.rights} ON "{table}" TO {RUNTIME}'


def lookup_rights(signature: str) -> Iterator[str]:
    """Let the runtime role, and nobody else, ask one SECURITY DEFINER function."""
    yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {signature} TO {RUNTIME}"


def records() -> list[str]:
    """Tables of which no row is ever deleted."""
    return sorted(
        model._meta.db_table for model in isolated_models() if getattr(model, "never_deleted", False)
    )


def _policies(table: str, policy: Policy, *, deletes: bool) -> Iterator[str]:
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
    for name, role, clause in (
        ("senim_owner_all", OWNER, "FOR ALL {to} USING (true) WITH CHECK (true)"),
        ("senim_read", RUNTIME, f"FOR SELECT {{to}} USING ({policy.read})"),
        ("senim_insert", RUNTIME, f"FOR INSERT {{to}} WITH CHECK ({policy.inserts})"),
        ("senim_update", RUNTIME, f"FOR UPDATE {{to}} USING ({policy.write}) WITH CHECK ({policy.write})"),
        ("senim_delete", RUNTIME, f"FOR DELETE {{to}} USING ({policy.write})"),
    ):
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
        if deletes or name != "senim_delete":
            yield f'CREATE POLICY {name} ON "{table}" ' + clause.replace("{to}", f"TO {role}")
    yield f'REVOKE ALL ON "{table}" FROM {RUNTIME}'
    yield f'GRANT SELECT, INSERT, UPDATE{", DELETE" if deletes else ""} ON "{table}" TO {RUNTIME}'


def _composite_keys(model: type[Isolated]) -> Iterator[str]:
    """Foreign keys of (organisation_id, id): a plain one accepts the id of a row that nobody here may see.

    The plain one that Django made falls: organisation_id is never empty, so it asks nothing that this one does not, and
    each key of a row that is written is looked up once instead of twice.
    """
    table = model._meta.db_table
    yield _constraint(table, f"{table}_of_organisation", "UNIQUE (organisation_id, id)")
    for field in model._meta.local_concrete_fields:
        target = field.related_model
        if isinstance(field, models.ForeignKey) and isinstance(target, type) and issubclass(target, Isolated):
            yield _constraint(
                target._meta.db_table,
                f"{target._meta.db_table}_of_organisation",
                "UNIQUE (organisation_id, id)",
            )
            yield _constraint(
                table,
                f"{table}_{field.column}_same_organisation"[:63],
                f'FOREIGN KEY (organisation_id, "{field.column}") REFERENCES "{target._meta.db_table}"'
                " (organisation_id, id) DEFERRABLE INITIALLY DEFERRED",
            )
            yield _without_plain_key(table, field.column)


def _constraint(table: str, name: str, body: str) -> str:
    return (
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = "
        f"'{name}' AND conrelid = '\"{table}\"'::regclass) THEN "
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {body}; END IF; END $$'
    )


def _without_plain_key(table: str, column: str) -> str:
    return (
        "DO $$ DECLARE plain text; BEGIN "
        "FOR plain IN SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum] "
        f"WHERE contype = 'f' AND conrelid = '\"{table}\"'::regclass AND attname = '{column}' "
        f"LOOP EXECUTE format('ALTER TABLE \"{table}\" DROP CONSTRAINT %I', plain); END LOOP; END $$"
    )
