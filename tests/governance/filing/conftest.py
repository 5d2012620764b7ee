"""A quarter that has ended, a supervisor who asks for it, and days that can be moved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from governance.filing import campaigns, services
from governance.filing.models import Campaign, Return
from governance.filing.occasion import Occasion, Said
from governance.filing.snapshot import of_models, rows_of
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.models import Organisation
from tests.factories import REGISTER

STARTS, ENDS = date(2026, 1, 1), date(2026, 3, 31)
TITLES = {"kk": "2026 жылғы I тоқсан", "ru": "I квартал 2026 года", "en": "First quarter of 2026"}
DUE = timezone.localdate() + timedelta(days=30)


def opened(supervisor, **changed) -> Campaign:
    with viewing(REGISTER):
        home = Organisation.objects.get(pk=supervisor.organisation_id)
    asked = {"titles": TITLES, "starts_on": STARTS, "ends_on": ENDS, "due_on": DUE, "edition": "2026-1"}
    return campaigns.open_campaign(by=supervisor, organisation=home, **{**asked, **changed})


@pytest.fixture
def campaign(supervisor) -> Campaign:
    return opened(supervisor)


def said(kind="full", **changed) -> Said:
    declared = {"officer": "A. Officer", "position": "Chief risk officer", "is_complete": True}
    return Said(kind, **{**declared, **changed})


def signed(by, organisation, campaign, kind="full", **changed) -> Return:
    """The return of a campaign, signed over the list that the register has."""
    with viewing(by):
        rows = rows_of(organisation.pk, campaign.starts_on, campaign.ends_on)
    declared = said(kind, **{"seen": of_models(rows), **changed})
    return services.file(
        by=by, organisation=organisation, occasion=Occasion.asked_by(campaign), said=declared
    )


def since(model: AIModel, day: date) -> AIModel:
    """As if the model had been registered on this day."""
    with acting(REGISTER, "test.dated"):
        moment = timezone.make_aware(datetime.combine(day, time(12)))
        AIModel.objects.filter(pk=model.pk).update(registered_at=moment)
    return again(model)


def due(campaign: Campaign, days_ago: int) -> Campaign:
    """As if the last day of the campaign had been so many days ago (or were still to come)."""
    with acting(REGISTER, "test.dated"):
        day = timezone.localdate() - timedelta(days=days_ago)
        Campaign.objects.filter(pk=campaign.pk).update(due_on=day)
    return again(campaign)


def joined_long_ago(*organisations: Organisation) -> None:
    with acting(REGISTER, "test.dated"):
        ids = [each.pk for each in organisations]
        Organisation.objects.filter(pk__in=ids).update(created_at=timezone.now() - timedelta(days=400))


def again(row):
    """As it stands in the database now."""
    with viewing(REGISTER):
        return type(row).objects.get(pk=row.pk)


def nothing_filed() -> bool:
    with viewing(REGISTER):
        return not Return.objects.exists()
