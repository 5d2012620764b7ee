"""How errands are asked for, claimed, answered and given up. Twice, late or never delivered: claim, lease and fence decide.

Who is next, for which of them a bell rings and whether there is a slot is decided in `runs/lining.py`, as for runs.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.errands.models import Errand
from monitoring.runs import lining
from monitoring.runs.claims import LEASE, MOST_ATTEMPTS, POSTPONED
from monitoring.runs.dispatch import Waiting
from monitoring.runs.models import RunStatus
from monitoring.sandbox.talk import Beat, Died, Lost

E = TypeVar("E", bound=Errand)

log = logging.getLogger(__name__)


class Hopeless(Exception):
    """It cannot be done, however often it is tried. Its text is the key of the reason."""


@dataclass(frozen=True)
class Errands(Generic[E]):
    """Errands of one kind. claimed: what the ledger calls every step up to the answer; answered: that; related: read with it."""

    kind: type[E]
    claimed: str
    answered: str
    related: tuple[str, ...]

    def add(self, asked: E, **same: Any) -> E:
        """The new row, or the one that is underway for the same. Called inside `acting`; a constraint lets one through."""
        self.kind._default_manager.bulk_create([asked], ignore_conflicts=True)
        underway: E = self._rows.underway().get(**same)
        if underway.pk == asked.pk:
            lining.ring_after_commit(underway.organisation_id)
        return underway

    def answer_bell(
        self, organisation_id: UUID, errand_id: UUID, work: Callable[[UUID, UUID], object]
    ) -> None:
        """Take up the errand that is next in line, if one of this kind is, and ring for whatever comes after it."""
        lining.answer(Waiting(self.kind, errand_id), organisation_id, partial(work, organisation_id))

    def work(
        self,
        organisation_id: UUID,
        errand_id: UUID,
        answer: Callable[[E, Beat], Any],
        columns: Callable[[E, Any], dict[str, Any]],
    ) -> None:
        """Do one errand. answer: what takes long; columns: of its row, asked inside the transaction that writes them."""
        worker = Actor.system("checks worker", organisation_id)
        asked = self.take(worker, errand_id)
        if asked is None:
            return
        try:
            self.finish(worker, asked, answer(asked, partial(self.renew, worker, asked)), columns)
        except Lost:
            log.warning("errand %s has passed to another worker", errand_id)
        except Hopeless as reason:
            self._end(worker, asked, str(reason))
        except Died as death:
            self.give_back(worker, asked, str(death))
        except Damaged as damage:
            self.give_back(worker, asked, damage.code)
        except OSError as trouble:
            self._postpone(worker, asked, errno.errorcode.get(trouble.errno or 0, "OSError"))

    def take(self, worker: Actor, errand_id: UUID) -> E | None:
        """Claim what is due or whose lease died. None when there is nothing to do, or no slot. Raises NotAllowed."""
        with acting(worker, self.claimed, quiet=True):
            if worker.organisation_id:
                lining.one_at_a_time(worker.organisation_id)
            free = self._rows.select_for_update(no_key=True, skip_locked=True, of=("self",))
            asked: E | None = free.claimable(Now()).select_related(*self.related).filter(pk=errand_id).first()
            if asked is None:
                return None
            require(worker, "run.work", asked)
            if asked.attempts >= MOST_ATTEMPTS:
                self._rows.filter(pk=asked.pk).update(**_ended(asked.error or "died"))
                return None
            return self._claimed(asked) if lining.has_room_for(asked) else None

    def finish(
        self, worker: Actor, asked: E, found: Any, columns: Callable[[E, Any], dict[str, Any]]
    ) -> bool:
        """Write the answer. False, and nothing written, when the errand has passed to somebody else."""
        with acting(worker, self.answered, quiet=True):
            if not self._held(asked).select_for_update(no_key=True).exists():
                log.warning("a late answer of errand %s was refused", asked.pk)
                return False
            done = {"status": RunStatus.DONE, "finished_at": timezone.now(), "error": ""}
            return bool(self._held(asked).update(**columns(asked, found), **done))

    def renew(self, worker: Actor, asked: E, progress: int, phase: str) -> bool:
        """Say that we live and how far we are. False when the work has passed to somebody else."""
        try:
            return self._write(worker, asked, expires_at=Now() + LEASE, progress=progress, phase=phase[:40])
        except DatabaseError:  # away for a moment; the fence decides in the end whether our answer counts
            log.warning("the lease of errand %s could not be renewed", asked.pk)
            connection.close_if_unusable_or_obsolete()
            return True

    def give_back(self, worker: Actor, asked: E, error: str) -> None:
        """An attempt failed: it keeps its place in the line, or the last attempt ends it."""
        if asked.attempts >= MOST_ATTEMPTS:
            self._end(worker, asked, error)
        else:
            self._write(worker, asked, error=error[:400], status=RunStatus.DUE, expires_at=None)

    def _postpone(self, worker: Actor, asked: E, error: str) -> None:
        """The machine had no room for this attempt (a full disk, no more processes): it is not counted and made again later."""
        log.error("errand %s is postponed: %s", asked.pk, error)
        later = {"expires_at": Now() + POSTPONED, "attempts": asked.attempts - 1}
        self._write(worker, asked, error=error, status=RunStatus.DUE, **later)

    @property
    def _rows(self) -> Any:
        return self.kind._default_manager.all()

    def _held(self, asked: E) -> QuerySet[Any]:
        """The row, as long as it is ours."""
        rows: QuerySet[Any] = self._rows.filter(pk=asked.pk, fence=asked.fence, status=RunStatus.RUNNING)
        return rows

    def _claimed(self, asked: E) -> E:
        """rung_at: this ring was heard; should we die, the next sweep may ring at once."""
        asked.status, asked.fence, asked.attempts = RunStatus.RUNNING, asked.fence + 1, asked.attempts + 1
        ours = {"status": asked.status, "fence": asked.fence, "attempts": asked.attempts}
        self._rows.filter(pk=asked.pk).update(
            **ours, expires_at=Now() + LEASE, rung_at=None, progress=0, phase=""
        )
        return asked

    def _end(self, worker: Actor, asked: E, error: str) -> None:
        self._write(worker, asked, **_ended(error))

    def _write(self, worker: Actor, asked: E, **values: Any) -> bool:
        with acting(worker, self.claimed, quiet=True):
            return bool(self._held(asked).update(**values))


def _ended(error: str) -> dict[str, Any]:
    return {"status": RunStatus.FAILED, "error": error[:400], "finished_at": timezone.now()}
