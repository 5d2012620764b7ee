"""A run that somebody calls off: its child is killed at the next beat, and what the schedule wanted is then missing."""

from __future__ import annotations

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.runs import findings
from monitoring.runs.models import FindingKind, Run, RunLease, RunStatus


def cancel(*, by: Actor, run: Run) -> Run:
    """Call off a run that waits or is underway. One that the schedule wanted becomes a finding, and none is ever green.

    The fence moves on, so a worker that computes it loses its lease, and its late answer counts for nothing.
    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "run.cancelled"):
        run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("model").get(pk=run.pk)
        require(by, "run.start", run.model)
        if run.is_finished:
            raise OutOfOrder(_("This run has ended already."))
        run.status, run.error, run.fence = RunStatus.CANCELLED, "cancelled", run.fence + 1
        run.finished_at = timezone.now()
        run.save(update_fields=["status", "error", "fence", "finished_at"])
        RunLease.objects.filter(run=run).update(fence=run.fence, expires_at=Now())
        if run.is_scheduled:
            told = {"cancelled": True}
            findings.note(findings.of_run(run, FindingKind.NOT_RUN, "amber", told))
        return run
