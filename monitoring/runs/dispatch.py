"""The doorbell: tells a checks worker that a run is due. Losing a ring loses nothing, a second ring changes nothing."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from monitoring.runs.models import RunLease

QUEUE = "checks"
TASK = "monitoring.runs.tasks.work"
RING_AGAIN = timedelta(seconds=20)
"""A ring that nobody answered is repeated after this time, not at every sweep."""

log = logging.getLogger(__name__)


def unheard() -> Q:
    """Leases whose run nobody was told of lately. A ring from the future is one of a clock that has been set back since."""
    long_ago = Q(lease__rung_at__lt=Now() - RING_AGAIN)
    return Q(lease__rung_at=None) | long_ago | Q(lease__rung_at__gt=Now() + RING_AGAIN)


def ring_on_commit(run_ids: list[UUID]) -> None:
    """Ring for each run once the surrounding transaction has committed."""
    RunLease.objects.filter(run_id__in=run_ids).update(rung_at=Now())
    if settings.SENIM_BELL:
        for run_id in run_ids:
            transaction.on_commit(partial(_ring, run_id), robust=True)


def heard(run_id: UUID) -> None:
    """The bell of this run has done its work, whichever run is taken up for it."""
    RunLease.objects.filter(run_id=run_id).update(rung_at=None)


def _ring(run_id: UUID) -> None:
    try:
        current_app.send_task(TASK, args=[str(run_id)], queue=QUEUE)
    except OperationalError:
        log.warning("the broker does not answer; run %s will be rung for again", run_id)
