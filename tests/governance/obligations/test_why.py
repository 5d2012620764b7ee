"""Why requirements apply: each flag in words, the answer that set it, and the place where it can be changed."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.because import options
from governance.obligations.edition import vocabularies
from governance.obligations.facts import flags_of, occurrences_of
from governance.obligations.why.queries import known_of, lines_of
from governance.obligations.why.sources import source
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.models import Organisation
from governance.risk.overriding import services as overriding
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.things import a_model, graded

pytestmark = pytest.mark.django_db

SCORE = {
    "role": "owner_or_holder",
    "origin": "in_house",
    "credit_scoring": True,
    "natural_persons": False,
    "decisions_about_persons": False,
    "generative": False,
    "deepfake": False,
}


@pytest.fixture
def model(bank, owner) -> AIModel:
    model = a_model(owner, **SCORE)
    graded(owner, model, "high", "low")
    return model


def an_incident(owner, model) -> None:
    obligations.note_occurrence(
        by=owner, model=model, flag="incident_occurred", source="incident", source_id=uuid.uuid4(),
        at=timezone.make_aware(timezone.datetime(2026, 3, 2, 12)),
    )  # fmt: skip


def address(model) -> str:
    return reverse("obligations:flags", args=[model.pk])


def block(response, flag: str) -> str:
    """What the page says of one flag, with its tags."""
    assert response.status_code == 200
    found = re.search(rf'<div id="{flag}">(.*?)</dl>|$', response.content.decode(), re.DOTALL)
    assert found
    return re.split(r'<div id="', found[0][len("<div id=") :])[0]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_a_flag_stands_with_the_question_and_the_answer_that_set_it(client, owner, model):
    told = block(sign_in(client, owner).get(address(model)), "natural_persons")

    assert "Outputs concern people" in told
    assert "Does it score the creditworthiness of natural persons? Yes Change" in words(told)
    assert "Do its outputs concern people?" not in told


def test_the_owner_is_led_to_the_question_and_nobody_else_is(client, owner, validator, model):
    way = f"{reverse('inventory:edit', args=[model.pk, 'does'])}#id_ticked"

    assert way in block(sign_in(client, owner).get(address(model)), "credit_scoring")
    assert "Change" not in words(block(sign_in(client, validator).get(address(model)), "credit_scoring"))


def test_an_officer_of_the_supervisor_reads_it_and_changes_nothing(client, supervisor, model):
    told = words(block(sign_in(client, supervisor).get(address(model)), "credit_scoring"))

    assert "Does it score the creditworthiness of natural persons? Yes" in told
    assert "Change" not in told


def test_nobody_is_led_to_change_a_withdrawn_model(client, bank, owner):
    model = a_model(
        owner, status="withdrawn", withdrawn_at=timezone.now(), withdrawn_reason="Replaced.", **SCORE
    )

    assert "Change" not in words(block(sign_in(client, owner).get(address(model)), "credit_scoring"))


def test_an_answer_that_follows_from_another_leads_to_the_question_that_decides_it(client, owner, model):
    told = block(sign_in(client, owner).get(address(model)), "deepfake")

    assert f"{reverse('inventory:edit', args=[model.pk, 'does'])}#id_ticked" in told


def test_an_open_flag_names_the_questions_that_nobody_has_answered(client, owner, model):
    response = sign_in(client, owner).get(address(model))
    told = block(response, "trading")

    assert words(told).count("Not answered") == 2
    assert "Does it set parameters of orders?" in told and "Is it a market-making strategy?" in told
    [waiting] = [part for part in response.context["parts"] if part.anchor == "open"]
    assert "trading" in {line.flag for line in waiting.lines}


def test_a_degree_has_the_grade_as_its_source(client, owner, model):
    told = block(sign_in(client, owner).get(address(model)), "risk_high")

    assert "Degree of risk High" in words(told)
    assert reverse("risk:grade", args=[model.pk]) in told


def test_a_degree_that_was_set_by_hand_is_the_one_that_counts(client, owner, validator, model):
    overriding.override(
        by=validator, model=model, axis="risk", value="medium", reason="As we see it.",
        ends_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip

    response = sign_in(client, owner).get(address(model))

    assert "Degree of risk Medium" in words(block(response, "risk_medium"))
    assert "Degree of risk Medium" in words(block(response, "risk_high"))
    assert "risk_high" in {line.flag for line in response.context["off"]}


def test_before_a_model_is_graded_every_degree_waits(client, bank, owner):
    response = sign_in(client, owner).get(address(a_model(owner)))

    assert "Degree of risk Not answered" in words(block(response, "risk_minimal"))


def test_the_licence_is_said_of_the_organisation(client, bank, owner, model):
    with acting(REGISTER, "organisation.corrected"):
        Organisation.objects.filter(pk=bank.pk).update(is_licensed=True)

    told = words(block(sign_in(client, owner).get(address(model)), "licensed_participant"))

    assert told.endswith(
        "Licensed for brokerage, dealing or portfolio management Yes said of the organisation"
    )
    assert told.count("brokerage") == 1


def test_an_event_is_told_with_its_day(client, owner, model):
    before = words(block(sign_in(client, owner).get(address(model)), "incident_occurred"))
    an_incident(owner, model)
    after = words(block(client.get(address(model)), "incident_occurred"))

    assert "Nothing on record" in before
    assert "On record since 2 Mar 2026" in after


def test_a_flag_counts_the_requirements_that_name_it(client, bank, owner, model):
    obligations.catch_up(bank.pk)

    response = sign_in(client, owner).get(address(model))
    [line] = [line for part in response.context["parts"] for line in part.lines if line.flag == "risk_high"]

    assert "kz-order95-ai-principles-policy" in {duty.obligation.key for duty in line.duties}
    assert f"{len(line.duties)} requirements name it" in words(block(response, "risk_high"))


def test_the_page_of_a_requirement_leads_to_each_flag_of_its_condition(client, bank, owner, model):
    obligations.catch_up(bank.pk)
    key = "kz-art15-2-2-security-and-reliability"

    response = sign_in(client, owner).get(reverse("obligations:requirement", args=[model.pk, key]))
    page = response.content.decode()

    named = [
        "owner_or_holder", "trained_model", "risk_medium", "risk_high", "trading", "autonomy_medium",
        "autonomy_high",
    ]  # fmt: skip
    assert [line.flag for line in response.context["conditions"]] == named
    assert all(f"{address(model)}#{flag}" in page for flag in named)
    assert "Risk level = high : holds" in words(page)
    assert "Risk level = medium : does not hold" in words(page)
    assert "The system sets parameters of orders : not answered yet" in words(page)


def test_a_requirement_without_a_condition_says_that_every_model_is_asked(client, bank, owner, model):
    obligations.catch_up(bank.pk)
    at = reverse("obligations:requirement", args=[model.pk, "kz-art17-3-2-vulnerability"])

    assert "It is asked of every model." in words(sign_in(client, owner).get(at).content.decode())


def test_the_flags_explained_are_those_by_which_the_model_is_judged(bank, owner, model):
    an_incident(owner, model)
    with viewing(owner):
        told = {line.flag: line.value for line in lines_of(model)}

        assert told == flags_of([model], licensed=bank.is_licensed)[model.pk]
        assert occurrences_of([model])[model.pk] == {"incident_occurred"} and told["incident_occurred"]


@pytest.mark.parametrize("fact", sorted(options()))
def test_every_fact_is_told_in_words(fact, owner, model):
    with viewing(owner):
        told = source(fact, known_of(model))

    assert told.fact == fact and told.label and told.label != fact
    assert bool(told.section) is bool(told.field) is (told.kind == "registration")


def test_an_event_on_record_is_the_source_even_where_the_form_asks_about_it(owner, model):
    with viewing(owner):
        known = replace(known_of(model), occurred={"generative": timezone.now()})
        told = source("generative", known)

    assert known.facts.generative is True
    assert (told.kind, told.section) == ("event", "")


def test_the_page_costs_the_same_however_many_requirements_there_are(client, bank, owner, model):
    sign_in(client, owner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address(model)).status_code == 200
        return len(counted)

    asked()  # the first request of a session reads who it is
    before = asked()
    obligations.catch_up(bank.pk)

    assert asked() == before


def test_a_stranger_learns_nothing(client, stranger, model):
    theirs = sign_in(client, stranger).get(address(model))
    missing = client.get(reverse("obligations:flags", args=[uuid.uuid4()]))

    assert theirs.status_code == missing.status_code == 404
    assert theirs.content == missing.content


@pytest.fixture
def ci(bank, administrator, client):
    def with_scopes(*scopes: str):
        _token, secret = people.issue_token(
            by=administrator, organisation=bank, name="CI", scopes=list(scopes), days=1
        )
        client.defaults |= {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_ACCEPT_LANGUAGE": "en"}
        return client

    return with_scopes


def test_a_program_reads_every_flag_with_what_set_it(ci, model):
    answer = ci("models:read").get(f"/api/v1/models/{model.pk}/flags")

    assert answer.status_code == 200
    flags = {each["flag"]: each for each in answer.json()["flags"]}
    assert flags.keys() == vocabularies()["flags"].keys()
    assert flags["natural_persons"] == {
        "flag": "natural_persons",
        "words": "outputs concern people",
        "value": True,
        "because": [
            {
                "fact": "credit_scoring",
                "source": "registration",
                "question": "Does it score the creditworthiness of natural persons?",
                "answer": "Yes",
            }
        ],
    }
    assert flags["user_role"]["value"] is False
    assert [each["fact"] for each in flags["user_role"]["because"]] == ["role", "origin"]
    assert flags["trading"]["value"] is None
    assert [each["answer"] for each in flags["trading"]["because"]] == ["", ""]


def test_a_program_without_the_right_is_refused(ci, model):
    assert ci("gate:read").get(f"/api/v1/models/{model.pk}/flags").status_code == 403
