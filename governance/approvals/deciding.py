"""What follows from votes: the decision, the permission, its evidence, and the end of a permission. Called inside `acting`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from governance.approvals import announcing
from governance.approvals.calendar import months_later
from governance.approvals.dossier import APPROVAL
from governance.approvals.models import (
    ApprovalRequest,
    Authorisation,
    AuthorisationState,
    Ballot,
    Decision,
    RequestStatus,
)
from governance.approvals.route import load
from governance.approvals.rules import VoteFact, tally
from governance.approvals.standing import Ground
from governance.approvals.suspending import lift
from governance.inventory.locks import locked
from governance.obligations import services as obligations
from governance.people.actor import Actor

OUTCOMES = {
    "approved": (RequestStatus.APPROVED, Ballot.APPROVE),
    "rejected": (RequestStatus.REJECTED, Ballot.REJECT),
}


def decide_if_complete(*, by: Actor, request: ApprovalRequest) -> Decision | None:
    """Record the decision once the votes make one. The request and its model are locked by the caller."""
    votes = [VoteFact(str(each.by_id), each.ballot) for each in request.votes.order_by("at", "id")]
    outcome = tally(votes, load(request.route), requested_by=str(request.requested_by_id))
    if outcome == "open":
        return None
    request.status, verdict = OUTCOMES[outcome]
    request.save(update_fields=["status"])
    decision = Decision.objects.create(
        organisation_id=request.organisation_id,
        model_id=request.model_id,
        request=request,
        verdict=verdict,
        manifest_sha256=request.manifest_sha256,
        decided_at=timezone.now(),
    )
    authorisation = _permit(by=by, decision=decision) if verdict == Ballot.APPROVE else None
    announcing.decided(decision, authorisation)
    return decision


def _permit(*, by: Actor, decision: Decision) -> Authorisation:
    """A permission to deploy is new; a lift makes the suspended one active again, for the time that it has left."""
    request = decision.request
    if request.lifts is None:
        return _authorise(by=by, decision=decision)
    authorisation = locked(request.lifts)
    lift(authorisation, request)
    _record(by, decision, authorisation)
    return authorisation


def _authorise(*, by: Actor, decision: Decision) -> Authorisation:
    request, starts_at = decision.request, decision.decided_at
    months = load(request.route).authorisation_months[request.manifest["grade"]["tier"]]
    former = Authorisation.objects.select_for_update(no_key=True).filter(
        version_id=request.version_id,
        environment=request.environment,
        state__in=[AuthorisationState.ACTIVE, AuthorisationState.SUSPENDED],
    )
    for each in former:
        end(each, [{"key": "replaced", "id": str(decision.pk), "subject": ""}], starts_at)
    authorisation = Authorisation.objects.create(
        organisation_id=decision.organisation_id,
        model_id=decision.model_id,
        version_id=request.version_id,
        decision=decision,
        environment=request.environment,
        artefact_sha256=request.manifest["artefact_sha256"],
        starts_at=starts_at,
        expires_at=months_later(starts_at, months),
    )
    _record(by, decision, authorisation)
    return authorisation


def _record(by: Actor, decision: Decision, authorisation: Authorisation) -> None:
    obligations.record(
        by=by,
        organisation_id=decision.organisation_id,
        model_id=decision.model_id,
        version_id=authorisation.version_id,
        kind=APPROVAL,
        verdict="on_file",
        source="decision",
        source_id=decision.pk,
        digest=decision.manifest_sha256,
        taken_at=decision.decided_at,
        valid_until=timezone.localdate(authorisation.expires_at),
        summary={"environment": authorisation.environment, "conditions": decision.request.conditions.count()},
    )


def end(authorisation: Authorisation, grounds: Sequence[Ground], at: datetime) -> None:
    """A permission is void from now on, for these grounds. It is never active again: another decision may follow."""
    authorisation.state, authorisation.is_held = AuthorisationState.VOID, False
    authorisation.reasons = list(grounds)
    authorisation.changed_at = at
    authorisation.save(update_fields=["state", "is_held", "reasons", "changed_at"])
