"""The second line accepts for a time that a requirement has no evidence: the service and its rules."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.judging import EXCUSABLE
from governance.obligations.models import Duty, Excuse, Obligation, Waiver
from governance.obligations.queries import standing_now
from governance.obligations.requirement import BINDING_NORMS
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Membership
from governance.people.rights import require

LONGEST = timedelta(days=366)


def kind_of(obligation: Obligation) -> Excuse:
    """A norm of law cannot be waived: its gap is accepted. What is voluntary can be waived."""
    is_law = obligation.framework.binding and obligation.norm in (*BINDING_NORMS, "on_event")
    return Excuse.ACCEPTED_GAP if is_law else Excuse.WAIVED


def waive(
    *,
    by: Actor,
    model: AIModel,
    obligation_key: str,
    reason: str,
    plan: str,
    responsible_id: UUID,
    ends_on: date,
) -> Waiver:
    """Accept the gap, or waive what is voluntary, until a day. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken."""
    with acting(by, "requirement.waived", reason=reason.strip()):
        model = locked(model)
        require(by, "duty.waive", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model is withdrawn."))
        duty = _duty(model, obligation_key)
        if standing_now(model, obligation_key).status not in EXCUSABLE:
            raise OutOfOrder(_("There is no gap here that could be accepted."))
        _refuse_what_is_not_in_order(model, reason, plan, responsible_id, ends_on)
        now = timezone.now()
        Waiver.objects.filter(model=model, obligation_key=obligation_key, ended_at=None).update(ended_at=now)
        return Waiver.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            obligation_key=obligation_key,
            kind=kind_of(duty.obligation),
            reason=reason.strip(),
            plan=plan.strip(),
            responsible_id=responsible_id,
            starts_on=timezone.localdate(),
            ends_on=ends_on,
            granted_by_id=_person(by),
            granted_at=now,
        )


def end_waiver(*, by: Actor, waiver: Waiver, reason: str) -> Waiver:
    """End it before its day. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])
    with acting(by, "requirement.waiver_ended", reason=reason.strip()):
        waiver = locked(waiver)
        require(by, "duty.waive", waiver.model)
        if waiver.ended_at is not None:
            raise OutOfOrder(_("This has ended already."))
        waiver.ended_at, waiver.ended_reason = timezone.now(), reason.strip()
        waiver.save(update_fields=["ended_at", "ended_reason"])
        return waiver


def waivers_of(model: AIModel, obligation_key: str = "") -> list[Waiver]:
    """All that were ever granted, the newest first."""
    rows = Waiver.objects.filter(model=model).select_related("responsible", "granted_by")
    return list(rows.filter(obligation_key=obligation_key) if obligation_key else rows)


def _person(by: Actor) -> UUID:
    """Only people have roles, and the right asked for one."""
    assert by.user_id is not None
    return by.user_id


def _duty(model: AIModel, obligation_key: str) -> Duty:
    duty: Duty | None = (
        Duty.objects.filter(model=model, obligation__key=obligation_key)
        .select_related("obligation__framework")
        .first()
    )
    if duty is None:
        raise NotFound
    return duty


def _refuse_what_is_not_in_order(
    model: AIModel, reason: str, plan: str, responsible_id: UUID, ends_on: date
) -> None:
    """Raises RuleBroken."""
    today = timezone.localdate()
    problems = []
    if not reason.strip():
        problems.append(Problem("reason", _("Give the reason in your own words.")))
    if not plan.strip():
        problems.append(Problem("plan", _("Say what closes the gap, or which control stands in for it.")))
    if not today < ends_on <= today + LONGEST:
        problems.append(Problem("ends_on", _("It ends on a day after today, within a year.")))
    members = Membership.objects.filter(organisation_id=model.organisation_id, user_id=responsible_id)
    if not members.current(today).exists():
        problems.append(Problem("responsible", _("Choose a person of your organisation.")))
    if problems:
        raise RuleBroken(problems=problems)
