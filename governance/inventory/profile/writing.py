"""Answers that live beside the model are written down with those of the model itself."""

from __future__ import annotations

from collections.abc import Collection

from governance.inventory.models import AIModel
from governance.inventory.profile.models import TABLES
from governance.inventory.profile.queries import answered, row_of


def follow(model: AIModel, changed: Collection[str]) -> None:
    """Save the rows of the profile in which one of these answers lives. Call it inside the `acting` that changed them."""
    for table in TABLES:
        names = [column.name for column in answered(table) if column.name in changed]
        row = row_of(model, table)
        if names and row._state.adding:
            row.save(force_insert=True)
        elif names:
            row.save(update_fields=names)
