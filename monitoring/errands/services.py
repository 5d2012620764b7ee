"""How errands are rung for, claimed, answered and given up. Twice, late or never delivered: claim, lease and fence decide."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.errands.models import Errand
from monitoring.runs.claims import LEASE, MOST_ATTEMPTS
from monitoring.runs.dispatch import QUEUE, RING_AGAIN
from monitoring.runs.models import RunStatus
from monitoring.sandbox.talk import Beat, Died, Lost

E = TypeVar("E", bound=Errand)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Errands(Generic[E]):
    """Errands of one kind. task: the doorbell; deed: what the ledger calls claim and answer; related: read with the claim."""

    kind: type[E]
    task: str
    claimed: str
    answered: str
    related: tuple[str, ...]

    def add(self, asked: E, **same: Any) -> E:
        """The new row, or the one that is underway for the same. Called inside `acting`; a constraint lets one through."""
        asked.rung_at = timezone.now()
        self.kind._default_manager.bulk_create([asked], ignore_conflicts=True)
        underway: E = self._rows.underway().get(**same)
        if underway.pk == asked.pk:
            self._ring_on_commit(underway)
        return underway

    def work(
        self,
        organisation_id: UUID,
        errand_id: UUID,
        answer: Callable[[E, Beat], Any],
        columns: Callable[[E, Any], dict[str, Any]],
    ) -> None:
        """Do one errand. answer: what takes long; columns: of its row, asked inside the transaction that writes them."""
        worker = Actor.system("checks worker", organisation_id)
        asked = self._claimed(worker, errand_id)
        if asked is None:
            return
        try:
            found = answer(asked, partial(self._renewed, worker, asked))
            with acting(worker, self.answered, quiet=True):
                held = self._held(asked).select_for_update(no_key=True).exists()
                if held:
                    done = {"status": RunStatus.DONE, "finished_at": timezone.now(), "error": ""}
                    self._held(asked).update(**columns(asked, found), **done)
        except Lost:
            log.warning("errand %s has passed to another worker", errand_id)
        except (Died, Damaged, OSError) as trouble:
            self._give_back(worker, asked, str(trouble) or type(trouble).__name__)

    def catch_up(self, organisation_id: UUID) -> None:
        """Ring again for what nobody answers, and end what no worker survived."""
        clerk = Actor.system("checks clerk", organisation_id)
        with viewing(clerk):
            unheard = Q(rung_at=None) | Q(rung_at__lt=Now() - RING_AGAIN)
            free = self._rows.claimable(Now()).filter(unheard, organisation_id=organisation_id)
            waiting = list(free.order_by("requested_at"))
        for asked in waiting:
            with acting(clerk, "run.rung", quiet=True):
                still = self._rows.claimable(Now()).filter(pk=asked.pk)
                if asked.attempts >= MOST_ATTEMPTS:
                    ended = {"status": RunStatus.FAILED, "finished_at": timezone.now()}
                    still.update(error=asked.error or "died", **ended)
                elif still.update(rung_at=Now()):
                    self._ring_on_commit(asked)

    @property
    def _rows(self) -> Any:
        return self.kind._default_manager.all()

    def _held(self, asked: E) -> QuerySet[Any]:
        """The row, as long as it is ours."""
        rows: QuerySet[Any] = self._rows.filter(pk=asked.pk, fence=asked.fence, status=RunStatus.RUNNING)
        return rows

    def _claimed(self, worker: Actor, errand_id: UUID) -> E | None:
        with acting(worker, self.claimed, quiet=True):
            free = self._rows.claimable(Now()).filter(pk=errand_id, attempts__lt=MOST_ATTEMPTS)
            mine = free.update(
                status=RunStatus.RUNNING,
                fence=F("fence") + 1,
                attempts=F("attempts") + 1,
                expires_at=Now() + LEASE,
                rung_at=None,
            )
            if not mine:
                return None
            asked: E = self._rows.select_related(*self.related).get(pk=errand_id)
            require(worker, "run.work", asked)
            return asked

    def _renewed(self, worker: Actor, asked: E, progress: int, phase: str) -> bool:
        """Say that we live. False when the work has passed to somebody else."""
        return self._write(worker, asked, expires_at=Now() + LEASE)

    def _give_back(self, worker: Actor, asked: E, error: str) -> None:
        """An attempt failed: the next sweep rings again, or the last attempt ends it."""
        last = {"status": RunStatus.FAILED, "finished_at": timezone.now()}
        values = last if asked.attempts >= MOST_ATTEMPTS else {"status": RunStatus.DUE}
        self._write(worker, asked, error=error[:400], **values)

    def _write(self, worker: Actor, asked: E, **values: Any) -> bool:
        with acting(worker, self.answered, quiet=True):
            return bool(self._held(asked).update(**values))

    def _ring_on_commit(self, asked: E) -> None:
        if settings.SENIM_BELL:
            transaction.on_commit(partial(self._ring, asked.organisation_id, asked.pk), robust=True)

    def _ring(self, organisation_id: UUID, errand_id: UUID) -> None:
        try:
            current_app.send_task(self.task, args=[str(organisation_id), str(errand_id)], queue=QUEUE)
        except OperationalError:
            log.warning("the broker does not answer; errand %s will be rung for again", errand_id)
