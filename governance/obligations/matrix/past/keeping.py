"""Keeps how standings changed, in the transaction that writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from governance.inventory.models import AIModel
from governance.obligations.matrix.models import STATUSES
from governance.obligations.matrix.past.models import StandingChange
from governance.people.rows import put

Counts = Mapping[str, int]
ByModel = Mapping[UUID, Mapping[str, Counts]]
"""Of a model: key of a framework → status → number of requirements; what is not named is none."""


def note(models: Iterable[AIModel], former: ByModel, now: ByModel, at: datetime) -> None:
    """Keep what differs, of any number of models in one INSERT. Nothing is written where nothing changed.

    A framework that is only in `former` asks nothing of the model any more.
    """
    rows = []
    for model in models:
        before, after = former.get(model.pk, {}), now.get(model.pk, {})
        for key in {**before, **after}:
            counts = _whole(after.get(key))
            if counts != _whole(before.get(key)):
                of = {"organisation_id": model.organisation_id, "model_id": model.pk, "framework_key": key}
                rows.append({**of, "at": at, "is_on": counts is not None, **(counts or NONE)})
    put(StandingChange, rows)


NONE = dict.fromkeys(STATUSES, 0)


def _whole(counts: Counts | None) -> Counts | None:
    """None is no counts, which is not the same as counts of nothing."""
    return None if counts is None else {status: counts.get(status, 0) for status in STATUSES}
