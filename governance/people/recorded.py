"""Rows as they were recorded at an earlier moment: what was written since is undone, change by change.

The ledger holds the former value of every column that was ever changed. The rooms below it do not know its tables: they
ask the function `senim_as_recorded` of the database, which reads no more than its reader may read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)

WITHHELD = "(withheld)"
QUERY = "SELECT row_id, is_known, former::text FROM senim_as_recorded(%s, %s, %s)"


def as_recorded(rows: Iterable[Row], at: datetime) -> dict[UUID, Row | None]:
    """Copies of rows of one table as they stood just before `at`, by id; never to be saved. In one query.

    None: the ledger does not tell. It has no entry of the row from before, an entry since was erased, or a column
    changed whose values it must not hold.
    """
    now = {row.pk: row for row in rows}
    if not now:
        return {}
    table = next(iter(now.values()))._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [table, list(now), at])
        told = cursor.fetchall()
    then = {key: _undone(now[key], _read(former)) if known else None for key, known, former in told}
    return {key: then[key] for key in now}


def _undone(row: Row, former: Mapping[str, Any]) -> Row | None:
    if WITHHELD in former.values():
        return None
    then = copy(row)
    then._state = copy(row._state)
    then._state.fields_cache = dict(row._state.fields_cache)
    for field in row._meta.local_concrete_fields:
        if str(field.column) in former:
            then._state.fields_cache.pop(field.name, None)
            setattr(then, field.attname, field.to_python(former[str(field.column)]))
    return then


def _read(written: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(written)
    return values
