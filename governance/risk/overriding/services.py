"""The only writers of overrides: set one axis of a grade by hand, revert it, note that it has lapsed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.risk.models import AutonomyDegree, RiskAssessment
from governance.risk.overriding.models import VALUES, Override, OverrideAxis

LONGEST = timedelta(days=366)


def override(
    *, by: Actor, model: AIModel, axis: str, value: str, reason: str, ends_on: date | None
) -> Override:
    """Set one axis of the grade that stands until a day. The computed value stays on record beside it.

    Each axis stands for itself: another degree does not move the tier. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "grade.overridden", reason=reason.strip()):
        model = locked(model)
        require(by, "risk.override", model)
        grade = _gradable(model)
        problems = list(_problems(grade, axis, value, reason, ends_on))
        if problems:
            raise RuleBroken(problems=problems)
        assert ends_on is not None  # judged above
        mine = Override.objects.running().filter(assessment=grade, axis=axis)
        mine.filter(ends_on__lt=timezone.localdate()).update(lapsed_at=timezone.now())
        if mine.exists():
            raise OutOfOrder(_("This axis is set by hand already. Revert that first."))
        return Override.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            assessment=grade,
            axis=axis,
            value=value,
            computed=str(computed(grade, axis)),
            reason=reason.strip(),
            ends_on=ends_on,
            set_by_id=by.person,
        )


def revert(*, by: Actor, override: Override, reason: str) -> Override:
    """The computed value counts again. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "grade.override_reverted", reason=reason.strip()):
        override = locked(override)
        require(by, "risk.override", override.model)
        if not Override.objects.standing(timezone.localdate()).filter(pk=override.pk).exists():
            raise OutOfOrder(_("This has ended already."))
        if not reason.strip():
            raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])
        override.reverted_at, override.reverted_by_id = timezone.now(), by.person
        override.reverted_reason = reason.strip()
        override.save(update_fields=["reverted_at", "reverted_by", "reverted_reason"])
        return override


def catch_up(organisation_id: UUID) -> None:
    """Note which overrides have lapsed. That raises the revision of their models, so every upper room looks again.

    When none has it only reads.
    """
    by = Actor.system("grades", organisation_id)
    late = Override.objects.running().filter(
        organisation_id=organisation_id, ends_on__lt=timezone.localdate()
    )
    with viewing(by):
        found = list(late)
    for override in found:
        with acting(by, "grade.override_lapsed"):
            locked(override.model)
            late.filter(pk=override.pk).update(lapsed_at=timezone.now())


def computed(grade: RiskAssessment, axis: str) -> Any:
    """The computed value of one axis."""
    values: dict[str, Any] = {
        OverrideAxis.RISK: grade.risk_degree,
        OverrideAxis.AUTONOMY: grade.autonomy_degree,
        OverrideAxis.TIER: grade.tier,
    }
    return values[axis]


def _gradable(model: AIModel) -> RiskAssessment:
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))
    grade: RiskAssessment | None = RiskAssessment.objects.current().filter(model=model).first()
    if grade is None:
        raise OutOfOrder(_("Grade the model first: there is nothing to set by hand."))
    return grade


def _problems(
    grade: RiskAssessment, axis: str, value: str, reason: str, ends_on: date | None
) -> Iterator[Problem]:
    today = timezone.localdate()
    if axis not in VALUES:
        yield Problem("axis", _("Choose one of the list."))
    elif value not in VALUES[axis]:
        yield Problem("value", _("Choose one of the list."))
    elif value == str(computed(grade, axis)):
        yield Problem("value", _("This is what was computed."))
    elif axis == OverrideAxis.AUTONOMY and value == AutonomyDegree.HIGH:
        yield Problem(
            "value",
            _("Autonomy is not set to high by hand: answer the questions again and name the special law."),
        )
    if not reason.strip():
        yield Problem("reason", _("Give the reason in your own words."))
    if ends_on is None or not today < ends_on <= today + LONGEST:
        yield Problem("ends_on", _("It ends on a day after today, within a year."))
