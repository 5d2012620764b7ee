"""News is pulled up: after each commit, and every few seconds, each room computes again what is behind."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from governance.approvals import services as approvals
from governance.obligations import services as obligations
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.post import services as post
from monitoring.runs import services as runs

log = logging.getLogger(__name__)


def ring(organisation_id: UUID | None) -> None:
    """Ask a worker to catch up. A broker that does not answer loses nothing: the next round finds what is behind."""
    try:
        if organisation_id is None:
            sweep_all.delay()
        else:
            sweep.delay(str(organisation_id))
    except OperationalError:
        log.warning("the broker does not answer; the next round will catch up")


@shared_task(name="governance.config.sweep.sweep")
def sweep(organisation_id: str) -> None:
    catch_up(UUID(organisation_id))


@shared_task(name="governance.config.sweep.sweep_all")
def sweep_all() -> None:
    with viewing(Actor.system("sweep")):
        ids = list(Organisation.objects.order_by("id").values_list("id", flat=True))
    for organisation_id in ids:
        catch_up(organisation_id)


def catch_up(organisation_id: UUID) -> None:
    """Bring one organisation's derived state up to date, lower rooms first."""
    obligations.catch_up(organisation_id)
    runs.catch_up(organisation_id)
    approvals.catch_up(organisation_id)
    post.catch_up(organisation_id)
