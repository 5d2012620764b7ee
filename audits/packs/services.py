"""The only writers of this room: a pack is ordered, a worker makes it once, whoever asked is told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError

from audits.engagements.models import Engagement
from audits.ledger import services as ledger
from audits.packs import past
from audits.packs.making import making
from audits.packs.models import Pack, PackStatus
from governance import store
from governance.errors import NotAllowed, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.asked_day import AsOf
from governance.people.models import User
from governance.people.rights import require
from governance.post import services as post

log = logging.getLogger(__name__)

WHERE = gettext_lazy("As of the end of")
TASK = "audits.packs.tasks.make"
RING_AGAIN = timedelta(seconds=30)
MOST_ATTEMPTS = 5
LARGEST = 64 * 1024**3


def order(
    *, by: Actor, model: AIModel, engagement: Engagement | None = None, day: AsOf | None = None
) -> Pack:
    """Ask for the evidence pack of a model as it stands, or as it stood at the end of a past day.

    One that is being made for this person is not ordered twice. Raises NotAllowed, and RuleBroken for a day of which the
    ledger tells nothing.
    """
    with acting(by, "pack.ordered"):
        require(by, "pack.order", model)
        if by.user_id is None or by.organisation_id is None:
            raise NotAllowed
        past_day = day.day if day and day.day < timezone.localdate() else None
        if day and past_day and not past.knows(model, day):
            raise RuleBroken(problems=[Problem(WHERE, _("The log tells nothing of this model by then."))])
        asked = Pack.objects.due().filter(model=model, requested_by_id=by.user_id, past_day=past_day)
        underway: Pack | None = asked.first()
        if underway is not None:
            return underway
        pack = Pack.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            engagement=engagement,
            requested_by_id=by.user_id,
            requested_from=by.organisation_id,
            rung_at=timezone.now(),
            past_day=past_day,
        )
        _ring_on_commit(pack.pk, model.organisation_id)
        return pack


def make(pack_id: UUID, organisation_id: UUID) -> None:
    """Make one pack. Safe to deliver twice, late, or never: one worker at a time holds its lock, one of them ends it."""
    maker = Actor.system("packs", organisation_id)
    ledger.catch_up(organisation_id)  # so that what just happened is under a signed head
    with _snapshot(maker), _alone(pack_id) as alone:
        pack = _due(pack_id) if alone else None
        if pack is None:
            return
        day = AsOf(pack.past_day) if pack.past_day else None
        pack.as_of = past.instant_of(day) if day else _clock()
        with making(pack.model, pack.as_of, day) as made:
            stored = store.put(organisation_id, made.place, limit=LARGEST)
    pack.status, pack.made_at = PackStatus.DONE, timezone.now()
    pack.sha256, pack.size, pack.seal = stored.sha256, stored.size, made.seal
    _end(maker, pack, "pack.made")


def _due(pack_id: UUID) -> Pack | None:
    packs = Pack.objects.due().select_related("model__organisation", "model__owner")
    pack: Pack | None = packs.filter(pk=pack_id).first()
    return pack


def _end(maker: Actor, pack: Pack, action: str) -> None:
    """The first to end it ends it; whoever comes later changes nothing."""
    with acting(maker, action, quiet=True):
        ended = Pack.objects.select_for_update(no_key=True).due().filter(pk=pack.pk).exists()
        if ended:
            pack.save(update_fields=["status", "as_of", "sha256", "size", "seal", "made_at"])
    if ended:
        _tell(pack)


def catch_up(organisation_id: UUID) -> None:
    """Ring again for packs that nobody is making, and park one that several workers could not make."""
    clerk = Actor.system("packs", organisation_id)
    with viewing(clerk):
        unheard = Q(rung_at=None) | Q(rung_at__lt=Now() - RING_AGAIN)
        due = Pack.objects.due().select_related("model").filter(unheard, organisation_id=organisation_id)
        waiting = list(due.order_by("requested_at"))
    for pack in waiting:
        if pack.attempts >= MOST_ATTEMPTS:
            pack.status = PackStatus.FAILED
            _end(clerk, pack, "pack.parked")
        else:
            _ring_again(clerk, pack)


def _ring_again(clerk: Actor, pack: Pack) -> None:
    with acting(clerk, "pack.rung", quiet=True), _alone(pack.pk) as alone:
        if alone:  # otherwise somebody is making it at this moment
            Pack.objects.due().filter(pk=pack.pk).update(rung_at=Now(), attempts=F("attempts") + 1)
            _ring_on_commit(pack.pk, pack.organisation_id)


@contextmanager
def _snapshot(maker: Actor) -> Iterator[None]:
    """All reads of one pack see the same state, whatever is written meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with viewing(maker):
            yield


@contextmanager
def _alone(pack_id: UUID) -> Iterator[bool]:
    """Whether nobody else is making this pack. The lock ends with the transaction, and with a worker that dies."""
    query = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
    with connection.cursor() as cursor:
        cursor.execute(query, [f"senim.pack.{pack_id}"])
        alone = bool(cursor.fetchone()[0])
    yield alone


def _clock() -> datetime:
    """Of the database, as the entries of the ledger are dated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _tell(pack: Pack) -> None:
    """Where the person ordered it: in their own organisation, which a supervisor's officer does not leave."""
    teller = Actor.system("packs", pack.requested_from)
    with acting(teller, "pack.announced", quiet=True):
        post.send(
            organisation_id=pack.requested_from,
            to=User.objects.get(pk=pack.requested_by_id),
            key="pack_ready",
            context={"model": pack.model, "pack": pack, "made": pack.is_done},
            link=reverse("packs:packs", args=[pack.model_id]),
        )


def _ring_on_commit(pack_id: UUID, organisation_id: UUID) -> None:
    if settings.SENIM_BELL:
        transaction.on_commit(partial(_ring, pack_id, organisation_id), robust=True)


def _ring(pack_id: UUID, organisation_id: UUID) -> None:
    try:
        current_app.send_task(TASK, args=[str(pack_id), str(organisation_id)])
    except OperationalError:
        log.warning("the broker does not answer; pack %s will be rung for again", pack_id)
