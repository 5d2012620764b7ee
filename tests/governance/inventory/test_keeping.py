"""What is typed into a draft is kept while it is typed, and an older copy never silently overwrites a newer one."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from governance.inventory import answers, services
from governance.inventory.models import AIModel
from governance.inventory.sections import BY_SLUG
from governance.people.acting import viewing
from tests.factories import join, sign_in
from tests.governance.inventory.made import draft, registered

pytestmark = pytest.mark.django_db
SAVE, CHECK = {"X-Senim-Keep": "save"}, {"X-Senim-Keep": "check"}


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def edit(model, section: str) -> str:
    return reverse("inventory:edit", args=[model.pk, section])


def stored(actor, model) -> AIModel:
    with viewing(actor):
        return AIModel.objects.get(pk=model.pk)


def hidden(page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def test_what_is_typed_is_kept_and_the_time_is_said(web, owner):
    model = draft(owner)
    seen = hidden(web.get(edit(model, "what")), "seen")

    answer = web.post(
        edit(model, "what"), {"name": "Search", "summary": "Half a sen", "seen": seen}, headers=SAVE
    )

    body = answer.json()
    assert body["state"] == "kept" and re.fullmatch(r"Saved at \d.*\.", body["words"])
    after = stored(owner, model)
    assert (after.name, after.summary) == ("Search", "Half a sen")
    assert body["seen"] == answers.fingerprint(BY_SLUG["what"], answers.of(after)) != seen


def test_what_is_not_in_order_is_named_and_the_rest_is_kept(web, owner):
    model = draft(owner)
    seen = hidden(web.get(edit(model, "what")), "seen")

    answer = web.post(edit(model, "what"), {"name": "", "summary": "New", "seen": seen}, headers=SAVE)

    assert answer.json()["words"].endswith(", except: Name.")
    after = stored(owner, model)
    assert (after.name, after.summary) == (model.name, "New")


def test_an_older_tab_keeps_nothing_and_says_so(web, owner):
    model = draft(owner)
    seen = hidden(web.get(edit(model, "what")), "seen")
    services.edit(by=owner, model=model, fields={"summary": "From the other tab"})

    answer = web.post(edit(model, "what"), {"name": "Mine", "summary": "Older", "seen": seen}, headers=SAVE)

    assert (answer.status_code, answer.json()["state"]) == (409, "older")
    assert stored(owner, model).summary == "From the other tab"


def test_an_older_copy_that_is_sent_is_compared_and_only_then_saved(web, owner):
    model = draft(owner)
    seen = hidden(web.get(edit(model, "what")), "seen")
    services.edit(by=owner, model=model, fields={"summary": "From the other tab"})
    typed = {"name": model.name, "summary": "Mine", "purpose": model.purpose}

    answer = web.post(edit(model, "what"), {**typed, "seen": seen})

    page = answer.content.decode()
    assert answer.status_code == 409 and "From the other tab" in page and "Mine" in page
    assert [each.name for each in answer.context["differences"]] == ["summary"]
    assert stored(owner, model).summary == "From the other tab"
    assert web.post(edit(model, "what"), {**typed, "seen": hidden(answer, "seen")}).status_code == 302
    assert stored(owner, model).summary == "Mine"


def test_a_list_keeps_what_is_ticked_and_implies_no_answer_in_passing(web, owner, bank):
    model = services.register(by=owner, organisation=bank, fields={"name": "Router"})
    seen = hidden(web.get(edit(model, "does")), "seen")

    kept = web.post(edit(model, "does"), {"ticked": ["trading"], "seen": seen}, headers=SAVE).json()
    assert kept["state"] == "kept"
    after = stored(owner, model)
    assert (after.trading, after.generative, after.credit_scoring) == (True, None, None)

    web.post(edit(model, "does"), {"ticked": ["trading"], "seen": kept["seen"], "shown": "market_making"})
    after = stored(owner, model)
    assert (after.trading, after.generative, after.credit_scoring) == (True, False, False)


def test_a_change_elsewhere_in_the_model_does_not_make_a_section_old(web, owner):
    model = draft(owner)
    seen = hidden(web.get(edit(model, "what")), "seen")
    services.edit(by=owner, model=model, fields={"support_contact": "other@bank.example"})

    answer = web.post(edit(model, "what"), {"name": "Mine", "seen": seen}, headers=SAVE)

    assert answer.json()["state"] == "kept"


def test_the_first_page_makes_one_draft_however_often_it_is_kept_and_sent(web, owner):
    page = web.get(reverse("inventory:new"))
    said = {"begun": hidden(page, "begun"), "seen": hidden(page, "seen")}
    waits = web.post(reverse("inventory:new"), {**said, "summary": "No name yet"}, headers=SAVE).json()
    assert waits["state"] == "waiting"

    kept = web.post(reverse("inventory:new"), {**said, "name": "Chatbot"}, headers=SAVE).json()
    answer = web.post(kept["address"], {**said, "seen": kept["seen"], "name": "Chatbot of a vendor"})

    assert answer.status_code == 302
    with viewing(owner):
        assert AIModel.objects.get().name == "Chatbot of a vendor"


def test_going_back_to_the_first_page_and_sending_it_again_overwrites_nothing(web, owner):
    page = web.get(reverse("inventory:new"))
    said = {"begun": hidden(page, "begun"), "seen": hidden(page, "seen")}
    web.post(reverse("inventory:new"), {**said, "name": "Chatbot"})

    answer = web.post(reverse("inventory:new"), {**said, "name": "Other"})

    assert answer.status_code == 409
    with viewing(owner):
        assert AIModel.objects.get().name == "Chatbot"


def test_an_id_that_we_did_not_give_out_begins_a_draft_of_its_own(web, owner):
    there = draft(owner)

    web.post(reverse("inventory:new"), {"begun": str(there.pk), "name": "Chatbot"})

    with viewing(owner):
        assert AIModel.objects.count() == 2


def test_a_registered_model_is_changed_by_its_button_only(web, owner):
    model = registered(owner)
    page = web.get(edit(model, "what"))
    assert 'data-keep="check"' in page.content.decode()

    answer = web.post(edit(model, "what"), {"name": "Typed", "seen": hidden(page, "seen")}, headers=SAVE)

    assert answer.json()["state"] == "ready"
    assert stored(owner, model).name == model.name


def test_whether_it_could_be_sent_is_answered_without_saving(web, owner):
    model = draft(owner)

    assert web.post(edit(model, "what"), {"name": "Typed"}, headers=CHECK).json() == {"state": "ready"}
    assert stored(owner, model).name == model.name


def test_somebody_signed_out_is_sent_to_the_door_and_a_colleague_may_not(owner, bank):
    model = draft(owner)
    colleague = sign_in(Client(), join(bank, "model_owner", email="colleague@bank.example"))

    assert Client().post(edit(model, "what"), {"name": "Typed"}, headers=SAVE).status_code == 302
    assert colleague.post(edit(model, "what"), {"name": "Typed"}, headers=SAVE).status_code == 403
    assert stored(owner, model).name == model.name
