"""Who works on a run: claimed by a conditional UPDATE, held by a lease, told apart by a fence number."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.runs.dispatch import ring_on_commit
from monitoring.runs.models import Finding, Run, RunLease, RunStatus

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """The right to answer one run, as long as its fence is the run's fence."""

    worker: Actor
    run: Run
    fence: int


def take(worker: Actor, run_id: UUID) -> Claim | None:
    """Claim a run that is due or whose lease died. None when there is nothing to do. Raises NotAllowed."""
    with acting(worker, "run.claimed", quiet=True):
        run = Run.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
        if run is None or not Run.objects.claimable(Now()).filter(pk=run_id).exists():
            return None
        require(worker, "run.work", run)
        if run.attempts >= MOST_ATTEMPTS:
            park(worker, run, run.error or "died")
            return None
        return _claimed(worker, run)


def _claimed(worker: Actor, run: Run) -> Claim | None:
    fence, now = run.fence + 1, timezone.now()
    mine = Run.objects.filter(pk=run.pk, fence=run.fence).update(
        status=RunStatus.RUNNING, fence=fence, attempts=F("attempts") + 1, started_at=now, error=""
    )
    if not mine:
        return None
    RunLease.objects.update_or_create(
        run=run,
        defaults={
            "organisation_id": run.organisation_id,
            "fence": fence,
            "holder": f"{socket.gethostname()}:{os.getpid()}"[:80],
            "expires_at": Now() + LEASE,
            "progress": 0,
            "phase": "",
        },
    )
    everything = Run.objects.select_related("model", "plan__dataset", "version", "window", "reference")
    return Claim(worker, everything.get(pk=run.pk), fence)


def renew(claim: Claim, progress: int, phase: str) -> bool:
    """Say that we live and how far we are. False when the run has passed to somebody else."""
    try:
        with acting(claim.worker, "run.renewed", quiet=True):
            held = RunLease.objects.filter(run_id=claim.run.pk, fence=claim.fence)
            return bool(held.update(expires_at=Now() + LEASE, progress=progress, phase=phase[:40]))
    except DatabaseError:  # away for a moment; the fence decides in the end whether our answer counts
        log.warning("the lease of run %s could not be renewed", claim.run.pk)
        connection.close_if_unusable_or_obsolete()
        return True


def locked(claim: Claim) -> Run | None:
    """The run, locked, if it is still ours to answer. Inside `acting`."""
    run = Run.objects.select_for_update().get(pk=claim.run.pk)
    return run if run.fence == claim.fence and run.status == RunStatus.RUNNING else None


def give_back(claim: Claim, error: str) -> None:
    """An attempt failed: try again at once, or park the run after the last attempt."""
    with acting(claim.worker, "run.attempt_failed"):
        run = locked(claim)
        if run is None:
            return
        if run.attempts >= MOST_ATTEMPTS:
            park(claim.worker, run, error)
            return
        run.status, run.error, run.due_at = RunStatus.DUE, error[:400], timezone.now()
        run.save(update_fields=["status", "error", "due_at"])
        ring_on_commit([run.pk])


def park(worker: Actor, run: Run, error: str) -> None:
    """A check that could not run becomes a finding, never silence."""
    with acting(worker, "run.parked"):
        run.status, run.error, run.finished_at = RunStatus.FAILED, error[:400], timezone.now()
        run.save(update_fields=["status", "error", "finished_at"])
        Finding.objects.create(
            organisation_id=run.organisation_id,
            model_id=run.model_id,
            run=run,
            severity="red",
            summary={"parked": error[:400], "attempts": run.attempts},
        )
