"""Who is told what, in their own language. Called inside the `acting` that it reports."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone, translation

from governance.approvals.models import ApprovalRequest, Authorisation, Ballot, Decision
from governance.approvals.words import environment, ground
from governance.people.models import Membership, Role, User
from governance.post import services as post


def requested(request: ApprovalRequest) -> None:
    """Every member of the committee who may vote is asked to."""
    points = request.manifest["open_points"]
    for member in committee_of(request):
        context = {
            **_named(request, member),
            "requested_by": str(request.requested_by),
            "failing": len(points["failing"]["requirements"]),
            "missing": len(points["missing"]["requirements"]),
            "is_lift": request.is_lift,
        }
        _send(request, member, "approval_requested", context)


def decided(decision: Decision, authorisation: Authorisation | None) -> None:
    """The requester hears what was decided and under which conditions."""
    request = decision.request
    context = {
        **_named(request, request.requested_by),
        "approved": decision.verdict == Ballot.APPROVE,
        "is_lift": request.is_lift,
        "expires_at": authorisation.expires_at if authorisation else None,
        "conditions": list(request.conditions.order_by("at").values_list("text", flat=True)),
    }
    _send(request, request.requested_by, "approval_decided", context)


def voided(authorisation: Authorisation) -> None:
    """The owner of the model hears that the permission has ended, and why."""
    request, owner = authorisation.decision.request, authorisation.version.model.owner
    with translation.override(owner.language):
        reasons = [ground(each) for each in authorisation.reasons]
    _send(request, owner, "authorisation_void", {**_named(request, owner), "reasons": reasons})


def committee_of(request: ApprovalRequest) -> Iterable[User]:
    """The members of the participant's committee today, but for the requester."""
    seats = Membership.objects.current(timezone.localdate()).filter(
        organisation_id=request.organisation_id, role=Role.COMMITTEE, user__is_active=True
    )
    return (
        User.objects.filter(pk__in=seats.values("user_id")).exclude(pk=request.requested_by_id).order_by("pk")
    )


def _named(request: ApprovalRequest, to: User) -> dict[str, object]:
    with translation.override(to.language):
        where = environment(request.environment)
    model = request.manifest["model"]
    return {
        "number": model["number"],
        "name": model["name"],
        "version": request.manifest["version"],
        "environment": where,
    }


def _send(request: ApprovalRequest, to: User, key: str, context: dict[str, object]) -> None:
    link = reverse("approvals:request", args=[request.pk])
    post.send(organisation_id=request.organisation_id, to=to, key=key, context=context, link=link)
