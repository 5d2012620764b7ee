"""Three clicks: open the campaign, check the list, sign. The supervisor's pages are nobody else's."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.filing.models import Campaign, Return
from governance.people.acting import viewing
from tests.factories import REGISTER, found, join, sign_in
from tests.governance.filing.conftest import (
    ENDS,
    STARTS,
    TITLES,
    again,
    due,
    joined_long_ago,
    nothing_filed,
    signed,
    since,
)
from tests.governance.inventory.made import draft, registered

pytestmark = pytest.mark.django_db

SIGNED = {"officer": "A. Officer", "position": "Director", "is_complete": "on", "remark": ""}
HOME = "/returns/"


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def seen(answer) -> str:
    return re.search(r'name="seen" value="([^"]*)"', answer.content.decode())[1]


def only() -> Return:
    with viewing(REGISTER):
        return Return.objects.get()


@pytest.fixture
def model(owner):
    return since(registered(owner), date(2026, 2, 1))


def test_a_firm_files_in_three_clicks(client, bank, administrator, model, campaign):
    sign_in(client, administrator)
    form = f"/returns/file/?campaign={campaign.pk}"
    assert form in client.get(HOME).content.decode()
    page = client.get(form)
    assert "Document search" in text(page) and "This is your first return" in text(page)
    answer = client.post(form, {**SIGNED, "kind": "full", "seen": seen(page)})
    filed = only()
    assert answer.url == reverse("returns:return", args=[filed.pk])
    page = client.get(answer.url)
    shown = text(page)
    assert filed.digest in page.content.decode()
    for words in (
        filed.acknowledgement,
        "Filed in time",
        "A. Officer, Director",
        "Document search",
    ):
        assert words in shown
    assert filed.number in text(client.get(HOME))


def test_the_form_is_filled_in_from_the_last_return(
    client, bank, owner, administrator, model, campaign, supervisor
):
    signed(administrator, bank, campaign, officer="B. Chief", position="Chief executive")
    since(registered(owner, name="Assistant"), date(2026, 4, 2))
    sign_in(client, administrator)
    page = client.get("/returns/file/?starts_on=2026-04-01&ends_on=2026-06-30")
    assert "New: M-0002 Assistant" in text(page)
    assert 'value="B. Chief"' in page.content.decode() and 'value="Chief executive"' in page.content.decode()


def test_what_is_missing_is_shown_beside_its_field_and_nothing_is_kept(
    client, bank, administrator, model, campaign
):
    sign_in(client, administrator)
    form = f"/returns/file/?campaign={campaign.pk}"
    answer = client.post(form, {**SIGNED, "kind": "nil", "is_complete": ""})
    assert answer.status_code == 422 and "Confirm that the declaration is complete." in text(answer)
    answer = client.post(form, {**SIGNED, "kind": "nil"})
    assert answer.status_code == 422 and "Explain why it was not in use" in text(answer)
    assert client.post(form, {**SIGNED, "kind": "some"}).status_code == 422
    assert nothing_filed()


def test_a_firm_without_models_files_nil_and_drafts_are_pointed_out(
    client, bank, owner, administrator, campaign
):
    draft(owner)
    sign_in(client, administrator)
    form = f"/returns/file/?campaign={campaign.pk}"
    page = client.get(form)
    assert "You declare that no AI was in use." in text(page) and "1 draft is not in the list" in text(page)
    client.post(form, {**SIGNED, "kind": "nil"})
    assert only().is_nil and "No AI in use" in text(client.get(HOME))


def test_a_model_that_was_registered_later_is_ticked(client, bank, owner, administrator, campaign):
    late = registered(owner, name="Came late")
    sign_in(client, administrator)
    form = f"/returns/file/?campaign={campaign.pk}"
    assert "tick those that were in use" in text(client.get(form))
    client.post(form, {**SIGNED, "kind": "full", "also": [str(late.pk)]})
    assert [row["name"] for row in only().rows] == ["Came late"]


def test_a_return_is_corrected_and_withdrawn_on_its_page(client, bank, administrator, model, campaign):
    filed = signed(administrator, bank, campaign)
    sign_in(client, administrator)
    correct = reverse("returns:correct", args=[filed.pk])
    assert client.post(correct, {**SIGNED, "kind": "full"}).status_code == 422
    to = client.post(correct, {**SIGNED, "kind": "full", "remark": "The officer was another."}).url
    assert f"Corrects {filed.number}" in text(client.get(to))
    assert "Corrected" in text(client.get(reverse("returns:return", args=[filed.pk])))
    with viewing(REGISTER):
        correction = Return.objects.get(corrects=filed)
    withdraw = reverse("returns:withdraw", args=[correction.pk])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    client.post(withdraw, {"reason": "A mistake."})
    assert again(correction).state == "withdrawn" and "A mistake." in text(client.get(to))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("?campaign=nonsense", 404),
        ("?starts_on=2026-01-01", 404),
        ("?starts_on=soon&ends_on=2026-01-01", 404),
        ("?starts_on=2026-03-31&ends_on=2026-01-01", 422),
        ("?starts_on=2100-01-01&ends_on=2100-01-02", 422),
    ],
)
def test_a_period_that_is_none_is_refused_before_a_form_is_shown(client, bank, administrator, query, status):
    sign_in(client, administrator)
    assert client.get(f"/returns/file/{query}").status_code == status


def test_it_waits_on_the_first_page_of_those_who_may_file(client, bank, owner, administrator, campaign):
    form = f"/returns/file/?campaign={campaign.pk}"
    assert form in sign_in(client, administrator).get("/").content.decode()
    signed(administrator, bank, campaign, "nil")
    assert form not in client.get("/").content.decode()
    assert form not in sign_in(client, owner).get("/").content.decode()


def test_owners_read_the_page_and_are_offered_no_form(client, bank, owner, campaign):
    sign_in(client, owner)
    page = client.get(HOME).content.decode()
    assert TITLES["en"] in page and "<form" not in page.partition("<main")[2]
    assert client.get(f"/returns/file/?campaign={campaign.pk}").status_code == 403


def test_the_supervisor_opens_follows_and_closes_a_campaign(client, bank, administrator, supervisor):
    joined_long_ago(bank)
    sign_in(client, supervisor)
    assert "No campaign has been opened yet" in text(client.get("/campaigns/"))
    sent = {
        "starts_on": STARTS, "ends_on": ENDS, "due_on": timezone.localdate(), "edition": "2026-1",
        **{f"title_{language}": words for language, words in TITLES.items()},
    }  # fmt: skip
    assert client.post("/campaigns/open/", {**sent, "due_on": ENDS}).status_code == 422
    page = client.post("/campaigns/open/", sent).url
    assert "0 of 1 participants have filed" in text(client.get(page))
    with viewing(REGISTER):
        campaign = Campaign.objects.get()
    filed = signed(administrator, bank, campaign, "nil")
    assert filed.number in text(client.get(page))
    assert filed.digest in client.get(reverse("returns:return", args=[filed.pk])).content.decode()
    client.post(f"{page}close/")
    assert "Closed on" in text(client.get(page)) and not again(campaign).is_open


def test_the_overdue_stand_on_a_list(client, bank, broker, administrator, supervisor, campaign):
    joined_long_ago(bank, broker)
    signed(administrator, bank, campaign, "nil")
    due(campaign, 1)
    sign_in(client, supervisor)
    listed = text(client.get("/campaigns/")).partition("Overdue Overdue")[2]
    assert broker.name in listed and bank.name not in listed


@pytest.mark.parametrize("roles", [("administrator", "validator"), ("model_owner",), ("auditor",)])
def test_participants_cannot_tell_that_there_are_such_pages(client, bank, roles, campaign):
    sign_in(client, join(bank, *roles, email="somebody@bank.example"))
    missing = client.get("/no-such-page/").content
    for path in (
        "/campaigns/",
        "/campaigns/open/",
        f"/campaigns/{campaign.pk}/",
        f"/campaigns/{campaign.pk}/close/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (404, missing), path


@pytest.mark.parametrize("many", [1, 3])
def test_lists_cost_the_same_however_long_they_are(
    client, bank, owner, administrator, supervisor, campaign, many, django_assert_max_num_queries
):
    for n in range(many):
        firm = found(30 + n, name=f"Firm {n}")
        signed(join(firm, "administrator", email=f"head@firm{n}.example"), firm, campaign, "nil")
        since(registered(owner), date(2026, 2, 1))
    sign_in(client, administrator)
    with django_assert_max_num_queries(26):
        client.get(f"/returns/file/?campaign={campaign.pk}")
    sign_in(client, supervisor)
    with django_assert_max_num_queries(18):
        client.get("/campaigns/")
    with django_assert_max_num_queries(18):
        client.get(f"/campaigns/{campaign.pk}/")
    with django_assert_max_num_queries(18):
        client.get(HOME)
