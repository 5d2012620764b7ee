"""Stops: one person suspends a permission, or everything of a model at once; only the committee lets it run again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals import services as approvals
from governance.approvals.models import ApprovalRequest, Authorisation, AuthorisationState
from governance.errors import NotFound, OutOfOrder
from governance.incidents import announcing
from governance.incidents.judging import said
from governance.incidents.models import Incident, SuspensionOrder
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import reaching, require

NO_REASON = _("Give the reason in your own words.")


def suspend(
    *, by: Actor, authorisation: Authorisation, reason: str, incident: Incident | None = None
) -> SuspensionOrder:
    """Stop one permission now and keep the order. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken.

    Owner, second line or a member of the committee at home; an officer of the supervisor at any participant, and then
    the committee cannot be asked for a lift until the supervisor releases it.
    """
    reason = said(reason, "reason", NO_REASON)
    _refuse_foreign(incident, authorisation.model_id)
    home = by.organisation_id
    by = reaching(by, "permission.suspend", authorisation.model)
    with acting(by, "permission.suspended", reason=reason):
        model = locked(authorisation.model)
        order = _order(by, authorisation, reason, incident, authority=_authority(home, model))
        announcing.suspended([order], model)
    return order


def emergency_stop(
    *, by: Actor, model: AIModel, reason: str, incident: Incident | None = None
) -> list[SuspensionOrder]:
    """Stop every active permission of a model at once. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken."""
    reason = said(reason, "reason", NO_REASON)
    _refuse_foreign(incident, model.pk)
    home = by.organisation_id
    by = reaching(by, "permission.suspend", model)
    with acting(by, "model.stopped", reason=reason):
        model = locked(model)
        require(by, "permission.suspend", model)
        running = list(
            Authorisation.objects.filter(model=model, state=AuthorisationState.ACTIVE).order_by("starts_at")
        )
        if not running:
            raise OutOfOrder(_("No permission of this model is active, so there is nothing to stop."))
        authority = _authority(home, model)
        orders = [_order(by, each, reason, incident, authority, is_emergency=True) for each in running]
        announcing.suspended(orders, model)
    return orders


def release(*, by: Actor, order: SuspensionOrder) -> SuspensionOrder:
    """The supervisor agrees that the participant's committee decides on a lift. Raises NotAllowed, OutOfOrder."""
    by = reaching(by, "permission.release", order)
    with acting(by, "suspension.released"):
        approvals.release(by=by, authorisation=order.authorisation)
        now = timezone.now()
        held = SuspensionOrder.objects.filter(
            authorisation_id=order.authorisation_id, lifted_at=None, released_at=None
        ).exclude(authority={})
        held.update(released_at=now)
        order = SuspensionOrder.objects.get(pk=order.pk)
        announcing.released(order)
    return order


def ask_for_lift(*, by: Actor, order: SuspensionOrder, reason: str) -> ApprovalRequest:
    """Ask the committee whether the permission may be active again. Raises as approvals.services.ask_for_lift."""
    return approvals.ask_for_lift(by=by, authorisation=order.authorisation, reason=reason)


def _order(
    by: Actor,
    authorisation: Authorisation,
    reason: str,
    incident: Incident | None,
    authority: dict[str, str],
    *,
    is_emergency: bool = False,
) -> SuspensionOrder:
    approvals.suspend(by=by, authorisation=authorisation, reason=reason, hold=bool(authority))
    return SuspensionOrder.objects.create(
        organisation_id=authorisation.organisation_id,
        model_id=authorisation.model_id,
        authorisation=authorisation,
        incident=incident,
        ordered_by_id=by.person,
        authority=authority,
        is_emergency=is_emergency,
        reason=reason,
    )


def _authority(home: UUID | None, model: AIModel) -> dict[str, str]:
    """Who orders from outside, by name: the participant cannot read the supervisor's own row."""
    if home is None or home == model.organisation_id:
        return {}
    outside: Iterable[Organisation] = Organisation.objects.filter(pk=home)
    return {
        language: getattr(each, f"name_{language}") for each in outside for language in ("kk", "ru", "en")
    }


def _refuse_foreign(incident: Incident | None, model_id: UUID) -> None:
    """Raises NotFound."""
    if incident is not None and incident.model_id != model_id:
        raise NotFound
