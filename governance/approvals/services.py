"""The writers of this room: a version comes before the committee, people speak and vote, permissions are looked over."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals import announcing, deciding, dossier, suspending, upkeep
from governance.approvals.models import (
    ApprovalRequest,
    Ballot,
    Condition,
    Recommendation,
    RequestStatus,
    Vote,
)
from governance.approvals.readiness import computed_first, refuse_unless_ready
from governance.approvals.route import load
from governance.approvals.rules import Route
from governance.approvals.standing import grounds
from governance.approvals.suspending import ask_for_lift, refuse_while_suspended, release, suspend
from governance.approvals.words import ground
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require

__all__ = [
    "add_condition",
    "ask_for_lift",
    "catch_up",
    "recommend",
    "release",
    "request",
    "suspend",
    "vote",
    "withdraw",
]

MOST_WORDS = 4000


def request(*, by: Actor, version: ModelVersion, environment: str) -> ApprovalRequest:
    """Put a version before the committee for one environment, with the manifest of all that it decides on.

    Requirements that are behind are computed first, unless the caller is already inside a transaction of theirs.
    Raises NotAllowed, RuleBroken, OutOfOrder, Unavailable (still being computed: the same request may succeed later).
    """
    _refuse_unknown_environment(load(), environment)
    return computed_first(version.organisation_id, lambda: _request(by, version, environment))


def _request(by: Actor, version: ModelVersion, environment: str) -> ApprovalRequest:
    route = load()
    with acting(by, "approval.requested"):
        version.model = locked(version.model)
        require(by, "approval.request", version.model)
        version = ModelVersion.objects.select_related("model__sheet").get(pk=version.pk)
        refuse_while_suspended(version, environment)
        ready = refuse_unless_ready(version, environment)
        manifest = dossier.compose(
            version, environment, route=_named(route), grade=ready.grade, sheet=ready.sheet
        )
        asked = ApprovalRequest.objects.create(
            organisation_id=version.organisation_id,
            model_id=version.model_id,
            version=version,
            environment=environment,
            route=route.key,
            route_edition=route.edition,
            manifest=manifest,
            manifest_sha256=dossier.sha256(manifest),
            requested_by_id=by.person,
        )
        announcing.requested(asked)
    return asked


def recommend(*, by: Actor, request: ApprovalRequest, verdict: str, reason: str) -> Recommendation:
    """What the second line says to the committee. Raises NotAllowed, OutOfOrder, RuleBroken."""
    _refuse_unknown_ballot(verdict)
    reason = _words(reason, "reason", _("Say why: the committee reads it before it votes."))
    with acting(by, "approval.recommended"):
        request = _open(by, "approval.recommend", request)
        return Recommendation.objects.create(
            organisation_id=request.organisation_id,
            model_id=request.model_id,
            request=request,
            verdict=verdict,
            reason=reason,
            by_id=by.person,
        )


def add_condition(*, by: Actor, request: ApprovalRequest, text: str) -> Condition:
    """What an approval is to be bound to. Raises NotAllowed, OutOfOrder, RuleBroken."""
    text = _words(text, "text", _("Say what has to be done, and by when."))
    with acting(by, "approval.condition_added"):
        request = _open(by, "approval.condition", request)
        return Condition.objects.create(
            organisation_id=request.organisation_id,
            model_id=request.model_id,
            request=request,
            text=text,
            by_id=by.person,
        )


def vote(
    *, by: Actor, request: ApprovalRequest, ballot: str, reason: str = "", shown: str | None = None
) -> Vote:
    """One member's vote over the manifest they were shown; the vote that completes the tally decides.

    shown: SHA-256 of the manifest the voter saw, that of `request` unless it is given.
    Raises NotAllowed (four eyes), RuleBroken (no reason against), OutOfOrder (voted already, decided, changed since).
    """
    _refuse_unknown_ballot(ballot)
    if ballot == Ballot.REJECT:
        reason = _words(reason, "reason", _("A vote against gives its reason."))
    shown = request.manifest_sha256 if shown is None else shown
    with acting(by, "approval.voted"):
        request = _open(by, "approval.vote", request)
        if request.votes.filter(by_id=by.user_id).exists():
            raise OutOfOrder(_("You have already voted on this request."))
        _refuse_stopped(request)
        _refuse_changed(request, shown)
        cast = Vote.objects.create(
            organisation_id=request.organisation_id,
            model_id=request.model_id,
            request=request,
            ballot=ballot,
            reason=reason.strip()[:MOST_WORDS],
            manifest_sha256=shown,
            by_id=by.person,
        )
        deciding.decide_if_complete(by=by, request=request)
    return cast


def withdraw(*, by: Actor, request: ApprovalRequest) -> ApprovalRequest:
    """The requester takes an open request back. Raises NotAllowed, OutOfOrder."""
    with acting(by, "approval.withdrawn"):
        request = _open(by, "approval.withdraw", request)
        request.status = RequestStatus.WITHDRAWN
        request.save(update_fields=["status"])
    return request


def catch_up(organisation_id: UUID) -> None:
    """Look over the permissions of one organisation whose models have changed."""
    upkeep.catch_up(organisation_id, timezone.now())


def _open(by: Actor, right: str, request: ApprovalRequest) -> ApprovalRequest:
    """The request, then its model, locked in this order everywhere; judged as they stand now."""
    request = locked(request)
    request.model = locked(request.model)
    require(by, right, request)
    if not request.is_open:
        raise OutOfOrder(_("This request is no longer open."))
    return request


def _refuse_stopped(request: ApprovalRequest) -> None:
    """Nobody votes past a suspension that came since, nor on the lift of one that is over. Raises OutOfOrder."""
    if request.lifts is not None:
        suspending.refuse_unless_liftable(request.lifts)
    else:
        refuse_while_suspended(request.version, request.environment)


def _refuse_changed(request: ApprovalRequest, shown: str) -> None:
    if shown != request.manifest_sha256:
        raise OutOfOrder(
            _("The manifest that you were shown is not the one on record. Open the request again.")
        )
    version = ModelVersion.objects.select_related("model").get(pk=request.version_id)
    changed = grounds(request.manifest, version)
    if changed:
        raise OutOfOrder(
            _(
                "What the committee was asked to decide on has changed since. Withdraw this request and ask anew."
            ),
            problems=[Problem(request.version.label, ground(each)) for each in changed],
        )


def _refuse_unknown_environment(route: Route, environment: str) -> None:
    if environment not in route.environments:
        raise RuleBroken(
            problems=[Problem("environment", _("The route of approval knows no such environment."))]
        )


def _refuse_unknown_ballot(ballot: str) -> None:
    if ballot not in Ballot.values:
        raise RuleBroken(problems=[Problem("ballot", _("Say whether you approve or reject."))])


def _words(text: str, field: str, what: object) -> str:
    text = text.strip()
    if not text or len(text) > MOST_WORDS:
        raise RuleBroken(problems=[Problem(field, str(what) if not text else _("This is too long."))])
    return text


def _named(route: Route) -> dict[str, str]:
    return {"key": route.key, "edition": route.edition}
