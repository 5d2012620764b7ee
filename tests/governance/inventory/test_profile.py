"""The profile stands beside the model in tables of its own, and is answered by the same services, pages and API."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.models import LedgerEntry
from governance.demo.chatbot.answers import GRADE as OF_MINIMAL_RISK
from governance.demo.trading.answers import GRADE as OF_HIGH_RISK
from governance.errors import RuleBroken
from governance.inventory import answers, services
from governance.inventory.models import AIModel
from governance.inventory.profile.models import TABLES, PeopleProfile, TradingProfile, UseProfile
from governance.inventory.profile.queries import gather, risk_degree, values_of
from governance.obligations.edition import vocabularies
from governance.obligations.facts import model_flags, registration
from governance.obligations.registration import attribute
from governance.people.acting import acting, viewing
from governance.risk import services as risk
from governance.risk.grades import current_grade
from governance.risk.overriding import services as overriding
from tests.factories import sign_in
from tests.governance.inventory.made import draft, registered
from tests.governance.inventory.test_api import a_token

pytestmark = pytest.mark.django_db

SAID = {
    "outputs": ["score", "advice"],
    "approved_uses": ["Retail", "Small business"],
    "decisions_per_month": 1200,
    "model_class": "trees",
    "in_service_on": date(2026, 1, 10),
    "is_ai_system": True,
    "owner_deputy": "  Aigul S. ",
}


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def stored(owner, model) -> dict:
    with viewing(owner):
        return answers.of(AIModel.objects.get(pk=model.pk))


def wrong(caught) -> list[str]:
    return [str(problem.where) for problem in caught.value.problems]


def test_an_answer_is_saved_wherever_it_lives_and_raises_the_revision(owner):
    model = registered(owner)
    with viewing(owner):
        before = AIModel.objects.get(pk=model.pk).revision

    services.edit(by=owner, model=model, fields=SAID)

    after = stored(owner, model)
    assert {name: after[name] for name in SAID} == {
        **SAID,
        "outputs": ["advice", "score"],
        "owner_deputy": "Aigul S.",
    }
    with viewing(owner):
        assert AIModel.objects.get(pk=model.pk).revision > before
        assert LedgerEntry.objects.filter(model=model.pk, table="governance_useprofile").exists()


def test_no_row_is_written_before_the_first_answer(owner):
    registered(owner)

    with viewing(owner):
        assert not any(table.objects.exists() for table in TABLES)


def test_a_draft_begins_with_answers_of_both_kinds(owner):
    model = draft(owner, trading=True, market_making=False, largest_order=500)

    with viewing(owner):
        assert TradingProfile.objects.get(model=model).largest_order == 500


def test_what_is_no_longer_asked_goes_away(owner):
    model = draft(owner, trading=True, market_making=False, largest_order=500, initiates_orders=True)

    services.edit(by=owner, model=model, fields={"trading": False})

    with viewing(owner):
        row = TradingProfile.objects.get(model=model)
    assert (row.largest_order, row.initiates_orders) == (None, None)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"model_class": "horoscope"}, ["model_class"]),
        ({"outputs": ["horoscope"]}, ["outputs"]),
        ({"approved_uses": "Retail"}, ["approved_uses"]),
        ({"approved_uses": ["x" * 201]}, ["approved_uses"]),
        ({"decisions_per_month": -1, "owner_deputy": "x" * 201}, ["decisions_per_month", "owner_deputy"]),
        ({"in_service_on": "yesterday"}, ["in_service_on"]),
        ({"in_service_on": "2026-02-01", "retires_on": "2026-01-01"}, ["retires_on"]),
        ({"developer": "Team A", "validator": " team  a"}, ["validator"]),
        ({"largest_order": 5}, ["largest_order"]),
    ],
)
def test_what_is_not_in_order_is_named_and_nothing_is_written(owner, fields, where):
    model = registered(owner)

    with pytest.raises(RuleBroken) as caught:
        services.edit(by=owner, model=model, fields={"how_it_works": "Words", **fields})

    assert wrong(caught) == where
    with viewing(owner):
        assert not UseProfile.objects.exists() and not PeopleProfile.objects.exists()


def test_the_database_refuses_a_validator_who_is_the_developer(owner, bank):
    model = registered(owner)

    with (
        pytest.raises(IntegrityError, match="a_validator_is_not_the_developer"),
        acting(owner, "model.edited"),
    ):
        PeopleProfile.objects.create(organisation=bank, model=model, developer="A", validator="A")


def test_the_profiles_of_many_models_are_read_in_one_query(owner, bank, django_assert_num_queries):
    for number in range(3):
        made = services.register(by=owner, organisation=bank, fields={"name": f"M{number}"})
        services.edit(by=owner, model=made, fields={"how_it_works": f"Way {number}"})
    with viewing(owner):
        one, three = list(AIModel.objects.all()[:1]), list(AIModel.objects.order_by("number"))
        with django_assert_num_queries(1):
            gather(one)
        with django_assert_num_queries(1):
            gather(three)
        with django_assert_num_queries(0):
            said = [values_of(model)["how_it_works"] for model in three]

    assert said == ["Way 0", "Way 1", "Way 2"]


def test_a_strangers_reading_finds_no_profile(owner, stranger):
    model = registered(owner)
    services.edit(by=owner, model=model, fields=SAID)

    with viewing(stranger):
        assert not UseProfile.objects.filter(pk__isnull=False).exists()
        with pytest.raises(ObjectDoesNotExist):
            UseProfile.objects.get(model_id=model.pk)


def test_the_degree_that_opens_questions_is_the_one_that_counts(owner, validator):
    model = registered(owner)
    with viewing(owner):
        assert risk_degree(model) == ""
    risk.assess(by=owner, model=model, answers=OF_MINIMAL_RISK)
    with viewing(owner):
        assert risk_degree(model) == current_grade(model).risk_degree == "minimal"

    ends_on = timezone.localdate() + timedelta(days=30)
    overriding.override(by=validator, model=model, axis="risk", value="high", reason="Alike", ends_on=ends_on)

    with viewing(owner):
        assert risk_degree(model) == current_grade(model).risk_degree == "high"


def test_every_registration_field_of_a_requirement_has_a_question(owner):
    computed = {"number", "status", "version", "risk_degree", "autonomy_degree", "tier", "eu_class"}

    without = {attribute(name) for name in vocabularies()["registration_fields"]} - computed
    assert without <= set(stored(owner, registered(owner)))


def test_requirements_see_what_the_profile_says(owner):
    model = registered(owner)
    services.edit(by=owner, model=model, fields={**SAID, "applicable_acts": ["Law 230-VIII", "Law 94-V"]})

    with viewing(owner):
        filled = registration(AIModel.objects.get(pk=model.pk), None, None)

    assert (filled["is_ai_system"], filled["applicable_acts"]) == ("True", "Law 230-VIII, Law 94-V")
    assert "input_data" not in filled


def test_a_plan_or_an_act_is_no_until_somebody_says_yes(owner):
    model = registered(owner)
    names = ("audit_planned", "seeks_trusted_list", "human_subject_evaluation", "eu_derogation_claimed")
    assert {model_flags(model, None, licensed=True)[name] for name in names} == {False}

    services.edit(by=owner, model=model, fields={"audit_planned": True, "seeks_trusted_list": True})

    with viewing(owner):
        flags = model_flags(AIModel.objects.get(pk=model.pk), None, licensed=True)
    assert [flags[name] for name in names] == [True, True, False, False]


def edit(model, section: str) -> str:
    return reverse("inventory:edit", args=[model.pk, section])


def test_each_section_of_the_profile_opens_saves_and_leads_on(web, owner):
    model = registered(owner)
    with viewing(owner):
        parts = [each for each in answers.relevant(answers.graded(model)) if each.later]
    for section, following in zip(parts, [*parts[1:], None], strict=True):
        page = web.get(edit(model, section.slug))
        fields = {name: page.context["form"][name].value() for name in page.context["form"].fields}
        sent = {name: value for name, value in fields.items() if value not in (None, False)}

        answer = web.post(edit(model, section.slug), sent)

        check = reverse("inventory:check-answers", args=[model.pk])
        assert answer.url == (edit(model, following.slug) if following else check)
    with viewing(owner):
        assert not any(table.objects.exists() for table in TABLES)


def test_what_is_typed_is_on_record_and_shown(web, owner):
    model = registered(owner)
    answer = web.post(
        edit(model, "use"),
        {"how_it_works": "By rules", "outputs": ["score", "advice"], "decisions_per_month": "1200"},
    )
    web.post(edit(model, "law"), {"applicable_acts": "Law 230-VIII\n\n Law 94-V ", "is_ai_system": "no"})

    assert answer.status_code == 302
    said = stored(owner, model)
    assert (said["outputs"], said["decisions_per_month"]) == (["advice", "score"], 1200)
    assert (said["applicable_acts"], said["is_ai_system"]) == (["Law 230-VIII", "Law 94-V"], False)
    for page in (reverse("inventory:check-answers", args=[model.pk]), reverse("model", args=[model.pk])):
        shown = web.get(page).content.decode()
        assert "By rules" in shown and "Law 94-V" in shown and "1,200" in shown
    again = web.get(edit(model, "law")).content.decode()
    assert "Law 230-VIII\nLaw 94-V" in again


def test_a_wrong_number_is_said_beside_its_field(web, owner):
    model = registered(owner)

    page = web.post(edit(model, "use"), {"decisions_per_month": "many"})

    assert page.status_code == 422 and 'id="id_decisions_per_month_error"' in page.content.decode()
    assert stored(owner, model)["decisions_per_month"] is None


def test_before_the_grade_the_steps_name_what_it_opens(web, owner):
    model = registered(owner)
    page = web.get(edit(model, "use")).content.decode()
    assert "What is at stake (after grading)" in page and edit(model, "stakes") not in page
    assert "Further questions follow here once the model is graded." in page

    risk.assess(by=owner, model=model, answers=OF_HIGH_RISK)

    graded = web.get(edit(model, "use")).content.decode()
    assert edit(model, "stakes") in graded and "after grading" not in graded
    assert 'name="clients_reached"' in graded


@pytest.mark.parametrize(("grade", "is_asked"), [(OF_MINIMAL_RISK, False), (OF_HIGH_RISK, True)])
def test_the_owner_is_asked_for_the_profile_where_the_grade_is_not_minimal(web, owner, grade, is_asked):
    model = registered(owner)
    services.edit(by=owner, model=model, fields={"how_it_works": "By rules"})
    risk.assess(by=owner, model=model, answers=grade)

    page = web.get(reverse("model", args=[model.pk])).content.decode()

    assert ("Fill in its profile: 1 of" in page) == is_asked


def test_the_steps_of_registration_stay_as_few(web, owner):
    page = web.get(edit(draft(owner), "what")).content.decode()

    assert edit(draft(owner), "use") not in page and "Check and register" in page


def test_the_api_takes_and_tells_the_profile(bank, administrator, owner):
    ci = a_token(administrator, bank, "models:write")
    body = {"name": "By CI", "learning_mode": "periodic", "retraining_months": 3, "outputs": ["order"]}

    told = ci.post("/api/v1/models", body, content_type="application/json").json()["answers"]

    assert (told["learning_mode"], told["retraining_months"], told["outputs"]) == ("periodic", 3, ["order"])
    refused = ci.post("/api/v1/models", {**body, "outputs": ["horoscope"]}, content_type="application/json")
    assert refused.status_code == 422


def test_the_check_asks_the_database_as_often_with_a_profile_as_without(web, owner):
    bare, full = registered(owner), registered(owner)
    services.edit(by=owner, model=full, fields=SAID)
    counts = []
    for model in (bare, full):
        with CaptureQueriesContext(connection) as asked:
            web.get(reverse("inventory:check-answers", args=[model.pk]))
        counts.append(len(asked))

    assert counts[0] == counts[1]
