"""Whoever has not filed is reminded on the days that the data name, once each, and no longer once it is filed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.filing import campaigns, upkeep
from governance.filing.models import Reminder
from governance.people.acting import viewing
from governance.post.models import Message
from tests.factories import REGISTER, join
from tests.governance.filing.conftest import due, joined_long_ago, opened, signed

pytestmark = pytest.mark.django_db


def letters() -> list[Message]:
    with viewing(REGISTER):
        return list(Message.objects.filter(key="return_due").select_related("to"))


def sent(organisation) -> list[int]:
    """Days of the reminders that this sweep sends."""
    with viewing(REGISTER):
        before = set(Reminder.objects.values_list("pk", flat=True))
    upkeep.catch_up(organisation.pk)
    with viewing(REGISTER):
        return list(Reminder.objects.exclude(pk__in=before).values_list("days", flat=True))


@pytest.fixture(autouse=True)
def there_before(bank):
    joined_long_ago(bank)


def test_each_reminder_is_sent_once_on_its_day(bank, administrator, campaign):
    assert {day: sent(due(campaign, day) and bank) for day in (-15, -14, -13, -7, -1, 0, 1, 7, 14, 30)} == {
        -15: [],
        -14: [-14],
        -13: [],
        -7: [-7],
        -1: [-1],
        0: [],
        1: [1],
        7: [7],
        14: [14],
        30: [],
    }
    assert len(letters()) == 6
    assert sent(bank) == []


def test_those_who_may_file_are_told_and_each_person_once(bank, owner, campaign):
    join(bank, "administrator", "validator", email="both@bank.example")
    join(bank, "validator", email="second@bank.example")
    due(campaign, -7)
    upkeep.catch_up(bank.pk)
    assert sorted(each.to.email for each in letters()) == ["both@bank.example", "second@bank.example"]


def test_it_says_how_many_days_are_left_and_leads_to_the_form(bank, administrator, campaign):
    due(campaign, -5)
    upkeep.catch_up(bank.pk)
    [letter] = letters()
    assert letter.subject == "A return is due: First quarter of 2026"
    assert "in 5 days" in letter.body and letter.link == f"/returns/file/?campaign={campaign.pk}"


def test_a_late_one_says_so(bank, administrator, campaign):
    due(campaign, 1)
    upkeep.catch_up(bank.pk)
    [letter] = letters()
    assert letter.subject == "A return is overdue: First quarter of 2026" and "1 day ago" in letter.body


def test_a_campaign_with_little_time_left_announces_itself_once(bank, administrator, supervisor):
    opened(supervisor, due_on=timezone.localdate() + timedelta(days=3))
    assert (sent(bank), sent(bank)) == ([-7], [])


def test_whoever_has_filed_is_left_alone(bank, administrator, campaign):
    signed(administrator, bank, campaign, "nil")
    due(campaign, 7)
    assert sent(bank) == [] and letters() == []


def test_nobody_is_reminded_of_a_closed_campaign(bank, administrator, supervisor, campaign):
    campaigns.close_campaign(by=supervisor, campaign=campaign)
    due(campaign, 7)
    assert sent(bank) == []


def test_neither_the_supervisor_nor_who_joined_later_is_reminded(bank, broker, supervisor, campaign):
    join(broker, "administrator", email="administrator@broker.example")
    due(campaign, 7)
    upkeep.catch_up(broker.pk)
    upkeep.catch_up(supervisor.organisation_id)
    assert letters() == []


def test_without_a_campaign_a_round_asks_one_query(bank, django_assert_max_num_queries):
    upkeep.catch_up(bank.pk)
    with django_assert_max_num_queries(5):  # a savepoint, two settings and the question
        upkeep.catch_up(bank.pk)
