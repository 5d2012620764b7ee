"""File that no AI was in use, and take a mistaken return back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.returns.models import NilReturn
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require

LONGEST = timedelta(days=366)


def file_nil(
    *,
    by: Actor,
    organisation: Organisation,
    starts_on: date,
    ends_on: date,
    position: str,
    is_complete: bool,
    remark: str = "",
) -> NilReturn:
    """Declare that no AI was in use in a period that has ended. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "return.filed"):
        organisation = locked(organisation)
        require(by, "return.file", organisation)
        _refuse_what_is_not_in_order(starts_on, ends_on, position, is_complete)
        _refuse_what_the_register_contradicts(organisation.pk, starts_on, ends_on)
        assert by.user_id is not None  # only people have the right
        return NilReturn.objects.create(
            organisation=organisation,
            number=f"N-{NilReturn.objects.filter(organisation=organisation).count() + 1:04d}",
            starts_on=starts_on,
            ends_on=ends_on,
            position=position.strip(),
            remark=remark.strip(),
            filed_by_id=by.user_id,
        )


def withdraw_nil(*, by: Actor, nil: NilReturn, reason: str) -> NilReturn:
    """Take a mistaken return back; it stays on record. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])
    with acting(by, "return.withdrawn", reason=reason.strip()):
        nil = locked(nil)
        require(by, "return.file", nil)
        if nil.withdrawn_at is not None:
            raise OutOfOrder(_("This return is withdrawn already."))
        nil.withdrawn_at, nil.withdrawn_reason = timezone.now(), reason.strip()
        nil.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        return nil


def models_in(organisation_id: UUID, starts_on: date, ends_on: date) -> QuerySet[AIModel]:
    """Registered models that were in the register on a day of the period."""
    known = AIModel.objects.filter(organisation_id=organisation_id, registered_at__date__lte=ends_on)
    return known.exclude(withdrawn_at__date__lt=starts_on).order_by("number")


def _refuse_what_is_not_in_order(starts_on: date, ends_on: date, position: str, is_complete: bool) -> None:
    """Raises RuleBroken."""
    problems = []
    if ends_on < starts_on or ends_on - starts_on > LONGEST:
        problems.append(Problem("ends_on", _("The period ends after it begins, within a year.")))
    elif ends_on > timezone.localdate():
        problems.append(Problem("ends_on", _("Only a period that has ended can be reported.")))
    if not position.strip():
        problems.append(Problem("position", _("Name the position of the person who declares it.")))
    if not is_complete:
        problems.append(Problem("is_complete", _("Confirm that the declaration is complete.")))
    if problems:
        raise RuleBroken(problems=problems)


def _refuse_what_the_register_contradicts(organisation_id: UUID, starts_on: date, ends_on: date) -> None:
    """Raises OutOfOrder."""
    contradicting = models_in(organisation_id, starts_on, ends_on).first()
    if contradicting is not None:
        raise OutOfOrder(
            _("In this period the register holds %(model)s: a return that no AI was in use would be untrue.")
            % {"model": contradicting}
        )
    same = NilReturn.objects.standing().filter(organisation_id=organisation_id)
    other = same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other is not None:
        raise OutOfOrder(_("The return %(number)s covers days of this period.") % {"number": other.number})
