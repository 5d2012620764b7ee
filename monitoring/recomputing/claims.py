"""Who computes a run again: claimed by one conditional UPDATE, held by a lease, told apart by a fence number."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.recomputing.models import Recomputation
from monitoring.runs.claims import LEASE, MOST_ATTEMPTS
from monitoring.runs.models import RunStatus

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """The right to answer one recomputation, as long as its fence is the row's fence."""

    worker: Actor
    asked: Recomputation
    fence: int

    @property
    def held(self) -> dict[str, object]:
        return {"pk": self.asked.pk, "fence": self.fence, "status": RunStatus.RUNNING}


def take(worker: Actor, recomputation_id: UUID) -> Claim | None:
    """Claim what is due or whose lease died. None when there is nothing to do. Raises NotAllowed."""
    with acting(worker, "run.recompute_claimed", quiet=True):
        free = Recomputation.objects.claimable(Now()).filter(pk=recomputation_id, attempts__lt=MOST_ATTEMPTS)
        mine = free.update(
            status=RunStatus.RUNNING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            expires_at=Now() + LEASE,
            rung_at=None,  # this ring was heard; should we die, the next sweep may ring at once
            progress=0,
            phase="",
        )
        if not mine:
            return None
        run = (
            "run__plan__dataset",
            "run__version",
            "run__window",
            "run__reference",
            "run__labels",
            "run__result",
        )
        asked = Recomputation.objects.select_related(*run).get(pk=recomputation_id)
        require(worker, "run.work", asked)
        return Claim(worker, asked, asked.fence)


def renew(claim: Claim, progress: int, phase: str) -> bool:
    """Say that we live and how far we are. False when the work has passed to somebody else."""
    try:
        with acting(claim.worker, "run.renewed", quiet=True):
            held = Recomputation.objects.filter(**claim.held)
            return bool(held.update(expires_at=Now() + LEASE, progress=progress, phase=phase[:40]))
    except DatabaseError:  # away for a moment; the fence decides in the end whether our answer counts
        log.warning("the lease of recomputation %s could not be renewed", claim.asked.pk)
        connection.close_if_unusable_or_obsolete()
        return True


def give_back(claim: Claim, error: str) -> None:
    """An attempt failed: the next sweep rings again, or the last attempt ends it."""
    with acting(claim.worker, "run.recompute_failed", quiet=True):
        ours = Recomputation.objects.filter(**claim.held)
        if claim.asked.attempts >= MOST_ATTEMPTS:
            ours.update(status=RunStatus.FAILED, error=error[:400], finished_at=timezone.now())
        else:
            ours.update(status=RunStatus.DUE, error=error[:400])


def end(claim: Claim, error: str) -> None:
    """It cannot be computed, however often it is tried."""
    with acting(claim.worker, "run.recompute_failed", quiet=True):
        ours = Recomputation.objects.filter(**claim.held)
        ours.update(status=RunStatus.FAILED, error=error, finished_at=timezone.now())


def park(clerk: Actor, asked: Recomputation) -> None:
    """Its workers always vanished: it could not be computed, and says so."""
    with acting(clerk, "run.recompute_failed", quiet=True):
        dead = Recomputation.objects.claimable(Now()).filter(pk=asked.pk, attempts__gte=MOST_ATTEMPTS)
        dead.update(status=RunStatus.FAILED, error=asked.error or "died", finished_at=timezone.now())
