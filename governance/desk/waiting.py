"""What waits for a person: each line says what to do, on which model, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from governance.approvals.models import ApprovalRequest, ApprovalRequestQuerySet, Recommendation, Vote
from governance.desk.overview import totals
from governance.filing.queries import asked_of
from governance.incidents.models import Incident, Notice, Objection
from governance.incidents.telling import title as told
from governance.inventory.handing_over import ownerless
from governance.inventory.models import AIModel, Revision
from governance.inventory.words import Status
from governance.obligations.house.models import HouseRevision
from governance.obligations.models import DutySheet
from governance.people.actor import Actor
from governance.people.models import Kind, Organisation
from governance.people.rights import may
from monitoring.data.models import Window
from monitoring.runs import telling
from monitoring.runs.finding_queries import Told, held_by, overdue_first, with_context
from monitoring.runs.models import Finding, FindingKind

if TYPE_CHECKING:
    from uuid import UUID

MOST = 20
PRESSING = ("failing", "overdue", "missing")
FINDINGS = {
    FindingKind.CHECK: gettext_noop("Look into what a check found"),
    FindingKind.NOT_RUN: gettext_noop("Find out why a check gave no answer"),
    FindingKind.TICK_MISSED: gettext_noop("Find out why a check has not run"),
    FindingKind.DECLARED: gettext_noop("Find out why declared figures differ from what was measured"),
    FindingKind.WINDOW_MISSING: gettext_noop("Hand in the data period that is late"),
    FindingKind.WINDOW_LATE: gettext_noop("Find out why a data period came late"),
    FindingKind.WINDOW_REPEATED: gettext_noop("Find out why rows of a data period are repeated"),
    FindingKind.WINDOW_COPIED: gettext_noop("Find out why a data period is a copy of another"),
    FindingKind.WINDOW_BACKDATED: gettext_noop("Find out why the days of a data period do not fit"),
    FindingKind.WINDOW_UNREAD: gettext_noop("Find out why a data period could not be looked through"),
}


@dataclass(frozen=True)
class Waiting:
    """status: a key of the status component; what: the step to take; about: the model."""

    status: str
    what: str
    about: str
    url: str


def waiting_for(actor: Actor) -> list[Waiting]:
    """In the order of urgency."""
    return [
        *_notices(actor),
        *_returns(actor),
        *_incidents(actor),
        *_objections(actor),
        *_votes(actor),
        *_papers(actor),
        *_documents(actor),
        *_references(actor),
        *_recommendations(actor),
        *_findings(actor),
        *_ownerless(actor),
        *_owed(actor),
        *_drafts(actor),
    ]


def _notices(actor: Actor) -> Iterator[Waiting]:
    """Of those who may give them: the owner of the model and the second line."""
    owed = Notice.objects.visible_to(actor).owed().select_related("model", "incident").order_by("due_at")
    now = timezone.now()
    for notice in owed:
        if may(actor, "notice.give", notice.model):
            status = "overdue" if notice.is_overdue(now) else "due_soon"
            what = _("Tell %(addressee)s of the incident %(number)s") % {
                "addressee": notice.get_addressee_display(),
                "number": notice.incident.number,
            }
            yield Waiting(status, what, str(notice.model), reverse("incidents:give", args=[notice.pk]))


def _returns(actor: Actor) -> Iterator[Waiting]:
    """Of those who may sign them for the organisation they work for."""
    own = actor.organisation_id
    home = Organisation.objects.visible_to(actor).filter(pk=own).first() if own else None
    if home is None or home.kind != Kind.PARTICIPANT or not may(actor, "return.file", home):
        return
    for asked in asked_of(home.pk, timezone.localdate()):
        if asked.filed is None:
            status = "overdue" if asked.state == "overdue" else "due"
            url = f"{reverse('returns:file')}?campaign={asked.campaign.pk}"
            yield Waiting(status, _("File the return"), str(asked.campaign), url)


def _incidents(actor: Actor) -> Iterator[Waiting]:
    found = Incident.objects.visible_to(actor).open().filter(model__owner_id=actor.user_id)
    for incident in found.select_related("model").order_by("detected_at")[:MOST]:
        about = f"{incident.model} · {incident.number} {told(incident)}"
        yield Waiting(
            f"severity_{incident.severity}",
            _("Handle the incident"),
            about,
            reverse("incidents:incident", args=[incident.pk]),
        )


def _objections(actor: Actor) -> Iterator[Waiting]:
    owed = Objection.objects.visible_to(actor).owed().select_related("model").order_by("due_at")
    now = timezone.now()
    for objection in owed:
        if may(actor, "objection.record", objection.model):
            status = "overdue" if objection.is_overdue(now) else "due"
            about = f"{objection.model} · {objection.reference}"
            yield Waiting(
                status, _("Answer an objection"), about, reverse("incidents:answer", args=[objection.pk])
            )


def _ownerless(actor: Actor) -> Iterator[Waiting]:
    for model in ownerless(AIModel.objects.visible_to(actor), timezone.localdate())[:MOST]:
        if may(actor, "model.reassign", model):
            url = reverse("inventory:hand-over", args=[model.pk])
            yield Waiting("no_owner", _("Give the model a new owner"), str(model), url)


def _drafts(actor: Actor) -> Iterator[Waiting]:
    drafts = AIModel.objects.visible_to(actor).of(actor.user_id).filter(status=Status.DRAFT)
    for model in drafts[:MOST]:
        url = reverse("inventory:check-answers", args=[model.pk])
        yield Waiting("draft", _("Finish the registration"), str(model), url)


def _owed(actor: Actor) -> Iterator[Waiting]:
    """Of the models that one answers for: all that is failing, overdue or missing, in one line each."""
    sheets = DutySheet.objects.visible_to(actor).filter(model__owner_id=actor.user_id)
    sheets = sheets.filter(model__status=Status.REGISTERED).select_related("model")
    for sheet in sheets.order_by("model__number")[:MOST]:
        counts = totals(sheet)
        pressing = [(status, number) for status, number in counts if status in PRESSING]
        if pressing:
            number = sum(each for _status, each in pressing)
            words = ngettext("%(number)s requirement", "%(number)s requirements", number)
            about = f"{sheet.model} · {words % {'number': number}}"
            status = min((each for each, _number in pressing), key=PRESSING.index)
            url = reverse("owed", args=[sheet.model_id])
            yield Waiting(status, _("Hand in what is still owed"), about, url)


def _findings(actor: Actor) -> Iterator[Waiting]:
    today = timezone.localdate()
    found = held_by(Finding.objects.visible_to(actor).open(), actor.user_id, today)
    found = with_context(found.exclude(model__status=Status.WITHDRAWN))
    for finding in overdue_first(found, today)[:MOST]:
        since = Told(finding, today).overdue_since
        address = ("runs:run", finding.run_id) if finding.run_id else ("runs:finding", finding.pk)
        version = [finding.version.label] if finding.version else []
        late = (
            [_("overdue since %(day)s") % {"day": date_format(since, "SHORT_DATE_FORMAT")}] if since else []
        )
        about = " · ".join([str(finding.model), *version, str(telling.title(finding)), *late])
        status = "overdue" if since else finding.severity
        yield Waiting(status, _(FINDINGS[finding.kind]), about, reverse(address[0], args=[address[1]]))


def _votes(actor: Actor) -> Iterator[Waiting]:
    voted = Vote.objects.filter(request=OuterRef("pk"), by_id=actor.user_id)
    for request in _open(actor).filter(~Exists(voted)):
        if may(actor, "approval.vote", request):
            what = _("Vote on the lift of a suspension") if request.is_lift else _("Vote on a deployment")
            yield Waiting("open", what, str(request.model), _page(request.pk))


def _papers(actor: Actor) -> Iterator[Waiting]:
    """Papers of the organisation that count only once a second person has read them."""
    handed_in = HouseRevision.objects.visible_to(actor).to_review().order_by("uploaded_at")
    for revision in handed_in[:MOST]:
        if may(actor, "house_paper.review", revision):
            url = reverse("house:review", args=[revision.pk])
            yield Waiting("to_review", _("Review a paper of the organisation"), revision.title, url)


def _documents(actor: Actor) -> Iterator[Waiting]:
    """Documents of models, likewise."""
    handed_in = Revision.objects.visible_to(actor).to_review().exclude(model__status=Status.WITHDRAWN)
    for revision in handed_in.select_related("model").order_by("uploaded_at")[:MOST]:
        if may(actor, "document.review", revision):
            url = reverse("inventory:review-revision", args=[revision.pk])
            yield Waiting("to_review", _("Review a document"), f"{revision.model} · {revision.title}", url)


def _references(actor: Actor) -> Iterator[Waiting]:
    """Newer references, which no check uses until the second line has accepted them."""
    handed_in = Window.objects.visible_to(actor).to_accept().exclude(model__status=Status.WITHDRAWN)
    for window in handed_in.select_related("model").order_by("uploaded_at")[:MOST]:
        if may(actor, "reference.decide", window):
            url = reverse("data:decide-reference", args=[window.pk])
            yield Waiting(
                "to_accept", _("Accept or decline a new reference"), f"{window.model} · {window}", url
            )


def _recommendations(actor: Actor) -> Iterator[Waiting]:
    said = Recommendation.objects.filter(request=OuterRef("pk"))
    for request in _open(actor).filter(~Exists(said)):
        if may(actor, "approval.recommend", request):
            yield Waiting(
                "open", _("Give your recommendation to the committee"), str(request.model), _page(request.pk)
            )


def _open(actor: Actor) -> ApprovalRequestQuerySet:
    return ApprovalRequest.objects.visible_to(actor).open().select_related("model")


def _page(request_id: UUID) -> str:
    return reverse("approvals:request", args=[request_id])
