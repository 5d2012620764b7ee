"""The matrix counts what stands in which status, for the models of its reader alone, and leads to what is behind a number."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.matrix.models import STATUSES
from governance.obligations.models import Duty, DutySheet
from governance.people.acting import acting, viewing
from governance.people.models import Membership
from tests.factories import REGISTER, join, person, sign_in
from tests.governance.obligations.things import a_model, a_paper, a_run, a_version, graded

pytestmark = pytest.mark.django_db

RISKS = "kz-art18-1-1-identify-risks"


@pytest.fixture
def model(bank, owner) -> AIModel:
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model, "high", "medium")
    version = a_version(owner, model, "1.0")
    a_paper(owner, model, "risk_register")
    a_run(model, version, "check:fairness", "failed")
    obligations.catch_up(bank.pk)
    return model


@pytest.fixture
def theirs(broker, stranger) -> AIModel:
    model = a_model(stranger, number="M-0009")
    obligations.catch_up(broker.pk)
    return model


def page(client, actor, name="obligations:matrix", *args, **parameters):
    return sign_in(client, actor).get(reverse(name, args=args), parameters)


def text(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def counted(model: AIModel, framework: str) -> Counter[str]:
    """What the duties themselves say."""
    with viewing(REGISTER):
        rows = Duty.objects.filter(model=model, obligation__framework__key=framework)
        return Counter(status for status in rows.values_list("status", flat=True) if status in STATUSES)


def numbers(tallies) -> dict[str, int]:
    return {each.status: each.number for each in tallies if each.number}


def test_a_cell_says_how_many_stand_where_red_first_and_leads_there(client, owner, model):
    shown = page(client, owner)
    [line] = shown.context["lines"]
    cells = dict(zip([each.key for each in shown.context["columns"]], line.cells, strict=True))

    assert numbers(cells["kz-ai-law"].tallies) == counted(model, "kz-ai-law")
    first = cells["kz-ai-law"].tallies[0]
    assert first.status == "failing"
    behind = client.get(first.url).context["chapters"]
    assert len([each for chapter in behind for each in chapter.asked]) == first.number
    assert "Failing" in text(shown) and "Missing" in text(shown)


def test_the_columns_are_the_frameworks_that_are_on_with_what_binds_here_first(client, owner, model):
    keys = [each.key for each in page(client, owner).context["columns"]]
    with viewing(owner):
        on = set(DutySheet.objects.get().editions)

    assert keys[0] == "kz-ai-law" and set(keys) == on and "eu-ai-act" not in keys


def test_the_totals_are_the_sums_of_the_cells(client, bank, owner, model):
    second = a_model(owner, number="M-0002")
    obligations.catch_up(bank.pk)
    shown = page(client, owner)

    for line, framework in zip(shown.context["by_framework"].lines, shown.context["columns"], strict=True):
        both = counted(model, framework.key) + counted(second, framework.key)
        assert numbers(line.cells) == both


def test_it_says_under_which_edition_and_day_and_that_it_is_no_opinion(client, owner, model):
    said = text(page(client, owner))

    assert "not a legal opinion" in said and "2026-11-22" in said
    assert "compliant" not in said.lower() and "%" not in said


def test_a_supervisor_sees_all_participants_and_each_of_them_in_a_line(client, supervisor, model, theirs):
    shown = page(client, supervisor)

    assert [line.row.model for line in shown.context["lines"]] == [model, theirs]
    sums = {line.of.title: line for line in shown.context["by_organisation"].lines}
    assert set(sums) == {"First Bank", "Second Broker"} and sums["First Bank"].of.crowd.models == 1
    expected = sum((counted(model, each.key) for each in shown.context["columns"]), Counter())
    assert numbers(sums["First Bank"].cells) == expected


def test_a_participant_sees_only_its_own_and_no_list_of_organisations(client, owner, model, theirs):
    shown = page(client, owner)

    assert [line.row.model for line in shown.context["lines"]] == [model]
    assert shown.context["by_organisation"] is None and "Second Broker" not in text(shown)


def test_an_auditor_sees_the_models_of_their_visit(client, bank, owner, model):
    a_model(owner, number="M-0002")
    auditor = join(bank, "auditor", email="auditor@audit.example")
    with acting(REGISTER, "visit.opened"):
        Membership.objects.filter(user_id=auditor.user_id).update(limited_to=[str(model.pk)])
    shown = page(client, person(auditor.user_id))

    assert [line.row.model for line in shown.context["lines"]] == [model]
    assert shown.context["totals"].models == 1


def test_it_narrows_down_by_name_by_organisation_and_by_framework(client, supervisor, model, theirs, broker):
    def found(**parameters):
        return [line.row.model for line in page(client, supervisor, **parameters).context["lines"]]

    assert found(words="m-0009") == [theirs]
    assert found(organisation=str(broker.pk)) == [theirs]
    assert found(words="model m-0001", framework="iosco") == [model]
    shown = page(client, supervisor, framework="iosco")
    assert [each.key for each in shown.context["columns"]] == ["iosco"]
    assert found(framework="eu-ai-act") == [] and found(words="no such name") == []


def test_a_framework_that_is_chosen_keeps_the_models_for_which_it_is_on(
    client, bank, broker, supervisor, model, theirs
):
    compliance = join(broker, "validator", email="second@broker.example")
    obligations.adopt(by=compliance, organisation=broker, framework_key="mas-feat")
    obligations.catch_up(broker.pk)
    shown = page(client, supervisor, framework="mas-feat")

    assert [line.row.model for line in shown.context["lines"]] == [theirs]
    assert [line.of.title for line in shown.context["by_organisation"].lines] == ["Second Broker"]
    whole = page(client, supervisor)
    at = [each.key for each in whole.context["columns"]].index("mas-feat")
    assert [line.cells[at].is_on for line in whole.context["lines"]] == [False, True]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"organisation": "x"}, "Organisation"),
        ({"organisation": "00000000-0000-4000-8000-000000000000"}, "Organisation"),
        ({"framework": "no-such"}, "Framework"),
        ({"words": "a" * 121}, "Name or number"),
        ({"words": "\0"}, "Name or number"),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused_with_its_field(client, owner, model, parameters, field):
    answer = page(client, owner, **parameters)

    assert answer.status_code == 422 and f"{field}: " in answer.content.decode()


def test_another_organisation_is_refused_as_one_that_does_not_exist(client, owner, broker):
    there = page(client, owner, organisation=str(broker.pk))
    nowhere = page(client, owner, organisation="00000000-0000-4000-8000-000000000000")

    assert there.status_code == nowhere.status_code == 422
    assert (
        "There is no such organisation." in there.content.decode()
        and "Second Broker" not in there.content.decode()
    )


def test_a_row_says_when_its_sheet_is_behind(client, bank, owner, model):
    assert "being computed" not in text(page(client, owner))
    a_paper(owner, model, "model_card")
    shown = page(client, owner)

    assert shown.context["totals"].behind == 1 and not shown.context["lines"][0].row.is_current
    assert "1 model is being computed" in text(shown)


def test_a_sheet_whose_days_are_over_is_behind(client, bank, owner, model):
    with acting(REGISTER, "duties.computed"):
        DutySheet.objects.update(stale_after=timezone.localdate() - timedelta(days=1))

    shown = page(client, owner)
    assert shown.context["totals"].behind == 1 and not shown.context["lines"][0].row.is_current


def test_before_the_first_computation_the_cells_are_empty_and_the_row_says_why(client, owner):
    a_model(owner)
    shown = page(client, owner)

    assert shown.context["columns"] == [] and shown.context["lines"][0].row.sheet is None
    assert "being computed" in text(shown)


def test_a_cell_judged_by_another_edition_names_it(client, owner, model):
    with acting(REGISTER, "duties.computed"):
        former = DutySheet.objects.get()
        DutySheet.objects.update(editions={**former.editions, "iosco": "2025-01-01"})

    assert "Edition 2025-01-01" in text(page(client, owner))


def test_drafts_and_withdrawn_models_are_not_counted(client, bank, owner, model):
    a_model(owner, number="M-0002", status="draft")
    obligations.catch_up(bank.pk)

    assert page(client, owner).context["totals"].models == 1


def test_without_a_model_the_page_says_what_to_do_first(client, owner):
    assert "Register the first one" in text(page(client, owner))


def test_fifty_models_stand_on_a_page(client, bank, owner):
    for n in range(51):
        a_model(owner, number=f"M-{n:04d}")

    assert len(page(client, owner).context["lines"]) == 50
    assert [line.row.model.number for line in page(client, owner, page=2).context["lines"]] == ["M-0050"]


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize("who", ["owner", "supervisor"])
def test_the_page_costs_the_same_for_one_model_and_for_three(
    request, client, bank, owner, model, more, who, django_assert_num_queries
):
    actor = request.getfixturevalue(who)
    for n in range(more):
        a_model(owner, number=f"M-100{n}")
    obligations.catch_up(bank.pk)
    sign_in(client, actor)
    with django_assert_num_queries(19):
        client.get(reverse("obligations:matrix"))


@pytest.mark.parametrize(("language", "words"), [("kk", "kk"), ("ru", "ru"), ("en", "en")])
def test_it_speaks_the_language_of_its_reader(client, owner, model, language, words):
    sign_in(client, owner)
    client.cookies["django_language"] = language
    with translation.override(language):
        shown = client.get(reverse("obligations:matrix")).content.decode()

    assert f'<html lang="{words}"' in shown
    title = {"kk": "«Жасанды интеллект туралы»", "ru": "«Об искусственном интеллекте»", "en": "On Artificial"}
    assert title[language] in shown


def test_the_way_to_it_is_shown_to_those_who_have_a_role(client, owner, model):
    for name, args in (("home", ()), ("models", ()), ("obligations:requirements", (model.pk,))):
        assert f'href="{reverse("obligations:matrix")}' in page(client, owner, name, *args).content.decode()
