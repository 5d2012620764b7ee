"""The only writers of this room: a blackout is declared, and lifted before its end."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.blackouts import rules
from monitoring.blackouts.models import Blackout


def declare(
    *,
    by: Actor,
    organisation: Organisation,
    reason: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    daily_from: time | None = None,
    daily_until: time | None = None,
    working_days_only: bool = False,
) -> Blackout:
    """From now on the schedule waits during this time; what a person asks for runs. Raises NotAllowed, RuleBroken."""
    blackout = Blackout(
        organisation=organisation,
        reason=reason.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        daily_from=daily_from,
        daily_until=daily_until,
        working_days_only=working_days_only and daily_from is not None,
        declared_by_id=by.person,
    )
    with acting(by, "blackout.declared", reason=blackout.reason):
        organisation = locked(organisation)
        require(by, "blackout.declare", organisation)
        problems = list(_problems(blackout))
        if not problems and not _leaves_time(organisation, blackout):
            problems.append(
                Problem(
                    "daily_until", _("Together with what is closed already this leaves no time for checks.")
                )
            )
        if problems:
            raise RuleBroken(_("The blackout was not declared."), problems)
        blackout.save(force_insert=True)
        return blackout


def lift(*, by: Actor, blackout: Blackout, reason: str) -> Blackout:
    """End a blackout now; what waited for its end is asked at the next sweep. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    with acting(by, "blackout.lifted", reason=reason.strip()):
        blackout = Blackout.objects.select_for_update(of=("self",)).get(pk=blackout.pk)
        require(by, "blackout.declare", blackout)
        if blackout.is_over:
            raise OutOfOrder(_("This blackout is over already."))
        blackout.lifted_at, blackout.lifted_by_id = timezone.now(), by.person
        blackout.lifted_reason = reason.strip()
        blackout.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
        return blackout


def _problems(blackout: Blackout) -> Any:
    if not blackout.reason:
        yield Problem("reason", _("Say why."))
    if (blackout.daily_from is None) != (blackout.daily_until is None):
        missing = "daily_from" if blackout.daily_from is None else "daily_until"
        yield Problem(missing, _("Say both hours, or neither."))
    elif blackout.daily_from is not None and blackout.daily_from == blackout.daily_until:
        yield Problem("daily_until", _("These hours are the whole day. Leave both open and say an end."))
    if blackout.ends_at is None and blackout.daily_from is None:
        yield Problem("ends_at", _("A blackout without hours needs an end."))
    if blackout.ends_at is not None and blackout.ends_at <= blackout.starts_at:
        yield Problem("ends_at", _("It ends before it starts."))
    elif blackout.ends_at is not None and blackout.ends_at <= timezone.now():
        yield Problem("ends_at", _("This lies in the past."))
    elif (
        blackout.daily_from is None
        and blackout.ends_at
        and blackout.ends_at - blackout.starts_at > rules.FURTHEST / 2
    ):
        yield Problem("ends_at", _("A blackout lasts 400 days at most."))


def _leaves_time(organisation: Organisation, blackout: Blackout) -> bool:
    """Asked with one more blackout than there are; hours of several may cover the day together."""
    there = Blackout.objects.standing().filter(organisation=organisation)
    return rules.leaves_time([each.as_closure() for each in [*there, blackout]], blackout.starts_at)
