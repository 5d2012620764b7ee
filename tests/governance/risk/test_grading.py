"""A model is graded by the questionnaire; the former grade stays on record, superseded."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.risk import grades, queries, questionnaire, rules, services
from governance.risk.models import RiskAssessment
from tests.factories import sign_in
from tests.governance.inventory.made import registered
from tests.governance.risk.given import LAW, gravest, mildest

pytestmark = pytest.mark.django_db


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
    first = services.assess(by=owner, model=model, answers=mildest())
    second = services.assess(by=validator, model=model, answers=gravest())

    with viewing(owner):
        assert grades.current_grade(model).computed == second
        assert list(queries.former_grades(model)) == [first]
        assert RiskAssessment.objects.get(pk=first.pk).superseded_at is not None


def test_every_question_needs_an_answer_that_is_among_its_options(owner, model):
    first, second = list(mildest())[:2]
    answers = {**mildest(), first: "something else"}
    del answers[second]

    with pytest.raises(RuleBroken) as caught:
        services.assess(by=owner, model=model, answers=answers)

    assert [problem.where for problem in caught.value.problems] == [first, second]
    with viewing(owner):
        assert not RiskAssessment.objects.exists()


def test_an_unknown_question_is_refused(owner, model):
    with pytest.raises(RuleBroken):
        services.assess(by=owner, model=model, answers={**mildest(), "horoscope": "good"})

    with viewing(owner):
        assert grades.current_grade(model) is None


def test_an_answer_that_the_others_do_not_ask_for_is_refused(owner, model):
    with pytest.raises(RuleBroken) as caught:
        services.assess(by=owner, model=model, answers={**mildest(), "orders": "own_only"})

    assert [problem.where for problem in caught.value.problems] == ["orders"]


def test_a_grade_says_by_which_questionnaire_and_rule_it_was_computed(owner, model):
    grade, edition = services.assess(by=owner, model=model, answers=mildest()), questionnaire.load()

    assert (grade.edition, grade.edition_sha256, grade.rule) == (
        "kz-2026-2",
        edition.sha256,
        rules.RULE,
    )
    assert (grade.materiality, grade.complexity, grade.answers) == ("low", "low", mildest())


@pytest.mark.parametrize("answer", [{"decides": "the_system_alone"}, {"intervene": "impossible"}])
def test_high_autonomy_is_refused_at_the_question_that_made_it(owner, model, answer):
    with pytest.raises(RuleBroken) as caught:
        services.assess(by=owner, model=model, answers=mildest(**answer))

    assert [problem.where for problem in caught.value.problems] == list(answer)
    with viewing(owner):
        assert not RiskAssessment.objects.exists()


def test_high_autonomy_under_a_named_law_is_graded_and_the_law_is_shown(owner, model, page):
    grade = services.assess(
        by=owner, model=model, answers=mildest(decides="the_system_alone", special_law=LAW)
    )

    assert (grade.autonomy_degree, grade.tier, grade.special_law) == ("high", 1, LAW)
    assert LAW in sign_in(Client(), owner).get(page).content.decode()


def test_others_do_not_grade(committee, stranger, supervisor, owner, model):
    for actor in (committee[0], stranger, supervisor):
        with pytest.raises(NotAllowed):
            services.assess(by=actor, model=model, answers=mildest())

    with viewing(owner):
        assert not RiskAssessment.objects.exists()


def test_a_withdrawn_model_is_not_graded(owner, model):
    inventory.withdraw(by=owner, model=model, reason="Replaced")

    with pytest.raises(OutOfOrder):
        services.assess(by=owner, model=model, answers=mildest())


def test_the_page_asks_until_there_is_a_grade_and_then_explains_it(owner, model, page):
    web = sign_in(Client(), owner)
    assert web.get(page).content.decode().count("<legend") == len(mildest())

    incomplete = web.post(page, {**mildest(), next(iter(mildest())): ""}).content.decode()
    assert f'id="id_{next(iter(mildest()))}_error"' in incomplete
    answer = web.post(page, gravest(), follow=True)

    shown = answer.content.decode()
    assert "Art. 17(1)" in shown and "tier 1 of 4" in shown and "our reading" in shown
    assert "Floor: high degree of risk" in shown and "Annex III 5(c)" in shown
    assert "Materiality: high · complexity: high · autonomy: high" in shown
    assert web.get(reverse("risk:assess", args=[model.pk])).status_code == 200


def test_the_form_asks_only_what_the_answers_so_far_open(owner, model):
    web, page = sign_in(Client(), owner), reverse("risk:assess", args=[model.pk])
    typed = {**mildest(), "money": "within_limits"}

    opened = web.post(page, typed, headers={"HX-Request": "true"}).content.decode()

    assert "Does it touch the orders of clients?" in opened and "<html" not in opened
    assert 'name="special_law"' not in opened
    with viewing(owner):
        assert not RiskAssessment.objects.exists()


def test_a_grade_by_the_former_edition_is_still_explained(owner, model, page):
    former = questionnaire.load("kz-2026")
    answers = {question.id: question.options[-1].id for question in former.questions}
    graded = rules.grade(answers, former)
    with acting(owner, "risk.assessed"):
        RiskAssessment.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            edition=former.edition,
            answers=answers,
            risk_degree=graded.risk_degree,
            autonomy_degree=graded.autonomy_degree,
            tier=graded.tier,
            reasons=[
                {key: value for key, value in reason.as_dict().items() if key != "reading"}
                for reason in graded.reasons
            ],
            assessed_by_id=owner.user_id,
        )

    shown = sign_in(Client(), owner).get(page).content.decode()
    assert "by the questionnaire kz-2026." in shown and "How far does it reach?" in shown
    assert "Materiality" not in shown


def test_readers_see_the_grade_and_no_form(owner, committee, stranger, model, page):
    reader = sign_in(Client(), committee[0])
    assert "Nobody has graded this model yet" in reader.get(page).content.decode()
    services.assess(by=owner, model=model, answers=mildest())

    assert "Grade again" not in reader.get(page).content.decode()
    assert reader.post(page, mildest()).status_code == 403
    assert sign_in(Client(), stranger).get(page).status_code == 404


def test_the_page_asks_the_database_as_often_for_three_former_grades_as_for_one(owner, model, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    web, counts = sign_in(Client(), owner), []
    for number in range(4):
        services.assess(by=owner, model=model, answers=mildest())
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

    answer = ci.post(address, {"answers": mildest()}, content_type="application/json")
    assert (answer.status_code, answer.json()["risk_degree"], answer.json()["tier"]) == (201, "minimal", 4)
    assert answer.json()["edition_sha256"] == questionnaire.load().sha256

    refused = ci.post(address, {"answers": {}}, content_type="application/json")
    assert (refused.status_code, len(refused.json()["problems"])) == (422, len(mildest()))
