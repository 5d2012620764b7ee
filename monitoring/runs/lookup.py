"""The organisation of a run, asked by a worker that holds nothing but the run's id."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from governance.people.isolation import lookup_rights

SIGNATURE = "senim_organisation_of_run(uuid)"
LOOKUP = """
CREATE OR REPLACE FUNCTION senim_organisation_of_run(run uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$ SELECT organisation_id FROM monitoring_run WHERE id = run $$;
"""


def statements() -> Iterator[str]:
    yield LOOKUP
    yield from lookup_rights(SIGNATURE)


def organisation_of(run_id: UUID | str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT senim_organisation_of_run(%s)", [str(run_id)])
        row = cursor.fetchone()
    return row[0] if row else None
