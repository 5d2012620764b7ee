"""Databases for tests: one migrated template, cloned in 0.1 s for each worker and for each test that commits."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from governance.config import walls
from governance.config.embedded import roles
from governance.config.embedded.cluster import SUPERUSER, Cluster
from governance.config.env import env
from tests.ground import CHECKOUT

MADE_FROM = ("*/migrations/0*.py", "governance/obligations/catalogue/*.yaml", "governance/obligations/*.py")


def fingerprint() -> str:
    """Of everything that makes a migrated database: migrations, catalogue and its loader, and the SQL of the walls."""
    digest = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(CHECKOUT.glob(pattern)):
            digest.update(path.read_bytes())
    for statement in walls.statements():
        digest.update(statement.encode())
    return digest.hexdigest()[:12]


def template(cluster: Cluster) -> str:
    """The name of the migrated template database, made once for this state of the sources."""
    name = f"senim_template_{fingerprint()}"
    with _locked(env().home / "template.lock"), _owner(cluster) as connection:
        there = [row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()]
        if name in there:
            return name
        for old in (each for each in there if each.startswith("senim_template_")):
            _drop(cluster, old)
        making = name + "_making"
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
        for statement in roles.of_the_database(making):
            connection.execute(statement.encode())
        _migrate(cluster, making)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
        )
    return name


def _migrate(cluster: Cluster, database: str) -> None:
    surroundings = {
        **os.environ,
        "SENIM_DATABASE_URL": cluster.url(roles.RUNTIME, database),
        "SENIM_OWNER_DATABASE_URL": cluster.url(roles.OWNER, database),
    }
    for command in (
        ["migrate", "--verbosity", "0", "--skip-checks"],
        ["load_catalogue", "--verbosity", "0", "--skip-checks"],
    ):
        made = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=CHECKOUT,
            env=surroundings,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{made.stdout}\n{made.stderr}")


@contextmanager
def clone(cluster: Cluster, of: str, name: str) -> Iterator[str]:
    """A database of its own for as long as the block lasts."""
    identifier = sql.Identifier(name)
    _drop(cluster, name)
    with _owner(cluster) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(identifier, sql.Identifier(of)))
        for statement in roles.of_the_database(name):
            connection.execute(statement.encode())
    try:
        yield name
    finally:
        _drop(cluster, name)


def _drop(cluster: Cluster, name: str) -> None:
    """As the superuser of the test's own cluster: nobody else may end the sessions of another role."""
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _owner(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.url(roles.OWNER), autocommit=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
