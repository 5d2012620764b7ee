"""The pages of the lists of a registration, and where else their rows are shown."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.desk.facts import facts_of
from governance.inventory.models import AIModel
from governance.inventory.rows.lists import LISTS, OF_SLUG
from governance.people import services as people
from governance.people.acting import viewing
from tests.factories import sign_in
from tests.governance.inventory.made import draft, registered
from tests.governance.inventory.made_rows import ROWS, add, writer

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("slug", list(ROWS))


@pytest.fixture
def model(owner) -> AIModel:
    return registered(owner, trading=True, market_making=False)


def as_typed(slug):
    typed = {**ROWS[slug]}
    if slug == "regimes":
        typed["determined_on"] = "2026-01-01"
    return {name: "on" if value is True else str(value) for name, value in typed.items()}


@EVERY
def test_a_list_is_filled_changed_and_ended_on_its_pages(slug, owner, validator, model):
    web = sign_in(Client(), writer(slug, owner, validator))
    listed = OF_SLUG[slug]
    page, new = (reverse(f"inventory:{name}{slug}", args=[model.pk]) for name in ("", "add-"))
    assert str(listed.empty) in web.get(page).content.decode()
    assert web.post(new, {}).status_code == 422
    assert str(listed.empty) in web.get(page).content.decode()

    assert web.post(new, as_typed(slug)).url == page

    with viewing(owner):
        row = listed.table.objects.get()
    assert str(row) in web.get(page).content.decode()
    one = reverse(f"inventory:{slug}-row", kwargs={listed.key: row.pk})
    assert web.get(one).status_code == 200
    assert web.post(one, as_typed(slug)).url == page
    assert web.post(reverse(f"inventory:end-{slug}-row", kwargs={listed.key: row.pk})).url == page
    shown = web.get(page).content.decode()
    assert str(listed.empty) in shown and "Ended rows, which stay on record" in shown
    assert web.get(one).status_code == 404


@EVERY
def test_whoever_may_not_write_in_a_list_has_no_page_of_it(slug, owner, validator, model):
    other = owner if slug == "regimes" else validator
    row = add(writer(slug, owner, validator), model, slug)
    web = sign_in(Client(), other)

    assert web.get(reverse(f"inventory:{slug}", args=[model.pk])).status_code == 403
    assert web.get(reverse(f"inventory:{slug}-row", kwargs={OF_SLUG[slug].key: row.pk})).status_code == 403


def test_the_lists_that_answers_open_are_steps_in_their_order(owner):
    model = draft(owner, trading=True, market_making=False)
    page = sign_in(Client(), owner).get(reverse("inventory:edit", args=[model.pk, "operators"]))

    urls = [str(step["url"]).rstrip("/").rpartition("/")[2] for step in page.context["steps"]]
    assert urls[-5:] == ["algorithms", "operators", "dependencies", "adjustments", "check-answers"]
    assert page.context["onward"] == reverse("inventory:edit", args=[model.pk, "dependencies"])
    assert "do not make this necessary" not in page.content.decode()


def test_a_list_that_no_answer_opens_is_no_step_and_may_still_be_filled(owner):
    model = draft(owner)
    page = sign_in(Client(), owner).get(reverse("inventory:edit", args=[model.pk, "operators"]))

    assert str(OF_SLUG["operators"].title) not in [str(step["words"]) for step in page.context["steps"]]
    assert "do not make this necessary" in page.content.decode()


def test_the_record_and_the_answers_show_every_list(owner, validator, model):
    for listed in LISTS:
        add(writer(listed.slug, owner, validator), model, listed.slug)
    web = sign_in(Client(), owner)

    record = web.get(reverse("model", args=[model.pk])).content.decode()
    answered = web.get(reverse("inventory:check-answers", args=[model.pk])).content.decode()

    for listed in LISTS:
        assert str(listed.title) in record
        assert (str(listed.title) in answered) == (listed.right == "model.edit")
    assert "At most 100 orders a second" in record and "Equity desk" in answered


def test_a_quiet_model_is_only_told_what_else_could_be_listed(owner):
    model = registered(owner)
    page = sign_in(Client(), owner).get(reverse("inventory:check-answers", args=[model.pk]))

    assert page.context["lists"] == []
    assert [each.listed.slug for each in page.context["unasked"]] == list(ROWS)[:-1]
    assert "you can still list" in page.content.decode()


def test_what_data_hold_is_told_on_the_record(owner, model):
    add(owner, model, "data-inputs", personal_data=True)
    record = sign_in(Client(), owner).get(reverse("model", args=[model.pk])).content.decode()

    assert "It holds personal data" in record and "It is synthetic" not in record


def test_documents_take_the_lists_along(owner, model):
    add(owner, model, "operators")
    add(owner, model, "dependencies")

    with viewing(owner):
        facts = facts_of(model)

    assert facts["operators"].lines[0].startswith("Equity desk: ")
    assert facts["dependencies"].lines == [
        "Price server: Direction: Feeds on it; What passes between them: Quotes"
    ]
    assert facts["adjustments"].lines == []


def test_the_interface_reads_the_lists_also_what_ended(bank, owner, administrator, model):
    row = add(owner, model, "algorithms")
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=9
    )
    ci = Client(headers={"Authorization": f"Bearer {secret}"})

    lists = ci.get(f"/api/v1/models/{model.pk}").json()["lists"]

    assert lists["operators"] == []
    assert lists["algorithms"] == [
        {"id": str(row.pk), "ended_at": None, **ROWS["algorithms"], "initiates": False, "routes": False}
    ]
