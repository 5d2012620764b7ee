"""Rows are judged while they are locked, so that nobody changes them between the judgement and the write."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

from governance.errors import NotAllowed

Row = TypeVar("Row", bound=Model)


def locked(row: Row) -> Row:
    """The same row as it stands now, locked until the transaction ends.

    Raises NotAllowed where the actor may see the row but not write in its organisation: the database then locks nothing.
    """
    fresh = type(row)._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
    if fresh is None:
        raise NotAllowed
    return fresh
