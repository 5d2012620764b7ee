"""Behind a column of the matrix: the requirements of one framework, and the models behind each of its numbers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Duty, Obligation
from governance.people.acting import viewing
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.test_matrix import RISKS, numbers, page, text
from tests.governance.obligations.things import a_model, a_paper

pytestmark = pytest.mark.django_db

FRAMEWORK = "obligations:matrix-framework"
MODELS = "obligations:matrix-models"


@pytest.fixture
def models(bank, owner) -> tuple[AIModel, AIModel]:
    """Two models; the first has its risks on file."""
    first, second = a_model(owner), a_model(owner, number="M-0002")
    a_paper(owner, first, "risk_register")
    obligations.catch_up(bank.pk)
    return first, second


def test_each_requirement_says_on_how_many_models_it_stands_so(client, owner, models):
    shown = page(client, owner, FRAMEWORK, "kz-ai-law")
    lines = {line.of.url: line for line in shown.context["sums"].lines}
    here = reverse(MODELS, args=["kz-ai-law", RISKS])

    with viewing(REGISTER):
        statuses = list(Duty.objects.filter(obligation__key=RISKS).values_list("status", flat=True))
    assert numbers(lines[here].cells) == {status: statuses.count(status) for status in statuses}
    every = Obligation.objects.filter(framework__key="kz-ai-law").count()
    assert len(lines) + shown.context["silent"] == every and 0 < len(lines) < every
    assert f"{shown.context['silent']} requirements more ask nothing of these models" in text(shown)
    assert "Evidence status under edition 2026-11-22 as read on" in text(shown)


def test_a_number_leads_to_the_models_behind_it(client, owner, models):
    shown = page(client, owner, FRAMEWORK, "kz-ai-law")
    cells = [cell for line in shown.context["sums"].lines for cell in line.cells if cell.url]

    assert cells
    for cell in cells[::10]:
        behind = client.get(cell.url)
        assert {line.duty.status for line in behind.context["lines"]} == {cell.status}
        assert len(behind.context["lines"]) == cell.number


def test_a_model_of_the_list_leads_to_its_requirement(client, owner, models):
    shown = page(client, owner, MODELS, "kz-ai-law", RISKS)

    assert [line.duty.model for line in shown.context["lines"]] == list(models)
    for model in models:
        assert reverse("obligations:requirement", args=[model.pk, RISKS]) in shown.content.decode()
    assert "nobody yet" in text(shown)


def test_a_status_that_no_model_has_says_so(client, owner, models):
    assert "No model of this choice stands so" in text(
        page(client, owner, MODELS, "kz-ai-law", RISKS, status="waived")
    )


def test_a_status_that_does_not_exist_is_refused(client, owner, models):
    assert page(client, owner, MODELS, "kz-ai-law", RISKS, status="green").status_code == 422


def test_the_choice_goes_with_the_reader(client, supervisor, bank, broker, stranger, models):
    a_model(stranger, number="M-0009")
    obligations.catch_up(broker.pk)
    every = page(client, supervisor, MODELS, "kz-ai-law", RISKS)
    one = page(client, supervisor, FRAMEWORK, "kz-ai-law", organisation=str(bank.pk))

    assert len(every.context["lines"]) == 3
    cells = [cell for line in one.context["sums"].lines for cell in line.cells if cell.url]
    assert all(f"organisation={bank.pk}" in cell.url for cell in cells) and max(c.number for c in cells) == 2
    assert {line.duty.model for line in client.get(cells[0].url).context["lines"]} <= set(models)


def test_a_stranger_counts_none_of_it(client, stranger, models):
    shown = page(client, stranger, FRAMEWORK, "kz-ai-law")

    assert shown.context["sums"].lines == [] and "on for no model of this choice" in text(shown)
    assert page(client, stranger, MODELS, "kz-ai-law", RISKS).context["lines"] == []


@pytest.mark.parametrize(
    ("name", "args"),
    [(FRAMEWORK, ("no-such",)), (MODELS, ("no-such", RISKS)), (MODELS, ("kz-ai-law", "no-such"))],
)
def test_what_the_catalogue_does_not_know_is_not_there(client, owner, models, name, args):
    assert page(client, owner, name, *args).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_both_pages_cost_the_same_for_one_model_and_for_three(
    client, bank, owner, more, django_assert_num_queries
):
    for n in range(1 + more):
        a_model(owner, number=f"M-100{n}")
    obligations.catch_up(bank.pk)
    sign_in(client, owner)
    with django_assert_num_queries(17):
        client.get(reverse(FRAMEWORK, args=["kz-ai-law"]))
    with django_assert_num_queries(19):
        client.get(reverse(MODELS, args=["kz-ai-law", RISKS]))
