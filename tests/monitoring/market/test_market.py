"""The supervisor reads the whole market on one page; nobody else can tell that there is such a page."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.filing import services as filing
from governance.filing.occasion import Occasion, Said
from governance.inventory.suppliers.models import Component, Provider
from governance.inventory.suppliers.rules import key
from governance.obligations import services as obligations
from governance.people.acting import acting, viewing
from monitoring.market import queries
from tests.factories import found, join, sign_in
from tests.governance.inventory.made import registered
from tests.governance.obligations.things import graded

pytestmark = pytest.mark.django_db


def supplied(owner, model, name, *, number="", base="", substitute="") -> None:
    with acting(owner, "component.added"):
        provider, _made = Provider.objects.get_or_create(
            organisation_id=model.organisation_id,
            key=key(name),
            defaults={"name": name, "registration_number": number},
        )
        Component.objects.create(
            organisation_id=model.organisation_id, model=model, provider=provider, kind="model",
            name=base or "Assistant", is_foundation_model=bool(base), substitute=substitute,
        )  # fmt: skip


def seen(supervisor):
    with viewing(supervisor):
        return {str(line.organisation.name): line for line in queries.participants(timezone.now())}


@pytest.fixture
def market(bank, broker, owner):
    """A bank with two models, a broker with one, a manager that uses none, and one that has filed nothing."""
    trader = join(broker, "model_owner", "validator", email="owner@broker.example")
    manager = found(11, name="Manager")
    found(12, name="Silent")
    head = join(manager, "administrator", email="head@manager.example")
    filing.file(
        by=head, organisation=manager, occasion=Occasion(date(2026, 1, 1), date(2026, 3, 31)),
        said=Said("nil", officer="H. Head", position="Director", is_complete=True),
    )  # fmt: skip
    one, two, theirs = registered(owner), registered(owner), registered(trader)
    graded(owner, one, "high", "low")
    supplied(owner, one, "Vector AI LLP", base="GPT-Large", substitute="none")
    supplied(owner, two, "ТОО «Датабокс»", number="010140000001")
    supplied(trader, theirs, "«VECTOR AI», Inc.", base="gpt-large ")
    for organisation in (bank, broker):
        obligations.catch_up(organisation.pk)
    return one


def test_each_participant_stands_with_what_it_filed(market, supervisor, bank, broker):
    lines = seen(supervisor)
    assert {name: (line.models, line.filed.number if line.filed else "", line.has_filed) for name, line in lines.items()} == {
        bank.name: (2, "", True),
        broker.name: (1, "", True),
        "Manager": (0, f"R-{timezone.localdate().year}-0001", True),
        "Silent": (0, "", False),
    }  # fmt: skip
    assert lines[bank.name].by_degree == [("high", 1)] and lines[bank.name].grades[""] == 1
    assert lines[bank.name].missing > 0 and lines[bank.name].watched == 0


def test_a_supplier_is_counted_once_however_it_is_written(market, supervisor):
    with viewing(supervisor):
        first, second = queries.suppliers()
    assert (first.participants, first.models, first.without_substitute) == (2, 2, 1)
    assert (second.name, second.participants, second.models) == ("ТОО «Датабокс»", 1, 1)


def test_a_foundation_model_that_two_share_shows(market, supervisor):
    with viewing(supervisor):
        [shared] = queries.foundation_models()
    assert (shared.name.casefold().strip(), shared.participants, shared.models) == ("gpt-large", 2, 2)


def test_the_page_says_it(client, market, supervisor, bank):
    page = sign_in(client, supervisor).get(reverse("market:market")).content.decode()
    for words in (bank.name, "Nothing filed", "No AI in use until", "Vector AI", "GPT-Large", "3"):
        assert words in page
    assert "compliant" not in page.lower()


@pytest.mark.parametrize(
    "roles", [("model_owner",), ("administrator",), ("committee", "validator"), ("auditor",)]
)
def test_participants_cannot_tell_that_there_is_such_a_page(client, bank, roles):
    sign_in(client, join(bank, *roles, email="somebody@bank.example"))
    answer, missing = client.get("/market/"), client.get("/no-such-page/")
    assert (answer.status_code, answer.content) == (404, missing.content)


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_costs_the_same_however_many_participants_there_are(
    client, market, supervisor, more, django_assert_max_num_queries
):
    for n in range(more):
        organisation = found(20 + n, name=f"More {n}")
        registered(join(organisation, "model_owner", email=f"owner@more{n}.example"))
    sign_in(client, supervisor)
    with django_assert_max_num_queries(28):
        client.get(reverse("market:market"))


def test_a_market_without_answers_says_so(client, market, supervisor):
    page = sign_in(client, supervisor).get(reverse("market:market")).content.decode()
    assert "No check has answered yet." in page


def test_each_figure_stands_under_its_own_word(client, market, supervisor, bank):
    """What fails and what is missing are told apart in every row."""
    page = sign_in(client, supervisor).get(reverse("market:market")).content.decode()
    row = page.partition(bank.name)[2].partition("</tr>")[0]
    assert "Missing" in row and "Failing or overdue" not in row
