"""The four database roles and their rights: one page of SQL for our own cluster and for a real server.

senim_owner    runs migrations; owns the database, may act as senim_ledger, is no superuser
senim_runtime  serves the web and the workers; owns nothing, is member of nothing, cannot pass row security
senim_ledger   cannot log in; owns the ledger's tables, so that the runtime role can only add to them
senim_backup   reads everything (pg_dump under row-level security), writes nothing

The SQL may run twice. A role that exists with other attributes is refused, never silently changed.
Needs PostgreSQL 16 (GRANT … WITH INHERIT, SET) and, because of BYPASSRLS, a superuser.
"""

from __future__ import annotations

OWNER = "senim_owner"
RUNTIME = "senim_runtime"
LEDGER = "senim_ledger"
BACKUP = "senim_backup"
LOGINS = (OWNER, RUNTIME, BACKUP)
DATABASE = "senim"

_PLAIN = "NOSUPERUSER NOCREATEROLE NOREPLICATION"

_ROLE = """\
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
    CREATE ROLE {name} {attributes};
  END IF;
END $$"""

_PROOF = """\
DO $$ DECLARE wrong text; BEGIN
  SELECT string_agg(rolname, ', ') INTO wrong FROM pg_roles
   WHERE rolname IN ('senim_owner', 'senim_runtime', 'senim_ledger', 'senim_backup')
     AND (rolsuper OR rolcreaterole OR rolreplication
          OR rolbypassrls <> (rolname = 'senim_backup')
          OR rolcanlogin <> (rolname <> 'senim_ledger')
          OR (rolcreatedb AND rolname <> 'senim_owner'));
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'these roles exist with attributes that Senim must not have: %', wrong;
  END IF;
  IF EXISTS (SELECT FROM pg_auth_members WHERE member = 'senim_runtime'::regrole) THEN
    RAISE EXCEPTION 'senim_runtime must be a member of no role';
  END IF;
END $$"""


def of_the_cluster(*, owner_creates_databases: bool = False) -> list[str]:
    """Roles and memberships; run in any database. Tests clone databases: there the owner may create them."""
    may_create = "CREATEDB" if owner_creates_databases else "NOCREATEDB"
    wanted = {
        OWNER: f"LOGIN {may_create} NOBYPASSRLS {_PLAIN}",
        RUNTIME: f"LOGIN NOCREATEDB NOBYPASSRLS {_PLAIN}",
        LEDGER: f"NOLOGIN NOCREATEDB NOBYPASSRLS {_PLAIN}",
        BACKUP: f"LOGIN NOCREATEDB BYPASSRLS {_PLAIN}",
    }
    return [
        *(_ROLE.format(name=name, attributes=attributes) for name, attributes in wanted.items()),
        f"GRANT {LEDGER} TO {OWNER} WITH INHERIT TRUE, SET TRUE",
        f"GRANT pg_read_all_data TO {BACKUP}",
        f"ALTER ROLE {BACKUP} SET default_transaction_read_only = on",
        _PROOF,
    ]


def of_the_database(database: str = DATABASE) -> list[str]:
    """Who may connect at all; run anywhere once the database exists."""
    return [
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{database}" TO {RUNTIME}, {BACKUP}',
    ]


def inside_the_database() -> list[str]:
    """Rights on the schema; run inside the database (and inside a template that databases are made from).

    The ledger role needs CREATE, or no table could be handed to it.
    """
    return [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {RUNTIME}, {BACKUP}",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}, {LEDGER}",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    ]


def script(database: str = DATABASE) -> str:
    """The whole as a script for psql, to be run by the administrator of a server of one's own."""
    parts = [
        ["-- Senim: roles and rights. Run as superuser: psql -v ON_ERROR_STOP=1 -d postgres -f roles.sql"],
        [f"{statement};" for statement in of_the_cluster()],
        [
            f"SELECT 'CREATE DATABASE \"{database}\" OWNER {OWNER} TEMPLATE template0 ENCODING ''UTF8'''",
            f"  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec",
        ],
        [f"{statement};" for statement in of_the_database(database)],
        [
            f'\\connect "{database}"',
            *(f"{statement};" for statement in inside_the_database()),
        ],
        [
            "-- Now give each role that logs in a password, for example:",
            *(f"--   \\password {name}" for name in LOGINS),
        ],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"
