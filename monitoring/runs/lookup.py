"""What a worker asks beyond the organisation that it works for: whose a run is, and whether anybody else waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from governance.people.isolation import lookup_rights
from monitoring.errands.models import InLine

ORGANISATION_OF_RUN = """
CREATE OR REPLACE FUNCTION senim_organisation_of_run(run uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$ SELECT organisation_id FROM monitoring_run WHERE id = run $$;
"""
IS_ALONE = """
CREATE OR REPLACE FUNCTION senim_is_alone(mine uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$ SELECT NOT ({others}) $$;
"""
OTHERS = 'EXISTS (SELECT FROM "{table}" WHERE organisation_id <> mine AND {unfinished})'
UNFINISHED_RUN = "status IN ('due', 'running') AND due_at <= statement_timestamp()"


def statements() -> Iterator[str]:
    yield ORGANISATION_OF_RUN
    yield from lookup_rights("senim_organisation_of_run(uuid)")
    tables = {"monitoring_run": UNFINISHED_RUN}
    tables |= {kind._meta.db_table: kind.unfinished for kind in in_line()}
    others = (OTHERS.format(table=table, unfinished=unfinished) for table, unfinished in tables.items())
    yield IS_ALONE.format(others=" OR ".join(others))
    yield from lookup_rights("senim_is_alone(uuid)")


def in_line() -> list[type[InLine]]:
    """Whatever stands in line beside runs."""
    return [each for each in apps.get_models() if issubclass(each, InLine)]


def organisation_of(run_id: UUID | str) -> UUID | None:
    found: UUID | None = _asked("SELECT senim_organisation_of_run(%s)", run_id)
    return found


def is_alone(organisation_id: UUID) -> bool:
    """Whether nobody else has anything that waits for a worker or is worked on. It tells neither who nor how much."""
    return bool(_asked("SELECT senim_is_alone(%s)", organisation_id))


def _asked(question: str, key: UUID | str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, [str(key)])
        row = cursor.fetchone()
    return row[0] if row else None
