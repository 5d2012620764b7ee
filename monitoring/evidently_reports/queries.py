"""What the page and programs ask about Evidently's reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from governance.errors import NotFound
from governance.people.actor import Actor
from governance.people.door import found
from governance.people.rights import require
from governance.store.serving import download
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.runs import words
from monitoring.runs.drift_words import OF_ROLE
from monitoring.runs.models import RunStatus

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 10
"""Of a data period, the newest."""


@dataclass(frozen=True)
class Told:
    """A report as it is shown: what Evidently found, and the sentence where it found nothing."""

    asked: EvidentlyReport

    @property
    def is_told(self) -> bool:
        return bool(self.asked.told) and "refused" not in self.asked.told

    @property
    def state(self) -> str:
        """A key of the status component; never green: what Evidently draws is no verdict of a check."""
        if not self.asked.is_finished:
            return str(self.asked.status)
        return "done" if self.is_told else "not_run"

    @property
    def sentence(self) -> str:
        if self.asked.removed_at:
            day = date_format(timezone.localdate(self.asked.removed_at), "SHORT_DATE_FORMAT")
            return gettext("Erased with its data period on %(day)s.") % {"day": day}
        if self.asked.status == RunStatus.FAILED:
            return words.cause(self.asked.error)
        return words.sentence("drift", self.asked.told) if self.asked.told and not self.is_told else ""

    @property
    def drifted(self) -> list[dict[str, Any]]:
        return [each for each in self.asked.told.get("features", []) if each["drifted"]]

    @property
    def own(self) -> list[tuple[StrOrPromise, str, bool]]:
        """Of score, decision and outcome what the figure is called, the column, and whether Evidently says that it drifted."""
        roles = self.asked.told.get("roles", [])
        return [(OF_ROLE[each["role"]], each["feature"], each["drifted"]) for each in roles]

    @property
    def drawn(self) -> list[tuple[int, int]]:
        """Rows that Evidently was given of those that there are: of the reference, then of the data period."""
        told = self.asked.told
        return [(told["drawn"][each], told["rows"][each]) for each in ("reference", "current")]

    @property
    def is_sample(self) -> bool:
        return any(drawn < there for drawn, there in self.drawn)


def its_report(actor: Actor, report_id: UUID) -> EvidentlyReport:
    """Raises NotFound, NotAllowed."""
    rows = EvidentlyReport.objects.visible_to(actor).select_related("model", "window", "reference")
    asked: EvidentlyReport = found(rows, pk=report_id)
    require(actor, "evidently_report.ask", asked.model)
    return asked


def page_of(asked: EvidentlyReport) -> FileResponse:
    """The file that Evidently wrote. Raises NotFound where there is none (any more)."""
    if not asked.is_there:
        raise NotFound
    name = f"evidently-{asked.sha256[:12]}.html"
    return download(asked.organisation_id, asked.sha256, name=name, media_type="text/html")


def reports_of(window_id: UUID) -> list[Told]:
    """The newest first."""
    rows = EvidentlyReport.objects.filter(window_id=window_id).select_related("reference", "requested_by")
    return [Told(each) for each in rows[:SHOWN]]
