"""The supervisor asks the market for returns, and stops asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.filing.models import Campaign
from governance.filing.services import LONGEST
from governance.inventory.locks import locked
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require


def open_campaign(
    *,
    by: Actor,
    organisation: Organisation,
    titles: Mapping[str, str],
    starts_on: date,
    ends_on: date,
    due_on: date,
    edition: str,
) -> Campaign:
    """Ask every participant for a return. titles: by language, all three.

    Raises NotAllowed, RuleBroken, OutOfOrder.
    """
    with acting(by, "campaign.opened"):
        organisation = locked(organisation)
        require(by, "campaign.open", organisation)
        _refuse_what_is_not_in_order(titles, starts_on, ends_on, due_on)
        asked = Campaign.objects.open().filter(
            organisation=organisation, starts_on=starts_on, ends_on=ends_on
        )
        if asked.exists():
            raise OutOfOrder(_("A campaign for this period is open already."))
        assert by.user_id is not None  # only people have the right
        return Campaign.objects.create(
            organisation=organisation,
            starts_on=starts_on,
            ends_on=ends_on,
            due_on=due_on,
            edition=edition,
            opened_by_id=by.user_id,
            **{f"title_{language}": titles[language].strip() for language in ("kk", "ru", "en")},
        )


def close_campaign(*, by: Actor, campaign: Campaign) -> Campaign:
    """Take no more returns; what was filed can still be corrected. Raises NotAllowed, OutOfOrder."""
    with acting(by, "campaign.closed"):
        campaign = locked(campaign)
        require(by, "campaign.open", campaign)
        if not campaign.is_open:
            raise OutOfOrder(_("This campaign is closed already."))
        campaign.closed_at = timezone.now()
        campaign.save(update_fields=["closed_at"])
        return campaign


def _refuse_what_is_not_in_order(
    titles: Mapping[str, str], starts_on: date, ends_on: date, due_on: date
) -> None:
    """Raises RuleBroken."""
    problems = [
        Problem(f"title_{language}", _("Give the title in this language, too."))
        for language in ("kk", "ru", "en")
        if not titles.get(language, "").strip()
    ]
    if ends_on < starts_on or ends_on - starts_on > LONGEST:
        problems.append(Problem("ends_on", _("The period ends after it begins, within a year.")))
    if due_on <= ends_on:
        problems.append(Problem("due_on", _("Returns are due after the period has ended.")))
    if due_on < timezone.localdate():
        problems.append(Problem("due_on", _("This day has passed.")))
    if problems:
        raise RuleBroken(problems=problems)
