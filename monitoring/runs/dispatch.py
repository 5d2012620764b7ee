"""The doorbell: tells a checks worker that something is due. Losing a ring loses nothing, a second ring changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from monitoring.errands.models import InLine
from monitoring.runs.models import Run, RunLease

QUEUE = "checks"
TASK = "monitoring.runs.tasks.work"
RING_AGAIN = timedelta(seconds=20)
"""A ring that nobody answered is repeated after this time, not at every sweep."""

log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """A run, or what stands in line beside runs, of which a worker is told by its key."""

    kind: type[Run] | type[InLine]
    pk: UUID


def unheard(lease: str = "lease__") -> Q:
    """What nobody was told of lately. A ring from the future is one of a clock that has been set back since."""
    rung_at = f"{lease}rung_at"
    long_ago = Q((f"{rung_at}__lt", Now() - RING_AGAIN))
    return Q((rung_at, None)) | long_ago | Q((f"{rung_at}__gt", Now() + RING_AGAIN))


def ring_on_commit(organisation_id: UUID, waiting: Iterable[Waiting]) -> None:
    """Ring for each once the surrounding transaction has committed."""
    for each in waiting:
        _note(each, Now())
        if settings.SENIM_BELL:
            transaction.on_commit(partial(_ring, organisation_id, each), robust=True)


def heard(bell: Waiting) -> None:
    """This bell has done its work, whatever is taken up for it."""
    _note(bell, None)


def _note(bell: Waiting, rung_at: Now | None) -> None:
    if issubclass(bell.kind, InLine):
        bell.kind._default_manager.filter(pk=bell.pk).update(rung_at=rung_at)
    else:
        RunLease.objects.filter(run_id=bell.pk).update(rung_at=rung_at)


def _ring(organisation_id: UUID, bell: Waiting) -> None:
    task, args = TASK, [str(bell.pk)]
    if issubclass(bell.kind, InLine):
        task, args = bell.kind.bell, [str(organisation_id), str(bell.pk)]
    try:
        current_app.send_task(task, args=args, queue=QUEUE)
    except OperationalError:
        log.warning("the broker does not answer; %s %s will be rung for again", bell.kind.__name__, bell.pk)
