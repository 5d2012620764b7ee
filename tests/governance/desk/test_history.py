"""The history of a model: what the ledger kept of it, in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.urls import reverse

from audits.ledger import services as ledger
from governance.desk.deeds import DEEDS, TECHNICAL
from governance.inventory import services as inventory
from tests.factories import sign_in
from tests.governance.inventory.made import document, registered
from tests.ground import CHECKOUT

pytestmark = pytest.mark.django_db

ELSEWHERE = frozenset(
    {"person", "member", "token", "organisation", "register", "password", "return", "framework", "catalogue"}
    | {
        "crosswalk",
        "engagement",
        "visit",
        "connector",
        "counting_key",
        "source",
        "provider",
        "installation",
        "session",
        "invitation",
        "campaign",
        "house_paper",
        "training",
    }
)
"""Nouns of actions whose rows belong to no model."""


@pytest.fixture
def model(owner):
    model = registered(owner)
    return inventory.edit(by=owner, model=model, fields={"limitations": "Only papers in Kazakh."})


def page(client, actor, model) -> str:
    return sign_in(client, actor).get(reverse("history", args=[model.pk])).content.decode()


def test_it_says_who_did_what_and_which_values_changed(client, owner, model):
    shown = page(client, owner, model)
    for words in ("Began the registration", "Registered the model", "Changed answers of the registration"):
        assert words in shown
    assert "known limitations</strong>: – → Only papers in Kazakh." in shown
    assert owner.name in shown


def test_reasons_are_told(client, owner, model):
    inventory.withdraw(by=owner, model=model, reason="It was replaced by a bought one.")
    assert "It was replaced by a bought one." in page(client, owner, model)


def test_it_shows_the_signed_head_of_the_log(client, bank, owner, model):
    assert "has not been signed yet" in page(client, owner, model)
    ledger.catch_up(bank.pk)
    assert f"senim.register/{bank.pk}" in page(client, owner, model)


def test_what_somebody_typed_is_shown_and_not_obeyed(client, owner, model):
    inventory.edit(by=owner, model=model, fields={"limitations": "<script>alert(1)</script>"})
    shown = page(client, owner, model)
    assert "&lt;script&gt;alert(1)" in shown and "<script>alert" not in shown


@pytest.mark.parametrize("papers", [1, 3])
def test_it_costs_the_same_however_long_it_is(client, owner, model, papers, django_assert_max_num_queries):
    for n in range(papers):
        document(owner, model, title=f"Paper {n}")
    sign_in(client, owner)
    with django_assert_max_num_queries(24):
        client.get(reverse("history", args=[model.pk]))


def announced() -> Iterator[str]:
    """Every action that the code announces in so many words."""
    for room in ("governance", "monitoring", "audits"):
        for path in (CHECKOUT / room).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(call, ast.Call)
                    and getattr(call.func, "id", "") == "acting"
                    and len(call.args) > 1
                ):
                    said = call.args[1]
                    if isinstance(said, ast.Constant) and isinstance(said.value, str):
                        yield said.value


def test_every_action_on_a_model_has_words():
    unsaid = {
        action
        for action in announced()
        if action not in DEEDS and action not in TECHNICAL and action.partition(".")[0] not in ELSEWHERE
    }
    assert unsaid == set()
