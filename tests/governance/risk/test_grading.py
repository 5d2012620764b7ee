"""A model is graded by the questionnaire; the former grade stays on record, superseded."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.people import services as people
from governance.people.acting import viewing
from governance.risk import queries, questionnaire, services
from governance.risk.models import RiskAssessment
from tests.factories import sign_in
from tests.governance.inventory.made import registered

pytestmark = pytest.mark.django_db


def lowest() -> dict[str, str]:
    """The first option of every question."""
    return {question.id: question.options[0].id for question in questionnaire.load().questions}


def gravest() -> dict[str, str]:
    return {question.id: question.options[-1].id for question in questionnaire.load().questions}


@pytest.fixture
def model(owner):
    return registered(owner)


@pytest.fixture
def page(model) -> str:
    return reverse("risk:grade", args=[model.pk])


def test_a_grade_names_both_degrees_the_tier_and_their_reasons(owner, model):
    grade = services.assess(by=owner, model=model, answers=gravest())

    assert (grade.risk_degree, grade.autonomy_degree, grade.tier) == ("high", "high", 1)
    assert {reason["axis"] for reason in grade.reasons} >= {"risk", "autonomy"}
    assert {r["article"] for r in grade.reasons if r["axis"] in ("risk", "autonomy")} == {
        "Art. 17(1)",
        "Art. 17(2)",
    }


def test_a_new_grade_supersedes_the_former(owner, validator, model):
    first = services.assess(by=owner, model=model, answers=lowest())
    second = services.assess(by=validator, model=model, answers=gravest())

    with viewing(owner):
        assert queries.current_grade(model) == second
        assert list(queries.former_grades(model)) == [first]
        assert RiskAssessment.objects.get(pk=first.pk).superseded_at is not None


def test_every_question_needs_an_answer_that_is_among_its_options(owner, model):
    first, second = list(lowest())[:2]
    answers = {**lowest(), first: "something else"}
    del answers[second]

    with pytest.raises(RuleBroken) as caught:
        services.assess(by=owner, model=model, answers=answers)

    assert [problem.where for problem in caught.value.problems] == [first, second]
    with viewing(owner):
        assert not RiskAssessment.objects.exists()


def test_an_unknown_question_is_refused(owner, model):
    with pytest.raises(RuleBroken):
        services.assess(by=owner, model=model, answers={**lowest(), "horoscope": "good"})

    with viewing(owner):
        assert queries.current_grade(model) is None


def test_others_do_not_grade(committee, stranger, supervisor, owner, model):
    for actor in (committee[0], stranger, supervisor):
        with pytest.raises(NotAllowed):
            services.assess(by=actor, model=model, answers=lowest())

    with viewing(owner):
        assert not RiskAssessment.objects.exists()


def test_a_withdrawn_model_is_not_graded(owner, model):
    inventory.withdraw(by=owner, model=model, reason="Replaced")

    with pytest.raises(OutOfOrder):
        services.assess(by=owner, model=model, answers=lowest())


def test_the_page_asks_until_there_is_a_grade_and_then_explains_it(owner, model, page):
    web = sign_in(Client(), owner)
    assert web.get(page).content.decode().count("<legend") == len(lowest())

    incomplete = web.post(page, {**lowest(), next(iter(lowest())): ""}).content.decode()
    assert f'id="id_{next(iter(lowest()))}_error"' in incomplete
    answer = web.post(page, gravest(), follow=True)

    assert "Art. 17(1)" in answer.content.decode() and "tier 1 of 4" in answer.content.decode()
    assert web.get(reverse("risk:assess", args=[model.pk])).status_code == 200


def test_readers_see_the_grade_and_no_form(owner, committee, stranger, model, page):
    reader = sign_in(Client(), committee[0])
    assert "Nobody has graded this model yet" in reader.get(page).content.decode()
    services.assess(by=owner, model=model, answers=lowest())

    assert "Grade again" not in reader.get(page).content.decode()
    assert reader.post(page, lowest()).status_code == 403
    assert sign_in(Client(), stranger).get(page).status_code == 404


def test_the_page_asks_the_database_as_often_for_three_former_grades_as_for_one(owner, model, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    web, counts = sign_in(Client(), owner), []
    for number in range(4):
        services.assess(by=owner, model=model, answers=lowest())
        if number in (1, 3):
            with CaptureQueriesContext(connection) as captured:
                web.get(page)
            counts.append(len(captured))

    assert counts[0] == counts[1]


def test_ci_grades_with_a_token(bank, administrator, owner, model):
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:write"], days=9
    )
    ci = Client(headers={"Authorization": f"Bearer {secret}"})
    address = f"/api/v1/models/{model.pk}/grade"

    answer = ci.post(address, {"answers": lowest()}, content_type="application/json")
    assert (answer.status_code, answer.json()["risk_degree"], answer.json()["tier"]) == (201, "minimal", 4)

    refused = ci.post(address, {"answers": {}}, content_type="application/json")
    assert (refused.status_code, len(refused.json()["problems"])) == (422, len(lowest()))
