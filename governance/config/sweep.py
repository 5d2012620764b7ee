"""News is pulled up: after each commit, and every few seconds, each room computes again what is behind."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

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

_begun: dict[str, float] = {}
"""When this process began to sweep an organisation the last time, and came to the end."""
ANSWERED_FOR = 60.0
"""Seconds that a sweep can have begun after a bell and still count as its answer: beyond, the clocks disagree."""


def ring(organisation_id: UUID | None) -> None:
    """Ask a worker to catch up. A broker that does not answer loses nothing: the next round finds what is behind."""
    try:
        if organisation_id is None:
            sweep_all.delay()
        else:
            sweep.delay(str(organisation_id), time.time())
    except OperationalError:
        log.warning("the broker does not answer; the next round will catch up")


@shared_task(name="governance.config.sweep.sweep")
def sweep(organisation_id: str, rung_at: float | None = None) -> None:
    """Many commits ring many times: a sweep that began after a bell has seen its commit, so that bell is answered."""
    began = time.time()
    if rung_at is not None and _has_answered(_begun.get(organisation_id, 0.0), rung_at, began):
        return
    catch_up(UUID(organisation_id))
    _begun[organisation_id] = began


def _has_answered(begun: float, rung_at: float, now: float) -> bool:
    """Whether a sweep answered a bell that rang before it. Neither a clock set back nor another machine's hides a bell."""
    return rung_at < begun < min(now, rung_at + ANSWERED_FOR)


@shared_task(name="governance.config.sweep.sweep_all")
def sweep_all() -> None:
    attempts.clean()
    with viewing(Actor.system("sweep")):
        ids = list(Organisation.objects.order_by("id").values_list("id", flat=True))
    for organisation_id in ids:
        ring(organisation_id)  # a task each: what breaks in one organisation stops no other
    ledger.catch_up(None)


def catch_up(organisation_id: UUID) -> None:
    """Bring one organisation's derived state up to date, lower rooms first."""
    overriding.catch_up(organisation_id)
    house.catch_up(organisation_id)
    obligations.catch_up(organisation_id)
    shielding.catch_up(organisation_id)
    arrivals.catch_up(organisation_id)
    runs.catch_up(organisation_id)
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
