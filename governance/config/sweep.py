"""News is pulled up: after each commit, and by the clock, each room computes again what is behind.

The clock comes by every few seconds. Where nothing was recorded since the last sweep it rings for what waits, and no more: what
the calendar alone changes is looked at once a minute, so that organisations in which nothing happens cost next to nothing; their
plans are read again when the next tick comes (`monitoring.runs.resting`).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from uuid import UUID

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from audits.ledger import queries as entries
from audits.ledger import services as ledger
from audits.packs import services as packs
from governance.approvals import services as approvals
from governance.filing import upkeep as filing
from governance.incidents import services as incidents
from governance.obligations import services as obligations
from governance.obligations.house import services as house
from governance.people import attempts
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.post import services as post
from governance.risk.overriding import services as overriding
from monitoring.arrivals import services as arrivals
from monitoring.declaring import services as declaring
from monitoring.mlflow_link import services as mlflow_link
from monitoring.refusals import services as refusals
from monitoring.runs import key_figures
from monitoring.runs import services as runs
from monitoring.shielding import services as shielding
from monitoring.sources import fetching
from monitoring.uploads import services as uploads

log = logging.getLogger(__name__)

AT_LEAST_EVERY = 60.0
"""Seconds after which an organisation is swept though nothing was recorded of it."""
ANSWERED_FOR = 60.0
"""Seconds that a sweep can have begun after a bell and still count as its answer: beyond, the clocks disagree."""


@dataclass(frozen=True)
class _Swept:
    """When the last sweep that came to its end had begun, by the time of day and by a clock that nobody sets, and over what."""

    began: float
    ticked: float
    entries: int


_swept: dict[str, _Swept] = {}
"""By organisation, of this process."""


def ring(organisation_id: UUID | None) -> None:
    """Ask a worker to catch up. A broker that does not answer loses nothing: the next round finds what is behind."""
    if organisation_id is None:
        _send(sweep_all)
    else:
        _send(sweep, str(organisation_id), time.time())


def _send(task: Task[..., None], *arguments: object) -> None:
    try:
        task.delay(*arguments)
    except OperationalError:
        log.warning("the broker does not answer; the next round will catch up")


@shared_task(name="governance.config.sweep.sweep")
def sweep(organisation_id: str, rung_at: float) -> None:
    """Many commits ring many times: a sweep that began after a bell has seen its commit, so that bell is answered."""
    if not _is_answered(organisation_id, rung_at):
        _sweep(organisation_id)


@shared_task(name="governance.config.sweep.come_by")
def come_by(organisation_id: str, rung_at: float) -> None:
    """A bell that was lost is made up for: what it rang for is recorded. Rounds that pile up are one, as bells are."""
    if _is_answered(organisation_id, rung_at):
        return
    if _is_up_to_date(organisation_id):
        keep_going(UUID(organisation_id))
    else:
        _sweep(organisation_id)


def _is_answered(organisation_id: str, rung_at: float) -> bool:
    last = _swept.get(organisation_id)
    return last is not None and _has_answered(last.began, rung_at, time.time())


def _is_up_to_date(organisation_id: str) -> bool:
    last = _swept.get(organisation_id)
    if last is None or time.monotonic() > last.ticked + AT_LEAST_EVERY:
        return False
    return last.entries == _entries(organisation_id)


def _sweep(organisation_id: str) -> None:
    begun = _Swept(time.time(), time.monotonic(), _entries(organisation_id))
    catch_up(UUID(organisation_id))
    _swept[organisation_id] = begun


def _entries(organisation_id: str) -> int:
    """Of the organisation and of what is of all of them, such as an edition of the law."""
    with viewing(Actor.system("sweep")):
        return entries.recorded(UUID(organisation_id)) + entries.recorded(None)


def _own_entries(organisation_id: UUID) -> int:
    """Of the organisation alone: no plan asks anything else because somebody has signed in or a law has a new edition."""
    with viewing(Actor.system("sweep")):
        return entries.recorded(organisation_id)


def _has_answered(begun: float, rung_at: float, now: float) -> bool:
    """Whether a sweep answered a bell that rang before it. Neither a clock set back nor another machine's hides a bell."""
    return rung_at < begun < min(now, rung_at + ANSWERED_FOR)


@shared_task(name="governance.config.sweep.sweep_all")
def sweep_all() -> None:
    attempts.clean()
    with viewing(Actor.system("sweep")):
        ids = list(Organisation.objects.order_by("id").values_list("id", flat=True))
    for organisation_id in ids:  # a task each: what breaks in one organisation stops no other
        _send(come_by, str(organisation_id), time.time())
    ledger.catch_up(None)


def keep_going(organisation_id: UUID) -> None:
    """Ring for what waits for a worker, another attempt or the turn of a server: none of it leaves an entry."""
    runs.ring(organisation_id)
    mlflow_link.catch_up(organisation_id)
    fetching.ring(organisation_id)
    post.catch_up(organisation_id)
    packs.catch_up(organisation_id)


def catch_up(organisation_id: UUID) -> None:
    """Bring one organisation's derived state up to date, lower rooms first."""
    overriding.catch_up(organisation_id)
    house.catch_up(organisation_id)
    obligations.catch_up(organisation_id)
    shielding.catch_up(organisation_id)
    arrivals.catch_up(organisation_id)
    runs.catch_up(organisation_id, _own_entries(organisation_id))
    declaring.catch_up(organisation_id)
    key_figures.catch_up(organisation_id)
    approvals.catch_up(organisation_id)
    incidents.catch_up(organisation_id)
    filing.catch_up(organisation_id)
    mlflow_link.catch_up(organisation_id)
    fetching.catch_up(organisation_id)
    refusals.catch_up(organisation_id)
    uploads.catch_up(organisation_id)
    post.catch_up(organisation_id)
    ledger.catch_up(organisation_id)
    packs.catch_up(organisation_id)
