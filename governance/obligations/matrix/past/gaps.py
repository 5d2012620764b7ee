"""What was owed and not answered at the end of a day, in the order and the words of the gaps of today."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from governance.obligations.matrix.past.drilling import kept_in_order, models_of
from governance.obligations.models import Duty, Obligation
from governance.obligations.past.queries import duty_of
from governance.people.asked_day import AsOf

if TYPE_CHECKING:
    from governance.obligations.matrix.choosing import Chosen

Written = Callable[[Duty, Obligation, datetime], list[str]]


def rows(
    chosen: Chosen,
    as_of: AsOf,
    statuses: Collection[str],
    obligations: Mapping[UUID, Obligation],
    written: Written,
) -> Iterator[list[str]]:
    """One line a requirement, model after model, as the database gives them."""
    order = _positions(chosen, obligations)
    models = models_of(chosen, as_of)
    for kept in kept_in_order(chosen, as_of):
        owed = {each: row for each, row in kept.rows.items() if row["status"] in statuses and each in order}
        for each in sorted(owed, key=order.__getitem__):
            obligation = obligations[UUID(each)]
            duty = duty_of(models[kept.model_id], obligation, owed[each])
            yield written(duty, obligation, kept.computed_at)


def _positions(
    chosen: Chosen, obligations: Mapping[UUID, Obligation]
) -> dict[str, tuple[bool, str, int, str]]:
    """Id of each obligation of the choice → its place: what binds in Kazakhstan first, then in the order of the text."""
    return {
        str(pk): (not each.framework.head.get("binding_in_kz"), each.framework.key, each.position, str(pk))
        for pk, each in obligations.items()
        if chosen.framework in ("", each.framework.key)
    }
