"""The clock by which leases are judged, and how it is made to jump: `now()` of PostgreSQL, as the runtime role sees it.

The clock of the machine belongs to everybody on it, so it stays as it is. A function of the same name before the system's
own, on the search path of the runtime role, adds whatever the jump is: to each process of Senim the database's clock and its
own then disagree by so much, which is all that a jump of either of them comes to.
"""

from __future__ import annotations

import psycopg

from governance.config.embedded import roles
from governance.config.embedded.cluster import SUPERUSER, Cluster

MADE = f"""
CREATE SCHEMA chaos;
CREATE TABLE chaos.clock (shift interval NOT NULL);
INSERT INTO chaos.clock VALUES ('0');
CREATE FUNCTION chaos.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT pg_catalog.statement_timestamp() + shift FROM chaos.clock $$;
GRANT USAGE ON SCHEMA chaos TO {roles.RUNTIME};
GRANT SELECT ON chaos.clock TO {roles.RUNTIME};
ALTER ROLE {roles.RUNTIME} IN DATABASE {roles.DATABASE} SET search_path = chaos, pg_catalog, public;
"""


def install(cluster: Cluster) -> None:
    """Once the database is migrated, before anybody connects to it."""
    _say(cluster, MADE)


def jump(cluster: Cluster, shift: str) -> None:
    """From the next statement on, the clock is ahead of the machine's by an interval as PostgreSQL writes it."""
    _say(cluster, f"UPDATE chaos.clock SET shift = '{shift}'")


def _say(cluster: Cluster, statements: str) -> None:
    with psycopg.connect(cluster.url(SUPERUSER, roles.DATABASE), autocommit=True) as connection:
        connection.execute(statements.encode())
