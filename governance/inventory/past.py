"""Models as they stood at the end of a day: status by its own times, answers as the ledger recorded them."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from governance.inventory.models import AIModel, AIModelQuerySet, ModelVersion
from governance.inventory.words import Status
from governance.people.asked_day import AsOf
from governance.people.recorded import as_recorded


@dataclass(frozen=True)
class Then:
    """model: a copy, never to be saved. is_known: whether the ledger tells its answers; it goes by its number otherwise."""

    model: AIModel
    is_known: bool


def existed(rows: AIModelQuerySet, as_of: AsOf) -> AIModelQuerySet:
    return rows.filter(created_at__lt=as_of.end)


def registered(rows: AIModelQuerySet, as_of: AsOf) -> AIModelQuerySet:
    """Those that were registered and not withdrawn."""
    stood = Q(withdrawn_at=None) | Q(withdrawn_at__gte=as_of.end)
    return rows.filter(stood, registered_at__lt=as_of.end)


def as_they_stood(models: Iterable[AIModel], as_of: AsOf) -> list[Then]:
    """In the order given; one query, however many there are."""
    now = list(models)
    recorded = as_recorded(now, as_of.end)
    return [_then(model, recorded[model.pk], as_of.end) for model in now]


def _then(now: AIModel, recorded: AIModel | None, end: datetime) -> Then:
    model = copy(recorded or now)
    model.status, model.registered_at, model.withdrawn_at = _status(now, end)
    if recorded is None:
        model.name, model.summary = now.number, ""
    return Then(model, recorded is not None)


def _status(now: AIModel, end: datetime) -> tuple[str, datetime | None, datetime | None]:
    """Both times are written once, with the status itself."""
    registered_at = now.registered_at if now.registered_at and now.registered_at < end else None
    withdrawn_at = now.withdrawn_at if now.withdrawn_at and now.withdrawn_at < end else None
    status = Status.WITHDRAWN if withdrawn_at else Status.REGISTERED if registered_at else Status.DRAFT
    return status, registered_at, withdrawn_at


def focus_version(model: AIModel, as_of: AsOf) -> ModelVersion | None:
    """The version that requirements were judged for: the newest that had not been withdrawn, with the times of then."""
    stood = Q(withdrawn_at=None) | Q(withdrawn_at__gte=as_of.end)
    versions = ModelVersion.objects.filter(stood, model=model, created_at__lt=as_of.end)
    version: ModelVersion | None = versions.order_by("-created_at").first()
    if version:
        version.withdrawn_at = None
    return version
