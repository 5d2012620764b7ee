"""Periods are asked for, by a person or by the dataset's own pace; a worker fetches them and hands them in like any file.

A Fetch is a row with a lease and a fence. What came of it is written together with its data period in one transaction, so
that a second delivery and a worker that was given up change nothing. A fetch that failed stays on record with its reason.

Fetches of one organisation are worked on one after the other, by a worker that does nothing but wait for servers of others:
a database that takes its time keeps neither checks nor the fetches of another firm waiting.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from governance.errors import OutOfOrder, Problem, Refusal, RuleBroken
from governance.inventory.locks import locked
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data import periods
from monitoring.data import services as data
from monitoring.data.models import Part, Window
from monitoring.data.refused import FileRefused
from monitoring.engines.own_process import Lost
from monitoring.refusals import services as refusals
from monitoring.runs import lining
from monitoring.runs.claims import LEASE
from monitoring.runs.dispatch import unheard
from monitoring.runs.models import FURTHEST_AHEAD as LONGEST
from monitoring.sources import reading, rules
from monitoring.sources.models import Feed, Fetch, FetchQuerySet
from monitoring.sources.words import NOT_FETCHED, FetchStatus, Trouble

TASK = "monitoring.sources.tasks.work"
MOST_ATTEMPTS = 3

log = logging.getLogger(__name__)


def ask(*, by: Actor, feed: Feed, starts_on: date, ends_on: date, part: str = Part.CURRENT) -> Fetch:
    """Have one period fetched as soon as a worker is free. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "fetch.asked"):
        feed = locked(feed)
        require(by, "window.fetch", feed.model)
        return _asked(by, feed, rules.Period(starts_on, ends_on), part)


def catch_up(organisation_id: UUID) -> None:
    """Ask for the periods that are over, and ring for every fetch that nobody works on."""
    clerk = Actor.system("data source reader", organisation_id)
    with viewing(clerk):
        due = list(_due(organisation_id))
    for feed, period in due:
        speaker = replace(clerk, user_id=feed.registered_by_id)  # somebody has to answer for it
        try:
            with acting(speaker, "fetch.due", quiet=True):
                _asked(speaker, locked(feed), period, Part.CURRENT, is_scheduled=True)
        except Refusal as refusal:
            log.warning("feed %s was not asked for %s: %s", feed.pk, period, refusal.code)
    _ring_for_next(clerk, organisation_id)


def ring(organisation_id: UUID) -> None:
    """Ring for the fetch whose turn it is: a bell may be lost, and a worker may die."""
    _ring_for_next(Actor.system("data source reader", organisation_id), organisation_id)


def work(organisation_id: UUID, fetch_id: UUID) -> None:
    """Fetch one period, unless another one of the organisation is being fetched, and ring for the next. Safe to deliver twice."""
    worker = Actor.system("data source reader", organisation_id)
    fetch = _claimed(worker, fetch_id)
    if fetch is None:
        return
    _do(worker, fetch)
    _ring_for_next(worker, organisation_id)


def _do(worker: Actor, fetch: Fetch) -> None:
    speaker = replace(worker, user_id=fetch.asked_by_id)
    try:
        if fetch.fence > MOST_ATTEMPTS:
            raise reading.SourceTrouble(Trouble.GAVE_UP)
        with tempfile.TemporaryDirectory(prefix="senim-fetch-") as folder:
            _fetch(speaker, fetch, Path(folder))
    except Lost:
        log.warning("fetch %s has passed to another worker", fetch.pk)
    except reading.SourceTrouble as found:
        _failed(speaker, fetch, found.trouble)
    except SoftTimeLimitExceeded:
        _failed(speaker, fetch, Trouble.TIMED_OUT)
    except FileRefused as refused:
        _failed(speaker, fetch, Trouble.REFUSED, refused_id=refused.noted)
    except Refusal as refusal:
        log.warning("fetch %s was not taken in: %s", fetch.pk, refusal.code)
        _failed(speaker, fetch, Trouble.NOT_TAKEN)


def _fetch(speaker: Actor, fetch: Fetch, folder: Path) -> None:
    """Raises SourceTrouble, Refusal."""
    _refuse_protected(fetch.feed)
    taken = reading.fetched(fetch, folder, beat=partial(_renew, speaker, fetch, LEASE))
    _renew(
        speaker, fetch, LONGEST
    )  # its row is locked while the rows are handed in, so nobody takes it up meanwhile
    source = fetch.feed.source
    with refusals.noted(speaker), taken.path.open("rb") as rows, acting(speaker, "window.fetched"):
        mine = _held(fetch).select_for_update(no_key=True).first()
        if mine is None:
            return
        window = data.add_window(
            by=speaker,
            dataset=fetch.feed.dataset,
            name=fetch.name,
            part=fetch.part,
            file=rows,
            file_name=f"{source.name} – {fetch.feed}.parquet".replace("/", " "),
            starts_on=fetch.starts_on,
            ends_on=fetch.ends_on,
        )
        mine.window, mine.query, mine.rows = window, taken.query, taken.rows
        mine.digest = window.source_sha256
        mine.status, mine.ended_at, mine.expires_at = FetchStatus.DONE, timezone.now(), None
        mine.save()


def _asked(by: Actor, feed: Feed, period: rules.Period, part: str, *, is_scheduled: bool = False) -> Fetch:
    _refuse(feed, period, part)
    fetch: Fetch = Fetch(
        organisation_id=feed.organisation_id,
        feed=feed,
        model_id=feed.model_id,
        part=part,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        is_scheduled=is_scheduled,
        asked_by_id=by.person,
    )
    if Window.objects.standing().filter(dataset_id=feed.dataset_id, name=fetch.name).exists():
        raise OutOfOrder(_("This dataset already has a data period of that name."))
    fetch.save()
    clerk = Actor.system("data source reader", feed.organisation_id)
    transaction.on_commit(partial(_ring_for_next, clerk, feed.organisation_id), robust=True)
    return fetch


def _refuse_protected(feed: Feed) -> None:
    """Rows may have become personal data since the table was registered. Raises OutOfOrder before anything is read."""
    if feed.dataset.is_protected:
        raise OutOfOrder(NOT_FETCHED)


def _refuse(feed: Feed, period: rules.Period, part: str) -> None:
    """Inside the lock of the feed. Raises OutOfOrder, RuleBroken."""
    if not Feed.objects.standing().filter(pk=feed.pk).exists():
        raise OutOfOrder(_("Nothing more is fetched through this."))
    _refuse_protected(feed)
    if Fetch.objects.unfinished().filter(feed=feed).exists():
        raise OutOfOrder(_("A period is being fetched already. Wait for it."))
    if period.ends_on < period.starts_on:
        raise RuleBroken(problems=[Problem("ends_on", _("The period ends before it starts."))])
    if part not in Part.values:
        raise RuleBroken(problems=[Problem("part", _("A data period is either reference or current."))])


def _due(organisation_id: UUID) -> list[tuple[Feed, rules.Period]]:
    """Standing feeds whose next period is over, and is not being fetched or waited with after a failure."""
    feeds = Feed.objects.standing().filter(
        organisation_id=organisation_id, dataset__expected_every_days__isnull=False
    )
    now, today = timezone.now(), timezone.localdate()
    due = []
    for feed in feeds.select_related("dataset").exclude(fetches__in=Fetch.objects.unfinished()):
        there = Window.objects.standing().filter(dataset_id=feed.dataset_id, part=Part.CURRENT)
        last = periods.latest_first(there).first()
        period = rules.next_period(
            feed.begins_on, feed.dataset.expected_every_days, periods.day(last) if last else None
        )
        if rules.is_over(period, today) and rules.may_try_again(*_failures(feed), now):
            due.append((feed, period))
    return due


def _failures(feed: Feed) -> tuple[int, Any]:
    """How many fetches in a row failed up to now, and when the last of them did."""
    ended = list(Fetch.objects.filter(feed=feed).exclude(ended_at=None).order_by("-ended_at")[:10])
    failures = 0
    while failures < len(ended) and ended[failures].status == FetchStatus.FAILED:
        failures += 1
    return failures, ended[0].ended_at if failures else None


def _ring_for_next(clerk: Actor, organisation_id: UUID) -> None:
    """Ring for the oldest fetch, unless one is worked on or its bell is on its way."""
    with viewing(clerk):
        mine = Fetch.objects.filter(organisation_id=organisation_id)
        waiting = mine.free().order_by("asked_at", "pk").first()
        if waiting is not None and (mine.held().exists() or mine.free().exclude(unheard("")).exists()):
            return
    if waiting is not None:
        with acting(clerk, "fetch.rung", quiet=True):
            mine.filter(pk=waiting.pk).update(rung_at=Now())
            transaction.on_commit(partial(_ring, organisation_id, waiting.pk), robust=True)


def _ring(organisation_id: UUID, fetch_id: UUID) -> None:
    if not settings.SENIM_BELL:
        return
    try:
        current_app.send_task(TASK, args=[str(organisation_id), str(fetch_id)])
    except OperationalError:
        log.warning("the broker does not answer; fetch %s will be rung for again", fetch_id)


def _claimed(worker: Actor, fetch_id: UUID) -> Fetch | None:
    """None when there is nothing to do, or when another fetch of the organisation is worked on."""
    with acting(worker, "fetch.claimed", quiet=True):
        if worker.organisation_id:
            lining.one_at_a_time(worker.organisation_id)
        joined = Fetch.objects.select_related("feed__source", "feed__dataset", "feed__model")
        free = joined.select_for_update(no_key=True, skip_locked=True, of=("self",)).free()
        fetch: Fetch | None = free.filter(pk=fetch_id).first()
        others = Fetch.objects.held().filter(organisation_id=worker.organisation_id)
        if fetch is None or others.exists():
            return None
        fetch.fence, fetch.status = fetch.fence + 1, FetchStatus.RUNNING
        Fetch.objects.filter(pk=fetch.pk).update(
            fence=fetch.fence,
            status=fetch.status,
            expires_at=Now() + LEASE,
            begun_at=timezone.now(),
            rung_at=None,
        )
        return fetch


def _renew(speaker: Actor, fetch: Fetch, lease: timedelta) -> bool:
    """Say that we live. False when it has passed to another worker."""
    try:
        with acting(speaker, "fetch.claimed", quiet=True):
            return bool(_held(fetch).update(expires_at=Now() + lease))
    except DatabaseError:  # away for a moment; the fence decides in the end whether what we bring counts
        log.warning("the lease of fetch %s could not be renewed", fetch.pk)
        connection.close_if_unusable_or_obsolete()
        return True


def _held(fetch: Fetch) -> FetchQuerySet:
    """The row, as long as it is ours."""
    ours: FetchQuerySet = Fetch.objects.filter(pk=fetch.pk, fence=fetch.fence, status=FetchStatus.RUNNING)
    return ours


def _failed(speaker: Actor, fetch: Fetch, trouble: str, *, refused_id: UUID | None = None) -> None:
    """That a period did not arrive becomes a finding by the next sweep."""
    with acting(speaker, "fetch.failed"):
        _held(fetch).update(
            status=FetchStatus.FAILED,
            trouble=trouble,
            refused_id=refused_id,
            ended_at=timezone.now(),
            expires_at=None,
        )
