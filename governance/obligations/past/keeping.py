"""Keeps what each computation changed, in the transaction of that computation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from governance.inventory.models import AIModel
from governance.obligations.models import Obligation
from governance.obligations.past.models import DutyChange
from governance.obligations.past.rules import Change, Row, changes


def keep(
    model: AIModel,
    former: Mapping[UUID, Row],
    rows: Mapping[UUID, Row],
    editions: Mapping[str, str],
    *,
    lapsed: bool,
) -> None:
    """former, rows: the duties before and now, by id of the obligation. Nothing is written where nothing changed.

    The first row of a model holds everything, also where duties were computed before changes were kept.
    """
    first = not DutyChange.objects.filter(model=model).exists()
    found = list(changes({} if first else former, rows, first=first, lapsed=lapsed))
    if not found:
        return
    obligations = Obligation.objects.select_related("framework").in_bulk([each.obligation for each in found])
    told = [_told(change, obligations[change.obligation]) for change in found]
    DutyChange.objects.create(
        organisation_id=model.organisation_id,
        model=model,
        revision=model.revision,
        editions=dict(editions),
        changes=told,
        digest=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
    )


def _told(change: Change, obligation: Obligation) -> dict[str, Any]:
    return {
        "obligation": str(obligation.pk),
        "framework": obligation.framework.key,
        "key": obligation.key,
        "was": change.was,
        "because": change.because,
        "now": None if change.now is None else {name: _plain(value) for name, value in change.now.items()},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
