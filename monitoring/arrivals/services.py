"""The only writers of this room: each data period is looked through once, and what is wrong with it becomes a finding."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.arrivals import facts, settling
from monitoring.arrivals.models import MOST_ATTEMPTS, Arrival
from monitoring.arrivals.rules import Arrived, limits, troubles
from monitoring.data.models import Window
from monitoring.engines.own_process import TookTooMuch
from monitoring.runs.dispatch import QUEUE, RING_AGAIN

TASK = "monitoring.arrivals.tasks.look"
LEASE = timedelta(minutes=15)
"""Longer than the process that counts may take; a worker that died is not waited for any longer."""

log = logging.getLogger(__name__)


def catch_up(organisation_id: UUID) -> None:
    """Notice what arrived, ring for what nobody looks at, give up what nobody could, and close what no longer holds."""
    clerk = Actor.system("arrivals clerk", organisation_id)
    with viewing(clerk):
        there = Window.objects.standing().filter(organisation_id=organisation_id, dataset__ended_at=None)
        fresh = list(there.filter(arrival=None))
        unheard = Q(rung_at=None) | Q(rung_at__lt=Now() - RING_AGAIN)
        waiting = list(Arrival.objects.waiting().filter(unheard, organisation_id=organisation_id))
    _notice(clerk, fresh)
    for arrival in waiting:
        if arrival.attempts >= MOST_ATTEMPTS:
            _give_up(clerk, arrival)
    rung = [each.pk for each in waiting if each.attempts < MOST_ATTEMPTS]
    _ring(clerk, organisation_id, rung)
    settling.look_over(clerk, organisation_id)


def look(organisation_id: UUID, arrival_id: UUID) -> bool:
    """Look one data period through. Safe to deliver twice, late, or never. False where there was nothing to do."""
    worker = Actor.system("arrivals worker", organisation_id)
    arrival = _claimed(worker, arrival_id)
    if arrival is None:
        return False
    try:
        with viewing(worker):
            window = Window.objects.select_related("dataset").get(pk=arrival.window_id)
            on_record, counted = facts.arrived(window), facts.counted(window)
    except (Damaged, TookTooMuch, OSError) as trouble:
        _failed(worker, arrival, trouble)
        return False
    return _finish(worker, arrival, window, on_record, counted)


def _notice(clerk: Actor, fresh: Sequence[Window]) -> None:
    if not fresh:
        return
    rows = [
        Arrival(
            organisation_id=each.organisation_id, model_id=each.model_id, window=each, rung_at=timezone.now()
        )
        for each in sorted(fresh, key=lambda window: window.pk)
    ]
    with acting(clerk, "arrival.noticed"):
        Arrival.objects.bulk_create(rows, ignore_conflicts=True)
        for each in rows:
            _ring_on_commit(each.organisation_id, each.pk)


def _claimed(worker: Actor, arrival_id: UUID) -> Arrival | None:
    with acting(worker, "arrival.claimed", quiet=True):
        free = Arrival.objects.waiting().filter(pk=arrival_id, attempts__lt=MOST_ATTEMPTS)
        if not free.update(held_until=Now() + LEASE, attempts=F("attempts") + 1, rung_at=None):
            return None
        arrival: Arrival = Arrival.objects.get(pk=arrival_id)
        require(worker, "run.work", arrival)
        return arrival


def _finish(
    worker: Actor, arrival: Arrival, window: Window, on_record: Arrived, counted: dict[str, Any]
) -> bool:
    """One transaction: that it was looked through, and what was found. False when another worker was faster."""
    found = troubles(on_record, counted)
    kept = {**counted, "edition": limits()["edition"], "earlier": len(on_record.earlier)}
    with acting(worker, "window.looked_through", quiet=not found):
        mine = Arrival.objects.filter(pk=arrival.pk, looked_at=None, window__withdrawn_at=None)
        mine = mine.filter(window__dataset__ended_at=None)
        if not mine.update(looked_at=timezone.now(), counted=kept, error="", held_until=None):
            return False
        settling.settle(window, found)
        return True


def _failed(worker: Actor, arrival: Arrival, trouble: Exception) -> None:
    log.error("arrival %s could not be looked through: %s", arrival.pk, type(trouble).__name__)
    error = (
        "damaged"
        if isinstance(trouble, Damaged)
        else "took too long"
        if isinstance(trouble, TookTooMuch)
        else ""
    )
    with acting(worker, "arrival.claimed", quiet=True):
        ours = Arrival.objects.filter(pk=arrival.pk, looked_at=None)
        ours.update(error=error or type(trouble).__name__, held_until=None)


def _give_up(clerk: Actor, arrival: Arrival) -> None:
    """What nobody could look through is a finding, never silence."""
    with acting(clerk, "window.looked_through"):
        ours = Arrival.objects.waiting().filter(pk=arrival.pk, attempts__gte=MOST_ATTEMPTS)
        if ours.update(looked_at=timezone.now(), error=arrival.error or "died"):
            window = Window.objects.select_related("dataset").get(pk=arrival.window_id)
            settling.note_unread(window, arrival.error or "died", facts.arrived(window))


def _ring(clerk: Actor, organisation_id: UUID, arrival_ids: Sequence[UUID]) -> None:
    if arrival_ids:
        with acting(clerk, "arrival.rung", quiet=True):
            Arrival.objects.filter(pk__in=arrival_ids, looked_at=None).update(rung_at=Now())
            for arrival_id in arrival_ids:
                _ring_on_commit(organisation_id, arrival_id)


def _ring_on_commit(organisation_id: UUID, arrival_id: UUID) -> None:
    if settings.SENIM_BELL:
        transaction.on_commit(partial(_send, organisation_id, arrival_id), robust=True)


def _send(organisation_id: UUID, arrival_id: UUID) -> None:
    try:
        current_app.send_task(TASK, args=[str(organisation_id), str(arrival_id)], queue=QUEUE)
    except OperationalError:
        log.warning("the broker does not answer; arrival %s will be rung for again", arrival_id)
