"""The supervisor opens and closes campaigns; everybody reads them; nobody else writes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.filing import campaigns, queries
from governance.filing.models import Campaign
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, found, join
from tests.governance.filing.conftest import ENDS, STARTS, TITLES, again, due, joined_long_ago, opened, signed

pytestmark = pytest.mark.django_db


def count() -> int:
    with viewing(REGISTER):
        return Campaign.objects.count()


def answers(supervisor, campaign):
    with viewing(supervisor):
        [progress] = queries.progress([Campaign.objects.get(pk=campaign.pk)], timezone.localdate())
    return {answer.organisation.name: answer.state for answer in progress.answers}


def test_every_participant_reads_what_is_asked_of_all(campaign, administrator, stranger):
    for reader in (administrator, stranger):
        with viewing(reader):
            assert [each.title_en for each in Campaign.objects.visible_to(reader)] == [TITLES["en"]]


def test_a_participant_cannot_write_one_even_past_the_service(campaign, administrator):
    with acting(administrator, "test.written"):
        assert Campaign.objects.filter(pk=campaign.pk).update(due_on=STARTS) == 0
    for home in (campaign.organisation_id, administrator.organisation_id):
        with pytest.raises(ProgrammingError), acting(administrator, "test.written"):
            Campaign.objects.create(
                organisation_id=home, opened_by_id=administrator.user_id, starts_on=STARTS, ends_on=ENDS,
                due_on=campaign.due_on, edition="2026-1", **{f"title_{key}": words for key, words in TITLES.items()},
            )  # fmt: skip
    assert count() == 1 and again(campaign).due_on == campaign.due_on


def test_only_the_supervisor_opens_and_closes(campaign, bank, administrator):
    with pytest.raises(NotAllowed):
        opened(administrator)
    with pytest.raises(NotAllowed):
        campaigns.close_campaign(by=administrator, campaign=campaign)
    other = join(found(9, kind="supervisor", name="Other"), "officer", email="officer@other.example")
    with pytest.raises(NotAllowed):
        campaigns.close_campaign(by=other, campaign=campaign)
    assert count() == 1 and again(campaign).is_open


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"titles": {**TITLES, "kk": " "}}, "title_kk"),
        ({"ends_on": STARTS - timedelta(days=1)}, "ends_on"),
        ({"ends_on": STARTS + timedelta(days=400), "due_on": STARTS + timedelta(days=900)}, "ends_on"),
        ({"due_on": ENDS}, "due_on"),
        ({"due_on": timezone.localdate() - timedelta(days=1)}, "due_on"),
    ],
    ids=["title", "backwards", "too_long", "due_inside", "due_past"],
)
def test_what_is_not_in_order_is_refused(supervisor, changed, where):
    with pytest.raises(RuleBroken) as refusal:
        opened(supervisor, **changed)
    assert where in [each.where for each in refusal.value.problems]
    assert count() == 0


def test_a_period_is_asked_for_once_at_a_time(supervisor, campaign):
    with pytest.raises(OutOfOrder):
        opened(supervisor)
    campaigns.close_campaign(by=supervisor, campaign=campaign)
    with pytest.raises(OutOfOrder):
        campaigns.close_campaign(by=supervisor, campaign=campaign)
    assert opened(supervisor).is_open


def test_the_supervisor_sees_who_has_filed_who_is_late_and_who_is_overdue(
    supervisor, campaign, bank, broker, administrator
):
    joined_long_ago(bank, broker)
    head = join(broker, "validator", email="validator@broker.example")
    signed(administrator, bank, campaign, "nil")
    assert answers(supervisor, campaign) == {bank.name: "on_time", broker.name: "open"}
    due(campaign, 1)
    assert answers(supervisor, campaign) == {broker.name: "overdue", bank.name: "on_time"}
    assert list(answers(supervisor, campaign)) == [broker.name, bank.name]
    signed(head, broker, again(campaign), "nil")
    assert answers(supervisor, campaign) == {bank.name: "on_time", broker.name: "late"}


def test_who_joined_after_the_last_day_is_not_overdue(supervisor, campaign, bank):
    due(campaign, 2)
    assert answers(supervisor, campaign) == {}
