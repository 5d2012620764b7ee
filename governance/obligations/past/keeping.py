"""Keeps what each computation changed, in the transaction of that computation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from governance.inventory.models import AIModel
from governance.obligations.models import Obligation
from governance.obligations.past.models import DutyChange
from governance.obligations.past.rules import Change


def keep(
    model: AIModel,
    changes: Iterable[Change],
    obligations: Mapping[UUID, Obligation],
    editions: Mapping[str, str],
) -> None:
    """obligations: those of the changes, by id. Nothing is written where nothing changed."""
    told = [_told(change, obligations[change.obligation]) for change in changes]
    if told:
        DutyChange.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            revision=model.revision,
            editions=dict(editions),
            changes=told,
            sha256=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
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
