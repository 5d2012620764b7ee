"""Rows of a model as PostgreSQL and the ledger see them: JSON of every column that is not withheld."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import connection, models

from audits.ledger.capture import recorded_models
from audits.packs import past
from governance.people.asked_day import AsOf
from governance.people.isolated import model_column
from governance.people.models import User

AT_ONCE = 500

Table = type[models.Model]


def tables_of_a_model() -> list[Table]:
    """Every recorded table whose rows belong to one AIModel, by name. What a room adds tomorrow is among them."""
    there = [table for table in recorded_models() if model_column(table)]
    return sorted(there, key=name_of)


def name_of(table: Table) -> str:
    return table._meta.db_table


def rows(table: Table, model_id: UUID, day: AsOf | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of a model as the text that PostgreSQL writes and as values, in the order of ids."""
    if day:
        left_out = [*getattr(table, "withheld", ()), *churning(table)]
        yield from past.rows(name_of(table), model_column(table), model_id, left_out, day)
    else:
        yield from rows_by(table, model_column(table), [model_id])


def rows_by(table: Table, column: str, wanted: Collection[UUID]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same for the rows with one of these values in a column, a few hundred at a time."""
    key = table._meta.pk.column if table._meta.pk else "id"
    name, withheld = name_of(table), list(getattr(table, "withheld", ()))
    query = f"""SELECT "{key}", (to_jsonb(t) - %s::text[])::text, to_jsonb(t) - %s::text[] FROM "{name}" t
        WHERE "{column}" = ANY(%s) AND "{key}" > %s ORDER BY "{key}" LIMIT {AT_ONCE}"""  # noqa: S608  # names of our own tables
    after = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [withheld, withheld, list(wanted), after])
            page = cursor.fetchall()
        for key_of_row, written, values in page:
            after = key_of_row
            yield written, values if isinstance(values, dict) else _read(values)
        if len(page) < AT_ONCE:
            return


def people_in(table: Table, values: dict[str, Any]) -> Iterator[str]:
    """Ids of the people that a row names."""
    for field in table._meta.local_concrete_fields:
        who = values.get(str(field.column)) if field.related_model is User else None
        if who:
            yield str(who)


def churning(table: Table) -> list[str]:
    """Columns whose change alone the ledger does not write down."""
    return sorted(getattr(table, "churning", ()))


def _read(written: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(written)
    return values
