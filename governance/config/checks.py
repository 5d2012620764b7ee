"""System checks: no table without walls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register


@register("senim")
def every_table_has_its_walls(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    from audits.ledger.capture import unguarded_tables

    return [
        Error(
            f"{table} is neither isolated and recorded nor on a written exempt list.",
            hint="Derive the model from Isolated, or give the reason in EXEMPT or UNRECORDED.",
            id="senim.E001",
        )
        for table in unguarded_tables()
    ]
