"""What waits for a person: each line says what to do, on which model, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.approvals.models import ApprovalRequest, ApprovalRequestQuerySet, Recommendation, Vote
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.people.actor import Actor
from governance.people.rights import may
from monitoring.checks import CHECKS
from monitoring.runs.models import Finding

if TYPE_CHECKING:
    from uuid import UUID

MOST = 20


@dataclass(frozen=True)
class Waiting:
    """status: a key of the status component; what: the step to take; about: the model."""

    status: str
    what: str
    about: str
    url: str


def waiting_for(actor: Actor) -> list[Waiting]:
    """In the order of urgency."""
    return [*_votes(actor), *_recommendations(actor), *_findings(actor), *_drafts(actor)]


def _drafts(actor: Actor) -> Iterator[Waiting]:
    drafts = AIModel.objects.visible_to(actor).of(actor.user_id).filter(status=Status.DRAFT)
    for model in drafts[:MOST]:
        url = reverse("inventory:check-answers", args=[model.pk])
        yield Waiting("draft", _("Finish the registration"), str(model), url)


def _findings(actor: Actor) -> Iterator[Waiting]:
    found = Finding.objects.visible_to(actor).filter(closed_at=None, model__owner_id=actor.user_id)
    found = (
        found.exclude(model__status=Status.WITHDRAWN)
        .select_related("model", "run__version")
        .order_by("-severity", "-opened_at")
    )
    for finding in found[:MOST]:
        url = reverse("runs:run", args=[finding.run_id])
        about = f"{finding.model} · {finding.run.version.label} · {CHECKS[finding.run.check_key].title}"
        yield Waiting(finding.severity, _("Look into what a check found"), about, url)


def _votes(actor: Actor) -> Iterator[Waiting]:
    voted = Vote.objects.filter(request=OuterRef("pk"), by_id=actor.user_id)
    for request in _open(actor).filter(~Exists(voted)):
        if may(actor, "approval.vote", request):
            yield Waiting("open", _("Vote on a deployment"), str(request.model), _page(request.pk))


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
