"""The only writers of this room: somebody asks for Evidently's own report, a worker makes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.checks import CHECKS
from monitoring.data import references
from monitoring.data.models import MadeOf, Part, Window
from monitoring.errands.services import Errands
from monitoring.evidently_reports import job
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.runs.models import Plan

errands = Errands(
    EvidentlyReport,
    "evidently_report.claimed",
    "evidently_report.made",
    ("window__dataset", "reference"),
)


def ask(*, by: Actor, window: Window) -> EvidentlyReport:
    """Have Evidently's report of a data period made, against the reference that counts and by the methods of the plan of drift.

    While that is underway it is not asked twice. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "evidently_report.asked"):
        AIModel.objects.select_for_update(no_key=True).get(pk=window.model_id)  # rows are erased under it
        window = Window.objects.select_related("model", "dataset").get(pk=window.pk)
        require(by, "evidently_report.ask", window.model)
        if window.withdrawn_at:
            raise OutOfOrder(_("The data period is withdrawn."))
        reference = reference_of(window)
        problems = obstacles(window, reference)
        if problems or reference is None:
            raise RuleBroken(_("Evidently cannot report on this data period."), problems)
        asked = EvidentlyReport(
            organisation_id=window.organisation_id,
            model_id=window.model_id,
            window=window,
            reference=reference,
            limits=_limits(window),
            requested_by_id=by.person,
        )
        return errands.add(asked, window=window, reference=reference)


def reference_of(window: Window) -> Window | None:
    """The one that its checks are held against; none for itself."""
    beside = Window.objects.filter(dataset_id=window.dataset_id, part=Part.REFERENCE)
    return references.counting(beside.exclude(pk=window.pk))


def obstacles(window: Window, reference: Window | None) -> list[Problem]:
    """Why there can be no report, in words."""
    found = []
    if window.dataset.is_log or not window.dataset.features:
        found.append(Problem("dataset", _("The dataset declares no features.")))
    if reference is None:
        found.append(Problem("window", _("There is no reference to compare this data period with.")))
    for each in filter(None, (window, reference)):
        if each.made_of == MadeOf.COUNTS:
            told = _("The data period %(name)s is counts, and Evidently needs rows.")
            found.append(Problem("window", told % {"name": each.name}))
        elif each.is_erased:
            told = _("The rows of the data period %(name)s are erased.")
            found.append(Problem("window", told % {"name": each.name}))
    return found


def work(organisation_id: UUID, report_id: UUID) -> None:
    """Make one report."""
    errands.work(organisation_id, report_id, job.answered, _columns)


def answer_bell(organisation_id: UUID, report_id: UUID) -> None:
    errands.answer_bell(organisation_id, report_id, work)


def _limits(window: Window) -> dict[str, Any]:
    standing = Plan.objects.filter(dataset_id=window.dataset_id, check_key="drift", ended_at=None).first()
    return CHECKS["drift"].limits_of(standing.limits if standing else {})


def _columns(asked: EvidentlyReport, answer: dict[str, Any]) -> dict[str, Any]:
    """The page goes into the store while nobody can erase the rows."""
    AIModel.objects.select_for_update(no_key=True).get(pk=asked.model_id)
    html = answer.pop("html", "")
    erased = Window.objects.filter(pk__in=(asked.window_id, asked.reference_id), erased_at__isnull=False)
    if not html or erased.exists():
        return {"told": answer}
    stored = store.put(asked.organisation_id, html.encode())
    return {"told": answer, "sha256": stored.sha256, "size": stored.size}
