"""A model always has somebody who answers for it; when they leave, it says so until somebody else does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.ledger.models import LedgerEntry
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services
from governance.inventory.handing_over import ownerless
from governance.inventory.models import AIModel
from governance.people import services as people
from governance.people.acting import viewing
from governance.people.models import Membership
from governance.post.models import Message
from tests.factories import REGISTER, join, sign_in
from tests.governance.inventory.made import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(owner):
    return registered(owner)


@pytest.fixture
def colleague(bank):
    return join(bank, "model_owner", email="colleague@bank.example")


def stored(actor, model) -> AIModel:
    with viewing(actor):
        return AIModel.objects.get(pk=model.pk)


def membership(actor) -> Membership:
    with viewing(REGISTER):
        return Membership.objects.get(user_id=actor.user_id)


def waiting(actor) -> list[AIModel]:
    with viewing(actor):
        return list(ownerless(AIModel.objects.visible_to(actor), timezone.localdate()))


def subjects(actor) -> list[str]:
    with viewing(actor):
        return [message.subject for message in Message.objects.of(actor.user_id)]


def test_the_owner_hands_it_over_and_both_are_told(owner, colleague, model):
    services.reassign(by=owner, model=model, to=colleague.user_id, reason="Moves to treasury")

    assert stored(owner, model).owner_id == colleague.user_id
    assert subjects(owner) == ["M-0001 Document search has another owner"]
    assert subjects(colleague) == ["You answer for M-0001 Document search from now on"]
    with viewing(colleague):
        assert "Moves to treasury" in Message.objects.of(colleague.user_id).get().body
    with viewing(REGISTER):
        entry = LedgerEntry.objects.filter(action="model.reassigned", table="governance_aimodel").first()
    assert entry is not None
    services.edit(by=colleague, model=model, fields={"summary": "Mine now"})
    with pytest.raises(NotAllowed):
        services.edit(by=owner, model=model, fields={"summary": "Still mine"})


def test_an_administrator_does_it_for_somebody_who_left(owner, administrator, colleague, model):
    people.end(by=administrator, membership=membership(owner), on=timezone.localdate())
    assert waiting(administrator) == [model]

    services.reassign(by=administrator, model=model, to=colleague.user_id, reason="She left")

    assert waiting(administrator) == []
    assert subjects(owner) == []  # who has left is told nothing more
    assert len(subjects(colleague)) == 1


@pytest.mark.parametrize("to", ["validator", "stranger", "owner"])
def test_only_another_model_owner_of_the_organisation_takes_it(to, owner, model, request):
    person = request.getfixturevalue(to)

    with pytest.raises(RuleBroken) as caught:
        services.reassign(by=owner, model=model, to=person.user_id, reason="For now")

    assert [str(problem.where) for problem in caught.value.problems] == ["owner"]
    assert stored(owner, model).owner_id == owner.user_id


def test_it_needs_a_reason(owner, colleague, model):
    with pytest.raises(RuleBroken):
        services.reassign(by=owner, model=model, to=colleague.user_id, reason=" ")
    assert stored(owner, model).owner_id == owner.user_id


def test_nobody_else_hands_it_over(validator, colleague, stranger, owner, model):
    for actor in (validator, colleague, stranger):
        with pytest.raises(NotAllowed):
            services.reassign(by=actor, model=model, to=colleague.user_id, reason="Mine")
    assert stored(owner, model).owner_id == owner.user_id


def test_the_owner_of_a_registered_model_is_not_changed_in_passing(owner, colleague, model):
    with pytest.raises(RuleBroken):
        services.edit(by=owner, model=model, fields={"owner": colleague.user_id})
    assert stored(owner, model).owner_id == owner.user_id


def test_a_withdrawn_model_waits_for_nobody(owner, administrator, colleague, model):
    services.withdraw(by=owner, model=model, reason="Replaced")
    people.end(by=administrator, membership=membership(owner), on=timezone.localdate())

    assert waiting(administrator) == []
    with pytest.raises(OutOfOrder):
        services.reassign(by=administrator, model=model, to=colleague.user_id, reason="She left")


def test_ending_a_role_says_first_which_models_need_a_new_owner(owner, administrator, colleague, model):
    web = sign_in(Client(), administrator)
    hand_over = reverse("inventory:hand-over", args=[model.pk])
    page = reverse("end-membership", args=[membership(owner).pk])
    assert hand_over in web.get(page).content.decode()
    assert (
        hand_over
        not in web.get(reverse("end-membership", args=[membership(administrator).pk])).content.decode()
    )

    assert web.post(page).url == reverse("people")

    for address in ("people", "home", "models"):
        shown = web.get(reverse(address)).content.decode()
        assert "no active owner" in shown.lower(), address
    shown = web.get(reverse("model", args=[model.pk])).content.decode()
    assert "This model has no active owner." in shown and hand_over in shown
    assert web.post(hand_over, {"owner": str(colleague.user_id), "reason": " "}).status_code == 422
    assert web.post(hand_over, {"owner": str(colleague.user_id), "reason": "She left"}).status_code == 302
    assert "no active owner" not in web.get(reverse("people")).content.decode()


def test_where_nobody_can_take_it_the_page_says_what_to_do_first(owner, model):
    web = sign_in(Client(), owner)

    page = web.get(reverse("inventory:hand-over", args=[model.pk])).content.decode()

    assert "Nobody else can own a model yet" in page and "<textarea" not in page
