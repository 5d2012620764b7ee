"""File a return, correct it, take it back. The only writers of returns; what was filed once is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.filing import snapshot
from governance.filing.models import Campaign, Return
from governance.filing.occasion import Occasion, Said
from governance.filing.words import Kind
from governance.inventory.locks import locked
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require

LONGEST = timedelta(days=366)


def file(*, by: Actor, organisation: Organisation, occasion: Occasion, said: Said) -> Return:
    """File what the register holds of a period that has ended, or that no AI was in use, under an officer's name.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "return.corrected" if occasion.corrects else "return.filed"):
        organisation = locked(organisation)
        require(by, "return.file", organisation)
        _refuse_what_is_not_in_order(occasion, said)
        former = _what_it_corrects(organisation, occasion)
        campaign = _what_asks_for_it(organisation, occasion)
        rows = _rows(organisation, occasion, said)
        assert by.user_id is not None  # only people have the right
        now = timezone.now()
        if former is not None:
            former.corrected_at = now
            former.save(update_fields=["corrected_at"])
        return Return.objects.create(
            organisation=organisation,
            campaign=campaign,
            kind=said.kind,
            number=_next_number(organisation, now.year),
            starts_on=occasion.starts_on,
            ends_on=occasion.ends_on,
            due_on=campaign.due_on if campaign else None,
            edition=occasion.edition,
            rows=rows,
            model_count=len(rows),
            digest=snapshot.sealed(
                organisation, occasion.edition, occasion.starts_on, occasion.ends_on, rows
            ),
            officer=said.officer.strip(),
            position=said.position.strip(),
            remark=said.remark.strip(),
            declared_complete=said.is_complete,
            signed_by_id=by.user_id,
            filed_at=now,
            first_filed_at=former.first_filed_at if former else now,
            corrects=former,
        )


def withdraw(*, by: Actor, filed: Return, reason: str) -> Return:
    """Take a mistaken return back; it stays on record. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])
    with acting(by, "return.withdrawn", reason=reason.strip()):
        filed = locked(filed)
        require(by, "return.file", filed)
        if filed.withdrawn_at is not None:
            raise OutOfOrder(_("This return is withdrawn already."))
        if filed.corrected_at is not None:
            raise OutOfOrder(_("A later return corrects this one: withdraw that one."))
        filed.withdrawn_at, filed.withdrawn_reason = timezone.now(), reason.strip()
        filed.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        return filed


def _next_number(organisation: Organisation, year: int) -> str:
    """Returns are never removed, and the organisation is locked: the count is the last number given."""
    given = Return.objects.filter(organisation=organisation, number__startswith=f"R-{year}-").count()
    return f"R-{year}-{given + 1:04d}"


def _refuse_what_is_not_in_order(occasion: Occasion, said: Said) -> None:
    """Raises RuleBroken."""
    problems = problems_of_period(occasion.starts_on, occasion.ends_on)
    if not said.officer.strip():
        problems.append(Problem("officer", _("Name the officer who signs.")))
    if not said.position.strip():
        problems.append(Problem("position", _("Name the position of the person who declares it.")))
    if not said.is_complete:
        problems.append(Problem("is_complete", _("Confirm that the declaration is complete.")))
    if occasion.corrects and not said.remark.strip():
        problems.append(Problem("remark", _("Say what is corrected, and why.")))
    if problems:
        raise RuleBroken(problems=problems)


def problems_of_period(starts_on: date, ends_on: date) -> list[Problem]:
    if ends_on < starts_on or ends_on - starts_on > LONGEST:
        return [Problem(_("Period"), _("The period ends after it begins, within a year."))]
    if ends_on > timezone.localdate():
        return [Problem(_("Period"), _("Only a period that has ended can be reported."))]
    return []


def _what_it_corrects(organisation: Organisation, occasion: Occasion) -> Return | None:
    """Raises OutOfOrder, NotFound."""
    if occasion.corrects is None:
        return None
    former = locked(occasion.corrects)
    if former.organisation_id != organisation.pk:
        raise NotFound
    if not former.is_standing:
        raise OutOfOrder(_("Only a return that stands can be corrected."))
    return former


def _what_asks_for_it(organisation: Organisation, occasion: Occasion) -> Campaign | None:
    """The campaign as it stands now. Raises OutOfOrder."""
    standing = Return.objects.standing().filter(organisation=organisation)
    if occasion.corrects is not None:
        return occasion.campaign
    if occasion.campaign is None:
        over = standing.filter(starts_on__lte=occasion.ends_on, ends_on__gte=occasion.starts_on).first()
        if over is not None:
            raise OutOfOrder(_("The return %(number)s covers days of this period.") % {"number": over.number})
        return None
    campaign = Campaign.objects.get(pk=occasion.campaign.pk)
    if not campaign.is_open:
        raise OutOfOrder(_("The supervisor has closed this campaign."))
    filed = standing.filter(campaign=campaign).first()
    if filed is not None:
        raise OutOfOrder(
            _("The return %(number)s is filed already: correct that one.") % {"number": filed.number}
        )
    return campaign


def _rows(organisation: Organisation, occasion: Occasion, said: Said) -> list[dict[str, Any]]:
    """What the register holds, where it agrees with what is declared. Raises OutOfOrder, RuleBroken."""
    rows = snapshot.rows_of(organisation.pk, occasion.starts_on, occasion.ends_on, said.also)
    if said.kind == Kind.NIL:
        if rows and not said.remark.strip():
            contradicted = _(
                "In this period the register holds %(model)s. Explain why it was not in use, or file the list of models."
            )
            named = f"{rows[0]['number']} {rows[0]['name']}"
            raise RuleBroken(problems=[Problem("remark", contradicted % {"model": named})])
        return []
    if not rows:
        raise OutOfOrder(
            _("The register holds no model of this period: register it, or file that no AI was in use.")
        )
    listed = [row for row in rows if row["id"] not in {str(each) for each in said.also}]
    if said.seen and said.seen != snapshot.of_models(listed):
        raise OutOfOrder(_("The register has changed since you looked at the list. Check it once more."))
    return rows
