"""Sets that cannot answer, without sensitive columns or with ten rows: green on no page, in no matrix and at no gate."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from django.test import Client
from django.urls import reverse

from governance.approvals import gate
from governance.errors import OutOfOrder
from governance.inventory.models import AIModel
from governance.obligations.models import Duty, Evidence
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from monitoring.checks import CHECKS
from monitoring.runs import services as runs
from monitoring.runs.models import Plan
from tests.factories import sign_in
from tests.governance.obligations.things import a_model, a_paper, caught_up, graded
from tests.monitoring.truth.asking import ABOUT_PUBLISHED_SETS, Answers, Question, ask, hand_over
from tests.reference import of_set

pytestmark = ABOUT_PUBLISHED_SETS

EQUALITY = "kz-art6-fairness-equality"
GREEN = ("on_file", "supported", "ready")


@pytest.fixture
def model(owner) -> AIModel:
    """A credit scoring model of which all is there that equality asks for, but what the check says."""
    answers = {
        "trained_model": True,
        "credit_scoring": True,
        "personal_data": False,
        "restricted_data": False,
    }
    model = a_model(owner, role="owner_or_holder", origin="in_house", **answers)
    graded(owner, model, "high", "medium")
    a_paper(owner, model, "fairness_assessment")
    return model


def german(rows: int) -> Question:
    """The first rows of the credit file against all of it; the bank's own outcome stands for its decision."""
    whole = pd.read_parquet(of_set("german_credit/data.parquet")).assign(said=lambda each: each.good_credit)
    roles = {"features": ["duration", "credit_amount"], "sensitive": ["sex"], "label": "good_credit"}
    checks: dict[str, dict[str, Any]] = {"fairness": {}, "performance": {}, "drift": {}}
    return Question(whole.head(rows), whole, roles={**roles, "prediction": "said"}, checks=checks)


def without_groups(name: str, **roles: Any) -> Question:
    return Question(of_set(name), roles=roles, checks={"fairness": {}})


WITHOUT_GROUPS = {
    "electricity prices": lambda: without_groups("elec2/data.parquet", prediction="price_up", time="ts"),
    "intents of a bank's clients": lambda: without_groups(
        "models/banking77_intent_sklearn/predictions.parquet", label="category", prediction="y_pred"
    ),
    "accounts on a chain": lambda: without_groups(
        "eth_fraud/data.parquet", prediction="flag", favourable="0"
    ),
}


def equality(bank: Organisation, owner: Actor, model: AIModel) -> Duty:
    return caught_up(bank, owner, model)[EQUALITY]


def checks_page(client: Client, owner: Actor, model: AIModel) -> str:
    page = sign_in(client, owner).get(f"/models/{model.pk}/checks/").content.decode()
    return re.sub(r"\s+", " ", page)


def in_green_cells(client: Client, owner: Actor) -> set[str]:
    """The requirements behind every green number of the matrix."""
    shown = sign_in(client, owner).get(reverse("obligations:matrix"))
    [line] = shown.context["lines"]
    urls = [
        each.url
        for cell in line.cells
        for each in getattr(cell, "tallies", [])
        if each.number and each.status in GREEN
    ]
    chapters = [chapter for url in urls for chapter in client.get(url).context["chapters"]]
    return {each.duty.obligation.key for chapter in chapters for each in chapter.asked}


def answer_of_the_gate(owner: Actor, model: AIModel) -> str:
    verdict = gate.ask(by=owner, model=model, label="1.0", artefact_sha256="", environment="production")
    return verdict.answer


def test_ten_rows_are_too_few_for_every_check(owner, model):
    answers: Answers = ask(owner, model, german(10))

    assert answers.verdicts == dict.fromkeys(("fairness", "performance", "drift"), "insufficient_data")
    assert answers.figures["fairness", "selection_rate", ""].n == 10
    assert {each.verdict for each in answers.figures.values()} <= {"insufficient_data", "reported"}
    with viewing(owner):
        told = Evidence.objects.filter(source__startswith="plan:")
        assert {each.verdict for each in told} == {"insufficient_data"}


def test_ten_rows_are_green_nowhere(client, bank, owner, model):
    ask(owner, model, german(10))

    assert equality(bank, owner, model).status not in GREEN
    assert EQUALITY not in in_green_cells(client, owner)
    page = checks_page(client, owner, model)
    assert page.count("Too few rows to answer") >= 3 and "state-good" not in page
    assert answer_of_the_gate(owner, model) == "deny"


def test_a_thousand_rows_of_the_same_file_do_answer(client, bank, owner, model):
    """So what is missing above are the rows."""
    answers = ask(owner, model, german(1000))

    assert "insufficient_data" not in answers.verdicts.values()
    assert equality(bank, owner, model).status in GREEN
    assert EQUALITY in in_green_cells(client, owner)
    assert "state-good" in checks_page(client, owner, model)


@pytest.mark.parametrize("of", sorted(WITHOUT_GROUPS))
def test_without_sensitive_columns_fairness_is_not_applicable_and_green_nowhere(
    client, bank, owner, validator, model, of
):
    """It is not asked, and "not run" until the second line has said why it does not apply: then that is its answer."""
    hand_over(owner, model, WITHOUT_GROUPS[of]())
    with pytest.raises(OutOfOrder, match="names no sensitive columns"):
        runs.start(by=owner, model=model)
    assert "It needs sensitive columns, or a reason of the second line." in checks_page(client, owner, model)
    assert equality(bank, owner, model).status not in GREEN
    with viewing(owner):
        plan = Plan.objects.get(model=model, check_key="fairness")

    runs.accept_not_applicable(by=validator, plan=plan, reason="No person is decided about.")

    with viewing(owner):
        [told] = Evidence.objects.standing().filter(kind=CHECKS["fairness"].evidence)
    assert told.verdict == "not_applicable"
    assert equality(bank, owner, model).status not in GREEN
    assert EQUALITY not in in_green_cells(client, owner)
    page = checks_page(client, owner, model)
    assert "Not applicable" in page and "state-good" not in page
    assert answer_of_the_gate(owner, model) == "deny"
