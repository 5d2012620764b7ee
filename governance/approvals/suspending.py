"""A permission is stopped at once by one person, and is active again only by a decision of the committee.

The gate reads the state of the permission when it is asked, so the very next question after the commit is denied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals import announcing, dossier
from governance.approvals.models import (
    ApprovalRequest,
    Authorisation,
    AuthorisationState,
    Purpose,
)
from governance.approvals.readiness import computed_first, refuse_unless_ready
from governance.approvals.route import load
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require

MOST_WORDS = 4000


def suspend(*, by: Actor, authorisation: Authorisation, reason: str, hold: bool = False) -> Authorisation:
    """Stop a permission now. Raises NotAllowed, OutOfOrder, RuleBroken.

    hold: an officer of the supervisor orders it, so that nobody asks for a lift until `release`. A permission that the
    participant has suspended already can still be held.
    """
    reason = said(reason)
    with acting(by, "authorisation.suspended", reason=reason):
        model = locked(authorisation.model)
        require(by, "permission.suspend", model)
        authorisation = locked(authorisation)
        held_anew = hold and authorisation.is_suspended and not authorisation.is_held
        if authorisation.state != AuthorisationState.ACTIVE and not held_anew:
            raise OutOfOrder(_("This permission is not active, so there is nothing to suspend."))
        authorisation.state = AuthorisationState.SUSPENDED
        authorisation.is_held = authorisation.is_held or hold
        authorisation.reasons = [
            *_standing(authorisation, held_anew),
            {"key": reason, "id": "", "subject": ""},
        ]
        authorisation.changed_at = timezone.now()
        authorisation.save(update_fields=["state", "is_held", "reasons", "changed_at"])
    return authorisation


def release(*, by: Actor, authorisation: Authorisation) -> Authorisation:
    """The supervisor leaves the lift to the participant's committee. The permission stays suspended.

    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "authorisation.released"):
        require(by, "permission.release", locked(authorisation.model))
        authorisation = locked(authorisation)
        if not authorisation.is_held:
            raise OutOfOrder(_("The supervisor does not hold this permission."))
        authorisation.is_held = False
        authorisation.save(update_fields=["is_held"])
    return authorisation


def ask_for_lift(*, by: Actor, authorisation: Authorisation, reason: str) -> ApprovalRequest:
    """Put a suspended permission before the committee, with all that it decides on and what was done since.

    Requirements that are behind are computed first, unless the caller is already inside a transaction of theirs.
    Raises NotAllowed, OutOfOrder, RuleBroken, Unavailable (still being computed: the same may succeed later).
    """
    reason = said(reason)
    return computed_first(authorisation.organisation_id, lambda: _ask_for_lift(by, authorisation, reason))


def _ask_for_lift(by: Actor, authorisation: Authorisation, reason: str) -> ApprovalRequest:
    with acting(by, "approval.lift_requested", reason=reason):
        model = locked(authorisation.model)
        require(by, "permission.ask_lift", model)
        authorisation = locked(authorisation)
        refuse_unless_liftable(authorisation)
        version = ModelVersion.objects.select_related("model__sheet").get(pk=authorisation.version_id)
        manifest = _manifest(version, authorisation, reason)
        asked = ApprovalRequest.objects.create(
            organisation_id=version.organisation_id,
            model_id=version.model_id,
            version=version,
            environment=authorisation.environment,
            purpose=Purpose.LIFT,
            lifts=authorisation,
            reason=reason,
            route=manifest["route"]["key"],
            route_edition=manifest["route"]["edition"],
            manifest=manifest,
            manifest_sha256=dossier.sha256(manifest),
            requested_by_id=by.person,
        )
        announcing.requested(asked)
    return asked


def refuse_unless_liftable(authorisation: Authorisation) -> None:
    """Raises OutOfOrder."""
    if not authorisation.is_suspended:
        raise OutOfOrder(_("This permission is not suspended."))
    if authorisation.is_held:
        raise OutOfOrder(
            _("The supervisor ordered this suspension. It has to release it before the committee is asked.")
        )
    if authorisation.expires_at <= timezone.now():
        raise OutOfOrder(_("This permission has ended meanwhile. Put the version before the committee anew."))


def refuse_while_suspended(version: ModelVersion, environment: str) -> None:
    """A new permission must not lead around a suspension. Raises OutOfOrder."""
    standing = Authorisation.objects.filter(
        version=version, environment=environment, state=AuthorisationState.SUSPENDED
    )
    if standing.filter(expires_at__gt=timezone.now()).exists() or standing.filter(is_held=True).exists():
        raise OutOfOrder(
            _("The permission of this version is suspended here. Ask the committee to lift the suspension.")
        )


def lift(authorisation: Authorisation, request: ApprovalRequest) -> None:
    """The committee has decided: the permission is active again and rests on that decision. Called inside `acting`."""
    decision = request.decision
    authorisation.state, authorisation.reasons = AuthorisationState.ACTIVE, []
    authorisation.lift, authorisation.changed_at = decision, decision.decided_at
    authorisation.save(update_fields=["state", "reasons", "lift", "changed_at"])


def said(reason: str) -> str:
    """Raises RuleBroken."""
    reason = reason.strip()
    if not reason or len(reason) > MOST_WORDS:
        what = _("This is too long.") if reason else _("Give the reason in your own words.")
        raise RuleBroken(problems=[Problem("reason", what)])
    return reason


def _manifest(version: ModelVersion, authorisation: Authorisation, reason: str) -> dict[str, Any]:
    """The same content as for a permission to deploy, and what is to be lifted: a vote is over both."""
    route = load()
    ready = refuse_unless_ready(version, authorisation.environment)
    named = {"key": route.key, "edition": route.edition}
    composed = dossier.compose(
        version, authorisation.environment, route=named, grade=ready.grade, sheet=ready.sheet
    )
    return {**composed, "purpose": Purpose.LIFT.value, "suspension": _suspension(authorisation, reason)}


def _suspension(authorisation: Authorisation, reason: str) -> dict[str, Any]:
    return {
        "authorisation_id": str(authorisation.pk),
        "since": authorisation.changed_at.isoformat(),
        "reasons": [each["key"] for each in authorisation.reasons],
        "why_lift": reason,
    }


def _standing(authorisation: Authorisation, held_anew: bool) -> list[Mapping[str, str]]:
    return list(authorisation.reasons) if held_anew else []
