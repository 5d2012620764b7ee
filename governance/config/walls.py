"""Raises the walls after each migration, and looks at them before anything is served."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, OperationalError, connections
from psycopg.errors import DeadlockDetected

from audits.ledger import capture, replay, sequencer
from governance.inventory import revision
from governance.people import isolation
from governance.risk import immutable
from monitoring.runs import lookup


def statements() -> Iterator[str]:
    """All policies, composite keys, look-ups and triggers, in order, safe to run again."""
    yield from isolation.statements()
    yield from lookup.statements()
    yield from revision.statements()
    yield from immutable.statements()
    yield from capture.statements()
    yield from sequencer.statements()
    yield from replay.statements()


MOST_ATTEMPTS = 10


def raise_walls(using: str = "owner") -> None:
    """Install everything in one transaction, as the owner role.

    It locks every table in turn. Where Senim serves meanwhile, two transactions may wait for each other; PostgreSQL then ends one
    of them, and when that is ours, nothing of it stands and all of it is done again.
    """
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            _install(using)
            return
        except OperationalError as trouble:
            if attempt == MOST_ATTEMPTS or not isinstance(trouble.__cause__, DeadlockDetected):
                raise


def _install(using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            for statement in statements():
                cursor.execute(statement)
        except DatabaseError:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


# Each query returns a row for something that must not be so, seen from the role that asks.
WEAKNESSES = {
    "the role is a superuser or may bypass row-level security": """
        SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)""",
    "the role is a member of another role": """
        SELECT roleid::regrole::text FROM pg_auth_members WHERE member = current_user::regrole""",
    "the role owns a table": """
        SELECT c.oid::regclass::text FROM pg_class c WHERE c.relowner = current_user::regrole
            AND c.relkind IN ('r', 'p', 'v', 'm')""",
    "the role may truncate a table": """
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND has_table_privilege(c.oid, 'TRUNCATE')""",
    "the role may write the ledger": """
        SELECT t FROM unnest(ARRAY['audits_ledgerentry', 'audits_ledgerpayload', 'audits_ledgerwaiting',
            'audits_ledgerindex', 'audits_checkpoint']) t
        WHERE to_regclass(t) IS NOT NULL AND has_table_privilege(t, 'INSERT, UPDATE, DELETE')""",
    "row-level security is not forced on a table": """
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND NOT c.relname = ANY (%(exempt)s)""",
    "the role may delete a record": """
        SELECT t FROM unnest(%(records)s::text[]) t
        WHERE to_regclass(t) IS NOT NULL AND has_table_privilege(t, 'DELETE')""",
}


def weaknesses(using: str = "default") -> list[str]:
    """What would let the connected role pass a wall, in words; empty when the walls stand."""
    found = []
    known = {"exempt": sorted(isolation.EXEMPT), "records": isolation.records()}
    with connections[using].cursor() as cursor:
        for words, query in WEAKNESSES.items():
            cursor.execute(query, known)
            found += [f"{words}: {row[0]}" for row in cursor.fetchall()]
    return found


class WallMissing(SystemExit):
    """The process does not start."""


def refuse_if_weak() -> None:
    """Raises WallMissing, which ends the process, if the runtime role could bypass a wall."""
    found = weaknesses()
    if found:
        raise WallMissing("Senim does not start: " + "; ".join(found))
