"""The four roles: each has exactly its rights, and an existing role with more is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys

import psycopg
import pytest
from psycopg import errors

from governance.config.embedded import cluster as clusters
from governance.config.embedded import roles
from governance.config.embedded.roles import BACKUP, LEDGER, OWNER, RUNTIME


def connected(server, role: str, dbname: str = roles.DATABASE) -> psycopg.Connection:
    return psycopg.connect(server.cluster.url(role, dbname), autocommit=True)


@pytest.fixture
def guarded_table(shared_postgres):
    """A table of the owner's with forced row-level security and no policy: nobody sees its one row."""
    with connected(shared_postgres, OWNER) as owner:
        owner.execute("CREATE TABLE guarded AS SELECT 1 AS n")
        owner.execute("GRANT SELECT, INSERT ON guarded TO senim_runtime")
        owner.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE guarded FORCE ROW LEVEL SECURITY")
    yield
    with connected(shared_postgres, OWNER) as owner:
        owner.execute("DROP TABLE guarded")


def test_each_role_has_exactly_its_attributes(shared_postgres):
    with connected(shared_postgres, OWNER) as owner:
        found = owner.execute(
            "SELECT rolname, rolcanlogin, rolbypassrls, rolcreatedb, rolsuper OR rolcreaterole OR rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'senim%' ORDER BY 1"
        ).fetchall()

    assert found == [
        (BACKUP, True, True, False, False),
        (LEDGER, False, False, False, False),
        (OWNER, True, False, True, False),
        (RUNTIME, True, False, False, False),
    ]


def test_the_memberships_are_these_two_and_no_more(shared_postgres):
    with connected(shared_postgres, OWNER) as owner:
        found = owner.execute(
            "SELECT member::regrole::text, roleid::regrole::text, admin_option, inherit_option, set_option"
            " FROM pg_auth_members WHERE member::regrole::text LIKE 'senim%' ORDER BY 1"
        ).fetchall()

    assert found == [
        (BACKUP, "pg_read_all_data", False, True, True),
        (OWNER, LEDGER, False, True, True),
    ]


def test_the_runtime_role_cannot_pass_row_security(shared_postgres, guarded_table):
    with connected(shared_postgres, RUNTIME) as runtime:
        assert runtime.execute("SELECT count(*) FROM guarded").fetchone() == (0,)
        runtime.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            runtime.execute("SELECT count(*) FROM guarded")


@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE TABLE mine (n int)",
        "CREATE TEMP TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "SET ROLE senim_owner",
        "SET ROLE senim_ledger",
        "ALTER ROLE senim_runtime BYPASSRLS",
        "SET session_replication_role = replica",
        "ALTER TABLE guarded DISABLE ROW LEVEL SECURITY",
        "TRUNCATE guarded",
        "DROP TABLE guarded",
        "DELETE FROM guarded",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY guarded TO PROGRAM 'id'",
    ],
)
def test_the_runtime_role_may_not(shared_postgres, guarded_table, forbidden):
    with connected(shared_postgres, RUNTIME) as runtime, pytest.raises(errors.InsufficientPrivilege):
        runtime.execute(forbidden)


def test_the_owner_hands_a_table_to_the_ledger_role_but_is_no_superuser(shared_postgres):
    with connected(shared_postgres, OWNER) as owner:
        owner.execute("CREATE TABLE entries (n int)")
        owner.execute("ALTER TABLE entries OWNER TO senim_ledger")
        assert owner.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'entries'").fetchone() == (
            LEDGER,
        )
        owner.execute("DROP TABLE entries")
        for forbidden in ("SET ROLE postgres", "CREATE ROLE mine", "ALTER ROLE senim_runtime BYPASSRLS"):
            with pytest.raises(errors.InsufficientPrivilege):
                owner.execute(forbidden)


def test_the_backup_role_reads_what_row_security_hides_and_writes_nothing(shared_postgres, guarded_table):
    with connected(shared_postgres, BACKUP) as backup:
        assert backup.execute("SELECT count(*) FROM guarded").fetchone() == (1,)
        backup.execute("SET default_transaction_read_only = off")
        with pytest.raises(errors.InsufficientPrivilege):
            backup.execute("INSERT INTO guarded VALUES (2)")


def test_the_ledger_role_cannot_log_in(shared_postgres):
    with pytest.raises(FileNotFoundError):
        shared_postgres.cluster.url(LEDGER)


def test_a_database_that_a_test_makes_has_the_same_rights(shared_postgres):
    with connected(shared_postgres, OWNER) as owner:
        owner.execute("CREATE DATABASE made")
        try:
            with connected(shared_postgres, RUNTIME, "made") as runtime:
                assert runtime.execute("SELECT similarity('a', 'a')").fetchone() == (1.0,)
                with pytest.raises(errors.InsufficientPrivilege):
                    runtime.execute("CREATE TABLE mine (n int)")
        finally:
            owner.execute("DROP DATABASE made")


def test_applying_the_roles_twice_changes_nothing(shared_postgres):
    clusters.administer(shared_postgres.cluster)


def test_a_role_that_exists_with_more_rights_is_refused(shared_postgres):
    with connected(shared_postgres, clusters.SUPERUSER) as superuser:
        superuser.execute("ALTER ROLE senim_runtime BYPASSRLS")
        try:
            with pytest.raises(
                errors.RaiseException, match="attributes that Senim must not have: senim_runtime"
            ):
                clusters.administer(shared_postgres.cluster)
        finally:
            superuser.execute("ALTER ROLE senim_runtime NOBYPASSRLS")


def test_the_script_for_an_administrator_needs_no_server_and_lets_nobody_create_databases():
    module = [sys.executable, "-m", "governance.config.embedded", "roles"]
    said = subprocess.run(module, capture_output=True, text=True, check=True).stdout

    assert said == roles.script()
    assert "CREATE ROLE senim_owner LOGIN NOCREATEDB" in said
    assert "PASSWORD '" not in said


@pytest.mark.skipif(shutil.which("psql") is None, reason="there is no psql on this machine")
def test_psql_runs_the_script(shared_postgres):
    url = shared_postgres.cluster.url(clusters.SUPERUSER, "postgres")
    done = subprocess.run(
        ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", url],
        input=roles.script("another"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    with connected(shared_postgres, RUNTIME, "another") as runtime:
        assert runtime.execute("SELECT current_database()").fetchone() == ("another",)
