"""Which models feed which: the edges of one organisation, from whichever end they were recorded."""

from __future__ import annotations

from collections.abc import Iterable

from governance.inventory.models import AIModel
from governance.inventory.rows import rules
from governance.inventory.rows.models import Dependency
from governance.inventory.rows.rules import Edge
from governance.inventory.rows.words import Direction


def edge_of(row: Dependency) -> Edge | None:
    """The model that gives and the one that takes; None where the other end is no model."""
    if row.other_id is None:
        return None
    if row.direction == Direction.UPSTREAM:
        return row.other_id, row.model_id
    return row.model_id, row.other_id


def named_by_others(model: AIModel) -> list[Dependency]:
    """Edges of this model that were recorded at another one."""
    return list(Dependency.objects.standing().filter(other=model).select_related("model"))


def cycles_of(rows: Iterable[Dependency]) -> set[Edge]:
    """The edges of these rows that come back to where they began. Everything that its reader may see is followed."""
    asked = {edge for row in rows if (edge := edge_of(row)) is not None}
    known = {edge for row in Dependency.objects.standing() if (edge := edge_of(row)) is not None}
    return {edge for edge in asked if rules.is_in_a_cycle(edge, known)}
