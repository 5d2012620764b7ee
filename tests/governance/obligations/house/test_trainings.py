"""A training is recorded once with the people trained, and answers for every model until it runs out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from audits.ledger.models import LedgerPayload
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.obligations.house import training as trainings
from governance.obligations.house.models import Training
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.inventory.made import registered
from tests.governance.obligations.house.made import day, home_of, trained
from tests.governance.obligations.house.test_papers import standings

pytestmark = pytest.mark.django_db


def test_a_training_answers_for_every_model_until_it_runs_out(bank, owner):
    models = {registered(owner).pk, registered(owner).pk}
    assert standings(bank, "training_record") == {key: {"missing"} for key in models}

    training = trained(owner, "A. Analyst", "B. Broker", valid_until=day(200))
    assert standings(bank, "training_record") == {key: {f"on file until {day(200)}"} for key in models}
    with acting(REGISTER, "test.arranged"):  # as it stands on the day after
        Evidence.objects.filter(source_id=training.pk).update(valid_until=day(-1))

    assert standings(bank, "training_record") == {key: {"lapsed"} for key in models}


def test_a_later_and_shorter_training_does_not_silence_the_former(bank, owner):
    model = registered(owner)
    trained(owner, held_on=day(-30), valid_until=day(300))
    short = trained(owner, held_on=day(-2), valid_until=day(10))
    with acting(REGISTER, "test.arranged"):
        Evidence.objects.filter(source_id=short.pk).update(valid_until=day(-1))

    assert standings(bank, "training_record") == {model.pk: {f"on file until {day(300)}"}}


def test_a_withdrawn_training_counts_no_more_and_its_trace_stays(bank, owner, validator):
    model = registered(owner)
    training = trained(owner)

    trainings.withdraw(by=validator, training=training, reason="It was another course")

    assert standings(bank, "training_record") == {model.pk: {"missing"}}
    with viewing(owner):
        kept = Training.objects.get()
    assert (kept.withdrawn_reason, kept.withdrawn_by_id) == ("It was another course", validator.user_id)
    with pytest.raises(OutOfOrder):
        trainings.withdraw(by=validator, training=training, reason="Again")


def test_names_stand_once_in_the_record_and_never_in_evidence_or_the_ledger(bank, owner):
    training = trained(owner, "A. Analyst", " A. Analyst ", "", "B. Broker")

    assert training.people == ["A. Analyst", "B. Broker"]
    with viewing(owner):
        assert Evidence.objects.get(source_id=training.pk).summary == {"people": 2}
    with viewing(REGISTER):
        payloads = [str(each) for each in LedgerPayload.objects.values()]
    assert any("AI literacy" in each for each in payloads)
    assert not [each for each in payloads if "B. Broker" in each]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"topic": " "}, ["topic"]),
        ({"topic": "a" * 201}, ["topic"]),
        ({"people": [" "]}, ["people"]),
        ({"people": ["A. Analyst", "b" * 121]}, ["people"]),
        ({"held_on": day(1)}, ["held_on"]),
        ({"valid_until": day(-2)}, ["valid_until"]),
        ({"topic": "", "people": []}, ["topic", "people"]),
    ],
)
def test_a_training_that_is_not_in_order_is_refused(owner, said, where):
    given = {"topic": "AI literacy", "people": ["A. Analyst"], "held_on": day(-1), **said}
    with pytest.raises(RuleBroken) as caught:
        trainings.record(by=owner, organisation=home_of(owner), held=trainings.Held(**given))

    assert [problem.where for problem in caught.value.problems] == where
    with viewing(owner):
        assert not Training.objects.exists() and not Evidence.objects.exists()


def test_administrators_and_strangers_record_none(bank, administrator, stranger):
    for actor in (administrator, stranger):
        with pytest.raises(NotAllowed):
            trainings.record(
                by=actor, organisation=bank, held=trainings.Held("AI literacy", ["A. Analyst"], day(0))
            )
    with viewing(REGISTER):
        assert not Training.objects.exists()


def test_the_page_records_one_and_refuses_beside_the_field(owner):
    web = sign_in(Client(), owner)
    page = reverse("house:trainings")
    said = {"topic": "AI literacy", "people": "A. Analyst\nB. Broker", "held_on": day(-1).isoformat()}
    assert "No training is on record yet" in web.get(page).content.decode()

    refused = web.post(page, {**said, "held_on": day(1).isoformat()})
    shown = web.post(page, said, follow=True).content.decode()

    assert refused.status_code == 422 and "This day has not come yet." in refused.content.decode()
    assert "2 people" in shown and "A. Analyst, B. Broker" in shown


def test_a_member_without_the_right_reads_the_list_and_finds_no_form(owner, administrator):
    trained(owner)
    web = sign_in(Client(), administrator)

    shown = web.get(reverse("house:trainings"))

    assert "AI literacy" in shown.content.decode() and not shown.context["may_record"]
    assert web.post(reverse("house:trainings"), {"topic": "x"}).status_code == 403
