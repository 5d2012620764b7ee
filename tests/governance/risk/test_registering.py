"""The grading rule is itself a registered model with a version: entered by one click, once, with truthful answers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.errors import NotAllowed
from governance.inventory import answers, sections
from governance.inventory import services as inventory
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import viewing
from governance.risk import questionnaire, registering, services
from tests.factories import REGISTER, join, sign_in
from tests.governance.inventory.made import registered
from tests.governance.risk.given import mildest

pytestmark = pytest.mark.django_db

FOR_THE_FIRM_TO_SAY = {
    "senior_manager",
    "support_contact",
    "role",
    "critical_infrastructure",
    "eu_scope",
    "prohibited_use_check",
}


@pytest.fixture
def rule(bank, owner) -> AIModel:
    return services.register_rule(by=owner, organisation=bank)


def versions(rule: AIModel) -> list[ModelVersion]:
    with viewing(REGISTER):
        return list(ModelVersion.objects.filter(model=rule).order_by("created_at"))


def test_it_is_a_draft_whose_open_answers_only_the_firm_knows(rule, owner):
    assert (rule.is_draft, rule.owner_id, rule.vendor) == (True, owner.user_id, "Senim")
    assert {question.name for question in answers.missing(answers.of(rule))} == FOR_THE_FIRM_TO_SAY
    assert set(registering.answers()) <= set(sections.QUESTIONS)


def test_its_version_names_the_edition_and_the_digests_of_questionnaire_and_rule(rule):
    [version] = versions(rule)

    assert version.label == f"{questionnaire.CURRENT}+rule-2"
    assert version.registry["questionnaire_sha256"] == questionnaire.load().sha256
    assert len(version.registry["rule_sha256"]) == 64 and version.registry["rule_sha256"] in version.notes


def test_a_second_click_changes_nothing(rule, bank, owner):
    assert services.register_rule(by=owner, organisation=bank) == rule
    assert len(versions(rule)) == 1


def test_a_new_edition_is_a_new_version(rule, bank, owner, monkeypatch):
    monkeypatch.setattr(questionnaire, "CURRENT", "kz-2027")
    services.register_rule(by=owner, organisation=bank)

    assert [version.label for version in versions(rule)] == [
        f"{CURRENT}+rule-2" for CURRENT in ("kz-2026-2", "kz-2027")
    ]


def test_only_a_model_owner_of_the_organisation_registers_it(
    bank, validator, committee, stranger, supervisor
):
    for actor in (validator, committee[0], stranger, supervisor):
        with pytest.raises(NotAllowed):
            services.register_rule(by=actor, organisation=bank)
    with viewing(REGISTER):
        assert not AIModel.objects.exists()


def test_two_organisations_have_one_each(rule, broker, bank):
    other = join(broker, "model_owner", email="theirs@broker.example")

    assert services.register_rule(by=other, organisation=broker).pk != rule.pk


def test_the_page_of_a_grade_offers_it_and_then_names_it(owner, bank):
    model = registered(owner)
    services.assess(by=owner, model=model, answers=mildest())
    web, page = sign_in(Client(), owner), reverse("risk:grade", args=[model.pk])
    click = reverse("risk:register-rule", args=[model.pk])
    assert click in web.get(page).content.decode()

    answer = web.post(click)
    rule = registering.rule_id(bank.pk)
    assert answer["Location"] == reverse("inventory:check-answers", args=[rule])
    shown = web.get(page).content.decode()
    assert click not in shown and "M-0002 Grading rule of the register" in shown


def test_it_can_be_completed_and_handed_in(rule, owner):
    said = {
        "senior_manager": "A. Member of the board",
        "support_contact": "ai@bank.example",
        "role": "owner_or_holder",
        "critical_infrastructure": False,
        "eu_scope": False,
        "prohibited_use_check": True,
    }
    inventory.edit(by=owner, model=rule, fields=said)

    assert inventory.submit(by=owner, model=rule).is_registered
