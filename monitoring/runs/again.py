"""A question that got no answer, asked once more by a person: the same plan, version and data, however old they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.checks import CHECKS
from monitoring.runs import erased, inserting, lining, plans
from monitoring.runs.models import Run, RunStatus
from monitoring.runs.moving import Moment
from monitoring.runs.planning import Wanted

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class _Again(Wanted):
    """It answers no tick of its plan: it is asked because somebody wants to know."""

    def moment(self, now: datetime) -> Moment:
        return Moment(now, now, now)


def ask_again(*, by: Actor, run: Run) -> Run:
    """A new run over the recorded inputs of one that failed or was cancelled. Raises NotAllowed, OutOfOrder."""
    with acting(by, "run.asked_again"):
        # One after the other: two people who press at once are the same question, asked once.
        model = AIModel.objects.select_for_update(no_key=True).get(pk=run.model_id)
        require(by, "run.start", model)
        everything = ("plan__dataset", "plan__model", "version", "window", "reference", "labels", "model")
        run = Run.objects.select_related(*everything).get(pk=run.pk)
        last = _last(run)
        if not gave_no_answer(run):
            raise OutOfOrder(_("Only a run that could not run or was cancelled is asked again."))
        if told := refusal(run, last):
            raise OutOfOrder(told)
        said = (run.plan, run.version, run.window, run.reference, run.labels)
        asked: Run = inserting.insert([_Again(*said, last=last)], timezone.now(), by.person).get()
        lining.ring_after_commit(run.organisation_id)
        return asked


def gave_no_answer(run: Run) -> bool:
    return run.status in (RunStatus.FAILED, RunStatus.CANCELLED)


def refusal(run: Run, last: Run | None = None) -> StrOrPromise:
    """Why the question of a run that gave no answer cannot be asked again; "" where it can. last: of its question."""
    last = last or _last(run)
    if not last.is_finished:
        return _("The same question is under way already.")
    if last.status == RunStatus.DONE:
        return _("The same question has been answered since.")
    if run.plan.ended_at is not None:
        return _("It cannot be asked again: its plan has ended or was replaced.")
    if run.check_key not in CHECKS:
        return _("It cannot be asked again: the package that brings this check is not installed any more.")
    if plans.withdrawn(run):
        return _("It cannot be asked again: what it was to look at has been withdrawn or retired.")
    if erased.refusal(run):
        return _("It cannot be asked again: the rows that it was to look at are erased.")
    return ""


def _last(run: Run) -> Run:
    """The run that asked the same question last."""
    inputs = ("plan_id", "version_id", "window_id", "reference_id", "labels_id")
    same = Run.objects.filter(**{name: getattr(run, name) for name in inputs})
    return same.order_by("-asked_at", "-pk").first() or run
