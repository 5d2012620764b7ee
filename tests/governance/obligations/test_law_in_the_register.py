"""The most telling articles, through the register: the form is filled in, the model is registered and graded, and owes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.demo.mortgage.answers import as_json
from governance.inventory import services as inventory
from governance.inventory.answers import settled
from governance.inventory.models import AIModel
from governance.inventory.sections import QUESTIONS
from governance.obligations import services as obligations
from governance.obligations.lines import Line
from governance.obligations.models import Duty
from governance.obligations.rules import Facts
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.articles import Case, cases
from tests.governance.obligations.things import graded

pytestmark = pytest.mark.django_db

TELLING = (
    ("kz-art6-fairness-equality", 3, {"natural_persons", "trained_model"}),
    ("kz-art6-fairness-equality", 0, {"staff"}),
    ("kz-art15-2-2-security-and-reliability", 5, {"trading"}),
    ("kz-art15-2-2-security-and-reliability", 5, {"autonomy_degree"}),
    ("kz-order95-system-document", 0, {"risk_degree"}),
    ("kz-order95-data-library-document", 0, {"risk_degree"}),
    ("kz-art16-2-user-duties", 0, {"role"}),
    ("kz-art17-1-high-risk-critical-objects", 0, {"risk_degree", "critical_infrastructure"}),
    ("kz-art17-2-high-autonomy-needs-a-law", 0, {"autonomy_degree"}),
    ("kz-art17-3-3-social-scoring", 3, {"credit_scoring"}),
    ("kz-art17-4-open-with-restricted-data", 0, {"usage_mode", "restricted_data"}),
    ("kz-art17-4-closed-under-agreement", 0, {"usage_mode", "origin"}),
    ("kz-art20-1-audit-rules", 0, {"audit_planned"}),
    ("kz-art21-3-who-answers-for-notice", 0, {"generative", "client_facing"}),
    ("kz-art16-1-5-data-behind-decision", 0, {"decisions_about_persons"}),
    ("kz-pd-art25-breach-1-day", 0, {"personal_data"}),
    ("kz-digital-code-art43-human-review", 0, {"solely_automated"}),
    ("kz-nb214-broker-risk-system", 0, {"licensed"}),
    ("kz-art19-2-audit-for-trusted", 0, {"risk_degree", "seeks_trusted_list"}),
)
"""Key of the article, its part, and the answers that its case gives."""


def told(key: str, part: int, answers: set[str]) -> Case:
    return next(
        case for case in cases() if (case.key, case.part) == (key, part) and set(case.binds) == answers
    )


def as_the_form_has_it(facts: Facts) -> dict[str, Any]:
    """The answers of the whole form: a question that only another answer opens is opened, the rest is plain."""
    said = {name: getattr(facts, name) for name in QUESTIONS if hasattr(facts, name)}
    if facts.credit_scoring:
        said |= {"decisions_about_persons": True}  # the form refuses the contradiction
    for question in reversed(QUESTIONS.values()):
        if said.get(question.name) is True and question.name != "trained_model":
            said |= dict.fromkeys(question.deciders, True)
    if facts.origin == "vendor":
        said["vendor"] = "A vendor"
    return settled({**as_json(), **said})


def registered(owner: Actor, bank: Organisation, facts: Facts) -> AIModel:
    with acting(REGISTER, "organisation.corrected"):
        Organisation.objects.filter(pk=bank.pk).update(is_licensed=facts.licensed)
    model = inventory.register(by=owner, organisation=bank, fields=as_the_form_has_it(facts))
    model = inventory.submit(by=owner, model=model)
    graded(owner, model, facts.risk_degree, facts.autonomy_degree)
    if facts.audit_planned:
        obligations.note_occurrence(
            by=owner, model=model, flag="audit_planned", source="audit", source_id=uuid.uuid4(),
            at=timezone.now(),
        )  # fmt: skip
    obligations.catch_up(bank.pk)
    return model


def owes(reader: Actor, model: AIModel, case: Case) -> bool:
    """What the sheet of requirements says; nothing of it may wait for an answer."""
    with viewing(reader):
        duty = Duty.objects.get(model=model, obligation__key=case.key)
    assert "unanswered" not in {reason["key"] for reason in duty.reasons}
    if case.part:
        return case.part in {group["number"] for group in duty.groups}
    return duty.status != "not_applicable"


@pytest.mark.parametrize("case", [told(*each) for each in TELLING], ids=str)
def test_the_model_owes_it_and_with_one_other_answer_it_does_not(case, bank, owner):
    assert owes(owner, registered(owner, bank, case.bound), case)
    freed = [owes(owner, registered(owner, bank, facts), case) for facts in case.freed]
    assert freed == [False] * len(freed)


def test_every_flag_that_the_form_can_set_decides_in_one_of_them():
    through_the_register = {flag for each in TELLING for flag in told(*each).condition.flags}
    named = {flag for case in cases() for flag in case.condition.flags}

    assert named <= through_the_register


def test_the_page_asks_it_of_the_one_and_says_of_the_other_why_not(client, bank, owner):
    case = told("kz-art21-3-who-answers-for-notice", 0, {"generative", "client_facing"})
    bound, free = (registered(owner, bank, facts) for facts in (case.bound, case.freed[0]))
    asked, silent = (_on_the_page(client, owner, model, case.key) for model in (bound, free))

    assert asked.is_asked and not silent.is_asked
    assert silent.reasons == [
        "Does not apply, because this does not hold: generates or changes text, image, audio or video."
    ]


def _on_the_page(client: Client, reader: Actor, model: AIModel, key: str) -> Line:
    response = sign_in(client, reader).get(reverse("obligations:requirements", args=[model.pk]))
    lines = [line for chapter in response.context["chapters"] for line in (*chapter.asked, *chapter.silent)]
    return next(line for line in lines if line.obligation.key == key)
