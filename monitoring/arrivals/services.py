"""The only writers of this room: each data period is looked through once, and what is wrong with it becomes a finding.

It stands in line with runs and errands and takes one of the slots of its organisation (`runs/lining.py`), so that whoever hands
in a thousand periods keeps nobody else waiting.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.arrivals import facts, settling
from monitoring.arrivals.apart import counted_apart
from monitoring.arrivals.models import MOST_ATTEMPTS, Arrival, ArrivalQuerySet
from monitoring.arrivals.rules import Arrived, limits, troubles
from monitoring.data.models import Window
from monitoring.engines.own_process import Lost, TookTooMuch
from monitoring.runs import lining
from monitoring.runs.claims import LEASE, POSTPONED
from monitoring.runs.dispatch import Waiting

log = logging.getLogger(__name__)


def catch_up(organisation_id: UUID) -> None:
    """Notice what arrived, ring, give up what nobody could look through, and close what no longer holds."""
    clerk = Actor.system("arrivals clerk", organisation_id)
    with viewing(clerk):
        there = Window.objects.standing().filter(organisation_id=organisation_id, dataset__ended_at=None)
        fresh = list(there.filter(arrival=None))
        mine = Arrival.objects.filter(organisation_id=organisation_id)
        spent = list(mine.open().exclude(Arrival.is_held()).filter(attempts__gte=MOST_ATTEMPTS))
        fallen = list(mine.fallen().values_list("pk", flat=True))
    _notice(clerk, fresh)
    for arrival in spent:
        _give_up(clerk, arrival)
    if fallen:
        with acting(clerk, "window.looked_through", quiet=True):
            Arrival.objects.open().filter(pk__in=fallen).update(looked_at=timezone.now(), error="withdrawn")
    if fresh:  # of what waits longer the sweep of the runs tells, which follows
        lining.ring_for(clerk, organisation_id)
    settling.look_over(clerk, organisation_id)


def answer_bell(organisation_id: UUID, arrival_id: UUID) -> None:
    """Look through what is next in line, if a data period is, and ring for whatever comes after it."""
    lining.answer(Waiting(Arrival, arrival_id), organisation_id, partial(look, organisation_id))


def look(organisation_id: UUID, arrival_id: UUID) -> bool:
    """Look one data period through. Safe to deliver twice, late, or never. False where there was nothing to do."""
    worker = Actor.system("arrivals worker", organisation_id)
    arrival = _claimed(worker, arrival_id)
    if arrival is None:
        return False
    try:
        with viewing(worker):
            window = Window.objects.select_related("dataset").get(pk=arrival.window_id)
            on_record, files = facts.arrived(window), facts.files(window)
        counted = counted_apart(files, partial(_renew, worker, arrival)) if files else {}
    except Lost:
        log.warning("arrival %s has passed to another worker", arrival.pk)
        return False
    except (Damaged, TookTooMuch, OSError) as trouble:
        _failed(worker, arrival, trouble)
        return False
    return _finish(worker, arrival, window, on_record, counted)


def _notice(clerk: Actor, fresh: Sequence[Window]) -> None:
    if not fresh:
        return
    rows = [
        Arrival(organisation_id=each.organisation_id, model_id=each.model_id, window=each)
        for each in sorted(fresh, key=lambda window: window.pk)
    ]
    with acting(clerk, "arrival.noticed"):
        Arrival.objects.bulk_create(rows, ignore_conflicts=True)


def _claimed(worker: Actor, arrival_id: UUID) -> Arrival | None:
    """None when there is nothing to do, or no slot. Raises NotAllowed."""
    with acting(worker, "arrival.claimed", quiet=True):
        if worker.organisation_id:
            lining.one_at_a_time(worker.organisation_id)
        free = Arrival.objects.select_for_update(no_key=True, skip_locked=True).claimable(Now())
        arrival: Arrival | None = free.filter(pk=arrival_id).first()
        if arrival is None:
            return None
        require(worker, "run.work", arrival)
        if not lining.has_room_for(arrival):
            return None
        arrival.attempts += 1
        Arrival.objects.filter(pk=arrival.pk).update(
            expires_at=Now() + LEASE, attempts=arrival.attempts, rung_at=None
        )
        return arrival


def _renew(worker: Actor, arrival: Arrival) -> bool:
    """Say that we live. False when another worker has taken it up since: whoever finishes first says what was found."""
    try:
        with acting(worker, "arrival.claimed", quiet=True):
            return bool(_held(arrival).update(expires_at=Now() + LEASE))
    except DatabaseError:  # away for a moment
        log.warning("the lease of arrival %s could not be renewed", arrival.pk)
        connection.close_if_unusable_or_obsolete()
        return True


def _held(arrival: Arrival) -> ArrivalQuerySet:
    """The row, as long as nobody has taken it up after us."""
    ours: ArrivalQuerySet = Arrival.objects.open().filter(pk=arrival.pk, attempts=arrival.attempts)
    return ours


def _finish(
    worker: Actor, arrival: Arrival, window: Window, on_record: Arrived, counted: dict[str, Any]
) -> bool:
    """One transaction: that it was looked through, and what was found. False when another worker was faster."""
    found = troubles(on_record, counted)
    kept = {**counted, "edition": limits()["edition"], "earlier": len(on_record.earlier)}
    with acting(worker, "window.looked_through", quiet=not found):
        mine = Arrival.objects.filter(pk=arrival.pk, looked_at=None, window__withdrawn_at=None)
        mine = mine.filter(window__dataset__ended_at=None)
        if not mine.update(looked_at=timezone.now(), counted=kept, error="", expires_at=None):
            return False
        settling.settle(window, found)
        return True


def _failed(worker: Actor, arrival: Arrival, trouble: Exception) -> None:
    """An attempt that the machine had no room for (a full disk, no more processes) is not counted and made again later."""
    log.error("arrival %s could not be looked through: %s", arrival.pk, type(trouble).__name__)
    with acting(worker, "arrival.claimed", quiet=True):
        if isinstance(trouble, OSError):
            error = errno.errorcode.get(trouble.errno or 0, "OSError")
            _held(arrival).update(error=error, expires_at=Now() + POSTPONED, attempts=F("attempts") - 1)
        else:
            error = "damaged" if isinstance(trouble, Damaged) else "took too long"
            _held(arrival).update(error=error, expires_at=None)


def _give_up(clerk: Actor, arrival: Arrival) -> None:
    """What nobody could look through is a finding, never silence."""
    with acting(clerk, "window.looked_through"):
        ours = Arrival.objects.open().exclude(Arrival.is_held()).filter(pk=arrival.pk)
        if ours.update(looked_at=timezone.now(), error=arrival.error or "died"):
            window = Window.objects.select_related("dataset").get(pk=arrival.window_id)
            settling.note_unread(window, arrival.error or "died", facts.arrived(window))
