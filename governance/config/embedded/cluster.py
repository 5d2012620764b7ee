"""A running embedded PostgreSQL: how to reach it, and what its superuser makes in it once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from governance.config.embedded import roles
from governance.config.embedded.ground import kept_secret

SUPERUSER = "postgres"
PORT = 5432  # only part of the socket's name: no TCP port is opened


@dataclass(frozen=True)
class Cluster:
    """How to reach a running server. host: the directory of its socket; secrets: one password a role."""

    host: Path
    secrets: Path
    port: int = PORT

    def url(self, role: str, dbname: str = roles.DATABASE) -> str:
        """`postgresql://senim_runtime:…@/senim?host=/…/run&port=5432`; a role without login has none."""
        password = quote((self.secrets / role).read_text(), safe="")
        where = urlencode({"host": self.host, "port": self.port}, safe="/")
        return f"postgresql://{role}:{password}@/{quote(dbname, safe='')}?{where}"


def administer(cluster: Cluster) -> None:
    """Roles, passwords, database and rights. May run again."""
    _run(cluster, "postgres", roles.of_the_cluster(owner_creates_databases=True))
    _set_passwords(cluster)
    # Databases made later (tests) are copies of template1, so it gets the same rights.
    _run(cluster, "template1", roles.inside_the_database())
    _create_database(cluster)
    _run(
        cluster,
        roles.DATABASE,
        [*roles.of_the_database(), *roles.inside_the_database()],
    )


def _run(cluster: Cluster, dbname: str, statements: list[str]) -> None:
    import psycopg  # costs 0.1 s: only the process that makes the server pays it

    with psycopg.connect(cluster.url(SUPERUSER, dbname), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _set_passwords(cluster: Cluster) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        for role in roles.LOGINS:
            password = kept_secret(cluster.secrets / role)
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
            )


def _create_database(cluster: Cluster) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [roles.DATABASE]
        ).fetchone():
            names = sql.Identifier(roles.DATABASE), sql.Identifier(roles.OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
