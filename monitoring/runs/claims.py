"""Who works on a run: claimed by a conditional UPDATE, held by a lease, told apart by a fence number."""

from __future__ import annotations

import logging
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
from monitoring.runs import findings, holders, holding, lining
from monitoring.runs.dispatch import Waiting, ring_on_commit
from monitoring.runs.models import FindingKind, Run, RunLease, RunStatus

LEASE = timedelta(seconds=20)
"""Renewed every five seconds (talk.BEAT_EVERY). A holder on this machine that is seen to be dead is not waited for."""
MOST_ATTEMPTS = 5
POSTPONED = timedelta(seconds=20)
"""Until a run is tried again for which the machine had no room; such attempts are not counted."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """The right to answer one run, as long as its fence is the run's fence."""

    worker: Actor
    run: Run
    fence: int


def take(worker: Actor, run_id: UUID) -> Claim | None:
    """Claim a run that is due or whose lease died. None when there is nothing to do, or no slot. Raises NotAllowed."""
    with acting(worker, "run.claimed", quiet=True):
        if worker.organisation_id:
            lining.one_at_a_time(worker.organisation_id)
        run = Run.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
        if run is None or not _is_free(run) or holding.is_held(run):
            return None
        require(worker, "run.work", run)
        if run.attempts >= MOST_ATTEMPTS:
            park(worker, run, run.error or "died")
            return None
        return _claimed(worker, run) if lining.has_room_for(run) else None


def _is_free(run: Run) -> bool:
    return Run.objects.claimable(Now()).filter(pk=run.pk).exists() or bool(
        lining.orphans(Run.objects.filter(pk=run.pk))
    )


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
            "holder": holders.this_process(),
            "expires_at": Now() + LEASE,
            "progress": 0,
            "phase": "",
            "rung_at": None,  # this ring was heard; should we die, the next sweep may ring at once
        },
    )
    everything = Run.objects.select_related(
        "model", "plan__dataset", "version", "window", "reference", "labels"
    )
    return Claim(worker, everything.get(pk=run.pk), fence)


def renew(claim: Claim, progress: int, phase: str) -> bool:
    """Say that we live and how far we are. False when the run has passed to somebody else."""
    try:
        with acting(claim.worker, "run.renewed", quiet=True):
            held = RunLease.objects.filter(run_id=claim.run.pk, fence=claim.fence)
            if held.update(expires_at=Now() + LEASE, progress=progress, phase=phase[:40]):
                return True
            _count_as_late(claim)
            return False
    except DatabaseError:  # away for a moment; the fence decides in the end whether our answer counts
        log.warning("the lease of run %s could not be renewed", claim.run.pk)
        connection.close_if_unusable_or_obsolete()
        return True


def locked(claim: Claim) -> Run | None:
    """The run, locked, if it is still ours to answer. Inside `acting`."""
    run: Run = Run.objects.select_for_update(no_key=True).get(pk=claim.run.pk)
    if run.fence == claim.fence and run.status == RunStatus.RUNNING:
        return run
    _count_as_late(claim)
    return None


def _count_as_late(claim: Claim) -> None:
    """Something is written by whoever held the run before: how often that happens is the only thing of it that is kept."""
    passed_on = RunLease.objects.filter(run_id=claim.run.pk, fence__gt=claim.fence)
    passed_on.update(late=F("late") + 1)


def give_back(claim: Claim, error: str) -> None:
    """An attempt failed: try again at once, or park the run after the last attempt. It keeps its place in the line."""
    with acting(claim.worker, "run.attempt_failed"):
        run = locked(claim)
        if run is None:
            return
        if run.attempts >= MOST_ATTEMPTS:
            park(claim.worker, run, error)
            return
        run.status, run.error = RunStatus.DUE, error[:400]
        run.save(update_fields=["status", "error"])
        ring_on_commit(run.organisation_id, [Waiting(Run, run.pk)])


def postpone(claim: Claim, error: str) -> None:
    """The machine had no room for this attempt (a full disk, no more processes): it is not counted and made again later."""
    log.error("run %s is postponed: %s", claim.run.pk, error)
    with acting(claim.worker, "run.postponed", quiet=True):
        run = locked(claim)
        if run is None:
            return
        Run.objects.filter(pk=run.pk).update(
            status=RunStatus.DUE, error=error[:400], due_at=Now() + POSTPONED, attempts=run.attempts - 1
        )


def park(worker: Actor, run: Run, error: str) -> None:
    """A check that could not run becomes a finding, never silence."""
    with acting(worker, "run.parked"):
        run.status, run.error, run.finished_at = RunStatus.FAILED, error[:400], timezone.now()
        run.save(update_fields=["status", "error", "finished_at"])
        parked = {"parked": error[:400], "attempts": run.attempts}
        findings.note(findings.of_run(run, FindingKind.NOT_RUN, "red", parked))
