"""The second line accepts for a time that a requirement has no evidence: accepted gaps of law, waivers of what is voluntary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.edition import title
from governance.obligations.judging import EXCUSABLE
from governance.obligations.models import Duty, Evidence, Obligation
from governance.obligations.queries import standing_now
from governance.obligations.requirement import BINDING_NORMS
from governance.obligations.waiving.models import Excuse, Waiver
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Membership
from governance.people.rights import require
from governance.post import services as post

LONGEST = timedelta(days=366)
SHOWS_THAT_IT_WORKS = frozenset({"on_file", "passed"})


@dataclass(frozen=True)
class Terms:
    """What the second line says. control_id, review_on: needed for a waiver; a gap of law has its plan instead.

    control_id: evidence of the model or of its organisation that the control which stands in works today.
    """

    reason: str
    plan: str
    responsible_id: UUID
    ends_on: date
    control_id: UUID | None = None
    review_on: date | None = None


def kind_of(obligation: Obligation) -> Excuse:
    """A norm of law cannot be waived: its gap is accepted. What is voluntary can be waived."""
    is_law = obligation.framework.binding and obligation.norm in (*BINDING_NORMS, "on_event")
    return Excuse.ACCEPTED_GAP if is_law else Excuse.WAIVED


def waive(*, by: Actor, model: AIModel, obligation_key: str, terms: Terms) -> Waiver:
    """Accept the gap, or waive what is voluntary, until a day. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken."""
    with acting(by, "requirement.waived", reason=terms.reason.strip()):
        model = locked(model)
        require(by, "duty.waive", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model is withdrawn."))
        kind = kind_of(_duty(model, obligation_key).obligation)
        if standing_now(model, obligation_key)[1].status not in EXCUSABLE:
            raise OutOfOrder(_("There is no gap here that could be accepted."))
        _refuse_what_is_not_in_order(model, kind, terms)
        now = timezone.now()
        Waiver.objects.filter(model=model, obligation_key=obligation_key, ended_at=None).update(ended_at=now)
        return Waiver.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            obligation_key=obligation_key,
            kind=kind,
            reason=terms.reason.strip(),
            plan=terms.plan.strip(),
            responsible_id=terms.responsible_id,
            control_id=terms.control_id if kind == Excuse.WAIVED else None,
            starts_on=timezone.localdate(),
            ends_on=terms.ends_on,
            review_on=terms.review_on,
            granted_by_id=by.person,
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
    rows = Waiver.objects.filter(model=model).select_related("responsible", "granted_by", "control")
    return list(rows.filter(obligation_key=obligation_key) if obligation_key else rows)


def controls_of(model: AIModel) -> list[Evidence]:
    """Evidence that could show that a control works: of the model or its organisation, standing and not failed."""
    of_whom = Q(model=model) | Q(model=None, organisation_id=model.organisation_id)
    lasting = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    rows = Evidence.objects.standing().filter(of_whom, lasting, verdict__in=SHOWS_THAT_IT_WORKS)
    return list(rows.order_by("kind", "-taken_at"))


def remind(organisation_id: UUID) -> None:
    """Tell of reviews that have come: whoever granted it, and whoever is responsible. Once each."""
    by, today = Actor.system("requirements", organisation_id), timezone.localdate()
    with viewing(by):
        due = list(Waiver.objects.filter(organisation_id=organisation_id).to_look_at(today))
    for waiver in due:
        with acting(by, "waiver.reminded"):
            waiver = locked(waiver)
            if waiver.reminded_at is None:
                waiver.reminded_at = timezone.now()
                waiver.save(update_fields=["reminded_at"])
                _announce(waiver)


def _announce(waiver: Waiver) -> None:
    for to in {waiver.granted_by, waiver.responsible}:
        context: dict[str, object] = {
            "number": waiver.model.number,
            "name": waiver.model.name,
            "requirement": title(waiver.obligation_key, to.language),
            "ends_on": waiver.holds_until,
        }
        post.send(
            organisation_id=waiver.organisation_id,
            to=to,
            key="waiver_review",
            context=context,
            link=reverse("obligations:requirement", args=[waiver.model_id, waiver.obligation_key])
            + "#waivers",
        )


def _duty(model: AIModel, obligation_key: str) -> Duty:
    duty: Duty | None = (
        Duty.objects.filter(model=model, obligation__key=obligation_key)
        .select_related("obligation__framework")
        .first()
    )
    if duty is None:
        raise NotFound
    return duty


def _refuse_what_is_not_in_order(model: AIModel, kind: Excuse, terms: Terms) -> None:
    """Raises RuleBroken with everything that is wrong at once."""
    today = timezone.localdate()
    problems = []
    if not terms.reason.strip():
        problems.append(Problem("reason", _("Give the reason in your own words.")))
    if not terms.plan.strip():
        problems.append(Problem("plan", _("Say what closes the gap, or which control stands in for it.")))
    if not today < terms.ends_on <= today + LONGEST:
        problems.append(Problem("ends_on", _("It ends on a day after today, within a year.")))
    members = Membership.objects.filter(organisation_id=model.organisation_id, user_id=terms.responsible_id)
    if not members.current(today).exists():
        problems.append(Problem("responsible", _("Choose a person of your organisation.")))
    problems += _problems_of_the_control(model, kind, terms, today)
    if problems:
        raise RuleBroken(problems=problems)


def _problems_of_the_control(model: AIModel, kind: Excuse, terms: Terms, today: date) -> list[Problem]:
    problems = []
    if terms.review_on is not None and not today < terms.review_on <= terms.ends_on:
        problems.append(
            Problem("review_on", _("It is looked at again on a day after today, before it ends."))
        )
    if kind == Excuse.WAIVED:
        if terms.review_on is None:
            problems.append(Problem("review_on", _("Say when it is looked at again.")))
        if terms.control_id not in {each.pk for each in controls_of(model)}:
            what = _("Choose evidence that the control which stands in for it works.")
            problems.append(Problem("control", what))
    return problems
