"""What the report and the list of gaps tell: read once from the record, said in each language afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audits.packs import past
from audits.packs.subject import Subject
from governance.approvals.models import ApprovalRequest, Authorisation, GateVerdict
from governance.incidents.models import Incident, SuspensionOrder
from governance.inventory.models import Document, ModelVersion
from governance.inventory.queries import focus_version
from governance.obligations import queries as obligations
from governance.obligations.lines import Line
from governance.obligations.models import DutySheet, Framework
from governance.people.asked_day import AsOf
from governance.risk.grades import Grade, current_grade
from monitoring.data.models import Window
from monitoring.runs import queries as runs
from monitoring.runs.models import Finding, Run

MOST_RUNS = 40
OF_FINDINGS = ("dataset", "version", "window", "owner", "incident")
MOST_VERDICTS = 20


@dataclass(frozen=True)
class Gathered:
    """The rows of one model that people read about. The pack itself has all of them; long lists are cut here."""

    subject: Subject
    grade: Grade | None
    focus: ModelVersion | None
    versions: Sequence[ModelVersion]
    documents: Sequence[Document]
    windows: Sequence[Window]
    lines: Sequence[Line]
    sheet: DutySheet | None
    editions: Sequence[Framework]
    board: runs.Board
    history: Sequence[runs.Answer]
    run_count: int
    findings: Sequence[Finding]
    incidents: Sequence[Incident]
    suspensions: Sequence[SuspensionOrder]
    requests: Sequence[ApprovalRequest]
    permissions: Sequence[Authorisation]
    verdicts: Sequence[GateVerdict]

    @property
    def is_behind(self) -> bool:
        return self.sheet is None or self.sheet.computed_at_revision != self.subject.model.revision


def gather(subject: Subject) -> Gathered:
    return _of_day(subject, subject.day) if subject.day else _of_now(subject)


def _of_day(subject: Subject, day: AsOf) -> Gathered:
    model, told = subject.model, past.gathered(subject, day)
    windows = Window.objects.filter(model=model).select_related("dataset").order_by("uploaded_at", "id")
    permissions = Authorisation.objects.filter(model=model).select_related("version")
    verdicts = GateVerdict.objects.filter(model=model, asked_at__lt=day.end).order_by("-asked_at", "id")
    versions = ModelVersion.objects.filter(model=model).select_related("created_by").order_by("created_at")
    findings = Finding.objects.filter(model=model).select_related(*OF_FINDINGS)
    incidents = Incident.objects.filter(model=model).order_by("-detected_at", "id")
    suspensions = SuspensionOrder.objects.filter(model=model).order_by("-ordered_at", "id")
    return Gathered(
        subject=subject,
        versions=past.stood(versions, day),
        windows=past.stood(windows, day),
        editions=_editions(told["sheet"]),
        findings=past.stood(findings.order_by("-opened_at", "id"), day),
        incidents=past.stood(incidents, day),
        suspensions=past.stood(suspensions, day),
        permissions=past.stood(permissions.order_by("-starts_at", "id"), day),
        verdicts=list(verdicts[:MOST_VERDICTS]),
        **told,
    )


def _of_now(subject: Subject) -> Gathered:
    model = subject.model
    sheet = obligations.sheet_of(model)
    ended = Run.objects.filter(model=model)
    said = "recommendations__by", "votes__by", "conditions__by", "decision"
    requests = ApprovalRequest.objects.filter(model=model).select_related("version", "requested_by")
    findings = Finding.objects.filter(model=model).select_related(*OF_FINDINGS)
    return Gathered(
        subject=subject,
        grade=current_grade(model),
        focus=focus_version(model),
        versions=list(
            ModelVersion.objects.filter(model=model).select_related("created_by").order_by("created_at")
        ),
        documents=list(
            Document.objects.filter(model=model).prefetch_related("revisions").order_by("title", "id")
        ),
        windows=list(
            Window.objects.filter(model=model).select_related("dataset").order_by("uploaded_at", "id")
        ),
        lines=obligations.duties_of(model),
        sheet=sheet,
        editions=_editions(sheet),
        board=runs.board(model),
        history=_history(model.pk),
        run_count=ended.count(),
        findings=list(findings.order_by("-opened_at", "id")),
        incidents=list(Incident.objects.filter(model=model).order_by("-detected_at", "id")),
        suspensions=list(SuspensionOrder.objects.filter(model=model).order_by("-ordered_at", "id")),
        requests=list(requests.prefetch_related(*said).order_by("requested_at", "id")),
        permissions=list(
            Authorisation.objects.filter(model=model).select_related("version").order_by("-starts_at", "id")
        ),
        verdicts=list(GateVerdict.objects.filter(model=model).order_by("-asked_at", "id")[:MOST_VERDICTS]),
    )


def _history(model_id: UUID) -> list[runs.Answer]:
    rows = Run.objects.filter(model_id=model_id)
    joined = rows.select_related("plan__dataset", "version", "window", "reference", "lease", "result")
    return runs.answers_of(joined.order_by("-due_at", "id")[:MOST_RUNS], figures=True)


def _editions(sheet: DutySheet | None) -> list[Framework]:
    if sheet is None:
        return []
    rows = Framework.objects.filter(key__in=sheet.editions).order_by("key", "edition")
    used = [row for row in rows if sheet.editions[row.key] == row.edition]
    return sorted(used, key=lambda row: not row.head.get("binding_in_kz"))
