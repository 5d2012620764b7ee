"""Many rows of one organisation in one statement: for what is computed again and again, never for what people write."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from governance.people.isolated import Isolated


def put(
    table: type[Isolated],
    rows: Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str] = ("id",),
    renew: Sequence[str] = (),
) -> None:
    """Inside `acting`. rows: columns by name, the same in each; an id is made where none is given.

    renew: the columns that are taken over where a row of the same `unique` is there; a row that is equal is not written
    again. Without any, the row that is there stays. One parameter carries all rows, so that a thousand cost little more
    than one; the walls and the ledger see them like any other.
    """
    if not rows:
        return
    whole = rows if "id" in rows[0] else [{"id": uuid.uuid4(), **row} for row in rows]
    name, columns = table._meta.db_table, list(whole[0])
    statement = (
        f"INSERT INTO {name} ({_listed(columns)})"  # noqa: S608  # names of our own tables and columns
        f" SELECT {_listed(columns)} FROM json_populate_recordset(NULL::{name}, %s::json)"
        f" ON CONFLICT ({_listed(unique)}) {_renewing(name, renew)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(whole, default=str, ensure_ascii=False)])


def _renewing(name: str, columns: Sequence[str]) -> str:
    if not columns:
        return "DO NOTHING"
    there, fresh = _listed(columns, f"{name}."), _listed(columns, "excluded.")
    return f"DO UPDATE SET ({_listed(columns)}) = ROW ({fresh}) WHERE ({there}) IS DISTINCT FROM ({fresh})"


def _listed(columns: Sequence[str], of: str = "") -> str:
    return ", ".join(f'{of}"{column}"' for column in columns)
