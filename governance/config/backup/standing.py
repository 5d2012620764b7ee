"""What stands in the way of loading rows as they were, taken down and put up again in the same transaction.

Triggers would enter each row into the ledger once more, foreign keys would ask about rows that come later, and COPY
refuses under forced row-level security. Nobody sees the tables in between: the ALTERs lock them until the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

KEYS = """
SELECT r.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND r.relname = ANY (%s)
"""
TRIGGERS = """
SELECT r.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
WHERE NOT t.tgisinternal AND r.relnamespace = 'public'::regnamespace AND r.relname = ANY (%s)
"""
FORCED = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY (%s)"
WHEN = {
    "O": "ENABLE TRIGGER",
    "A": "ENABLE ALWAYS TRIGGER",
    "R": "ENABLE REPLICA TRIGGER",
    "D": "DISABLE TRIGGER",
}


@dataclass(frozen=True)
class Standing:
    """keys: table, name, definition; triggers: table, name, when; forced: tables."""

    keys: list[tuple[str, str, str]]
    triggers: list[tuple[str, str, str]]
    forced: list[str]

    @classmethod
    def taken_down(cls, database: psycopg.Connection[Any], tables: list[str]) -> Standing:
        found = cls(
            keys=database.execute(KEYS, [tables]).fetchall(),
            triggers=database.execute(TRIGGERS, [tables]).fetchall(),
            forced=[name for (name,) in database.execute(FORCED, [tables]).fetchall()],
        )
        for table, key, _definition in found.keys:
            _alter(database, table, sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(key)))
        for table in tables:
            _alter(database, table, sql.SQL("NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER"))
        return found

    def put_up(self, database: psycopg.Connection[Any]) -> None:
        """Adding a foreign key looks at every row once."""
        for table, key, definition in self.keys:
            words = sql.SQL("ADD CONSTRAINT {} ").format(sql.Identifier(key))
            _alter(database, table, words + sql.SQL(definition))
        for table, trigger, when in self.triggers:
            _alter(database, table, sql.SQL(WHEN[when] + " {}").format(sql.Identifier(trigger)))
        for table in self.forced:
            _alter(database, table, sql.SQL("FORCE ROW LEVEL SECURITY"))


def _alter(database: psycopg.Connection[Any], table: str, what: sql.Composable) -> None:
    database.execute(sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + what)
