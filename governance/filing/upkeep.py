"""Reminds a participant of a campaign that it has not answered. When there is nothing to do it asks one query."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from governance.filing import reminders, rules
from governance.filing.models import Campaign, Reminder, Return
from governance.filing.queries import is_asked
from governance.inventory.locks import locked
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Membership, Organisation, User
from governance.people.rights import FILES_RETURNS
from governance.post import services as post


def catch_up(organisation_id: UUID) -> None:
    """Send every reminder that has come and was not sent."""
    by, today = Actor.system("reminders", organisation_id), timezone.localdate()
    with viewing(by):
        due = list(_due(organisation_id, today))
    for campaign, days in due:
        _remind(by, organisation_id, campaign, days, today)


def _due(organisation_id: UUID, today: date) -> list[tuple[Campaign, int]]:
    first = reminders.load()[0]
    asked = list(Campaign.objects.open().filter(due_on__lte=today - timedelta(days=first)))
    if not asked:
        return []
    home = Organisation.objects.get(pk=organisation_id)
    filed = _answered(organisation_id)
    sent = set(Reminder.objects.filter(campaign__in=asked).values_list("campaign_id", "days"))
    found = []
    for campaign in asked:
        days = rules.reminder_due(campaign.due_on, today, reminders.load())
        is_owed = campaign.pk not in filed and is_asked(home, campaign)
        if days is not None and is_owed and (campaign.pk, days) not in sent:
            found.append((campaign, days))
    return found


def _answered(organisation_id: UUID) -> set[UUID]:
    standing = Return.objects.standing().filter(organisation_id=organisation_id, campaign__isnull=False)
    return set(standing.values_list("campaign_id", flat=True))


def _remind(by: Actor, organisation_id: UUID, campaign: Campaign, days: int, today: date) -> None:
    """Whoever may file is told, each in their own language. Two sweeps at once send it once."""
    with acting(by, "return.reminded"):
        locked(Organisation(pk=organisation_id))
        if campaign.pk in _answered(organisation_id):
            return
        _sent, is_new = Reminder.objects.get_or_create(
            organisation_id=organisation_id, campaign=campaign, days=days
        )
        if is_new:
            for person in _who_file(organisation_id, today):
                _tell(organisation_id, person, campaign, today)


def _who_file(organisation_id: UUID, today: date) -> list[User]:
    seats = Membership.objects.current(today).filter(
        organisation_id=organisation_id, role__in=FILES_RETURNS, user__is_active=True
    )
    return list(User.objects.filter(pk__in=seats.values("user_id")).order_by("pk"))


def _tell(organisation_id: UUID, to: User, campaign: Campaign, today: date) -> None:
    post.send(
        organisation_id=organisation_id,
        to=to,
        key="return_due",
        context={
            "campaign": campaign,
            "is_overdue": campaign.is_overdue(today),
            "days": abs((campaign.due_on - today).days),
            "is_today": campaign.due_on == today,
        },
        link=f"{reverse('returns:file')}?campaign={campaign.pk}",
    )
