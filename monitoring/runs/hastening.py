"""What waits and a person wants sooner: it has a person's priority from then on, and no blackout holds it up."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.runs import lining
from monitoring.runs.models import Priority, Run, RunQuerySet, RunStatus


def put_next(*, by: Actor, run: Run) -> Run:
    """Let one waiting run go before new versions and the schedule, behind what people asked earlier.

    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "run.hastened"):
        run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("model").get(pk=run.pk)
        require(by, "run.start", run.model)
        if run.status != RunStatus.DUE:
            raise OutOfOrder(_("This run is not waiting."))
        if not can_be_hastened(run):
            raise OutOfOrder(_("This run has the priority of a person's question already."))
        hasten(Run.objects.filter(pk=run.pk))
        lining.ring_after_commit(run.organisation_id)
        run.refresh_from_db()
        return run


def can_be_hastened(run: Run) -> bool:
    return run.status == RunStatus.DUE and run.priority > Priority.PERSON


def hasten(runs: RunQuerySet) -> None:
    """Those of `runs` that wait have a person's priority. Inside `acting`."""
    waiting = runs.filter(status=RunStatus.DUE)
    waiting.filter(moved__has_key="held").update(due_at=timezone.now())
    waiting.filter(priority__gt=Priority.PERSON).update(priority=Priority.PERSON)
