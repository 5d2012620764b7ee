"""What stands behind a model: suppliers that the market can count, and components that follow the answers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.suppliers import rules, services
from governance.inventory.suppliers.models import Component, Provider
from governance.people.acting import viewing
from tests.factories import a_bin, sign_in
from tests.governance.inventory.made import draft, registered

SERVICE = {"kind": "service", "name": "Chat Pro"}


@pytest.mark.parametrize(
    "written",
    ["ТОО «Вектор-Ай»", "Вектор Ай, ТОО", "вектор-ай", "Вектор Ай", "Т.О.О. Вектор Ай"],
)
def test_every_way_to_write_a_name_has_one_key(written):
    assert rules.key(written) == "вектор ай"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("OpenAI, L.L.C.", "openai"),
        ("Amazon Web Services, Inc.", "amazon web services"),
        ("АҚ", "ақ"),
        ("—", ""),
    ],
)
def test_keys_of_other_names(written, key):
    assert rules.key(written) == key


def test_a_number_is_the_same_however_it_is_set():
    assert rules.number("ie-12 34.56/a") == "IE123456A"


def test_equal_names_and_equal_numbers_are_one_supplier():
    stands = rules.merged([("vektor", "1"), ("вектор", "1"), ("вектор", ""), ("other", "2"), ("third", "")])

    assert stands == {
        ("vektor", "1"): "vektor",
        ("вектор", "1"): "vektor",
        ("вектор", ""): "vektor",
        ("other", "2"): "other",
        ("third", ""): "third",
    }


def chain(actor, model) -> list[tuple[str, str, str, str]]:
    with viewing(actor):
        rows = Component.objects.standing().filter(model=model).select_related("provider")
        return [(row.said_as, row.kind, row.name, row.provider.key if row.provider else "") for row in rows]


@pytest.mark.django_db
def test_the_answers_are_the_beginning_of_the_chain_and_it_follows_them(owner):
    model = draft(owner, origin="vendor", vendor="Vector LLP", base_model="GPT-9")
    assert chain(owner, model) == [
        ("vendor", "service", "Vector LLP", "vector"),
        ("base_model", "model", "GPT-9", ""),
    ]

    inventory.edit(by=owner, model=model, fields={"vendor": "Other Ltd", "base_model": ""})
    assert chain(owner, model) == [("vendor", "service", "Other Ltd", "other")]

    inventory.edit(by=owner, model=model, fields={"origin": "in_house", "trained_model": False})
    assert chain(owner, model) == []
    with viewing(owner):
        assert Component.objects.count() == 2  # their trace stays


@pytest.mark.django_db
def test_what_people_add_to_a_component_survives_other_answers(owner):
    model = draft(owner, origin="vendor", vendor="Vector LLP")
    with viewing(owner):
        row = Component.objects.select_related("model").get()
    services.change_component(
        by=owner, component=row, fields={**SERVICE, "exit_plan": "By hand"}, details={"country": "kz"}
    )

    inventory.edit(by=owner, model=model, fields={"summary": "Other words", "hosting": "Cloud"})

    with viewing(owner):
        kept = Component.objects.select_related("provider").get()
    assert (kept.name, kept.exit_plan, kept.provider.country) == ("Chat Pro", "By hand", "KZ")


@pytest.mark.django_db
def test_hosting_belongs_to_the_chain_only_where_somebody_else_runs_it(owner):
    model = draft(owner, hosting="Own servers")
    assert chain(owner, model) == []

    inventory.edit(by=owner, model=model, fields={"hosting": "Cloud, Frankfurt", "hosted_outside": True})

    assert chain(owner, model) == [("hosting", "hosting", "Cloud, Frankfurt", "")]


@pytest.mark.django_db
def test_one_supplier_of_several_models_is_one_row(owner):
    for name in ("Vector LLP", "VECTOR, LLP"):
        draft(owner, origin="vendor", vendor=name)

    with viewing(owner):
        assert Provider.objects.get().name == "Vector LLP"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("component", "supplier", "details", "where"),
    [
        ({"kind": "service", "name": ""}, "", {}, ["name"]),
        ({"kind": "magic", "name": "X"}, "", {}, ["kind"]),
        (SERVICE, "—", {}, ["supplier"]),
        (SERVICE, "Vector", {"country": "K1"}, ["country"]),
        (
            SERVICE,
            "Vector",
            {"country": "KZ", "registration_number": "123456789012"},
            ["registration_number"],
        ),
    ],
)
def test_a_component_that_is_not_in_order_is_refused(owner, component, supplier, details, where):
    model = registered(owner)

    with pytest.raises(RuleBroken) as caught:
        services.add_component(by=owner, model=model, component=component, supplier=supplier, details=details)

    assert [str(problem.where) for problem in caught.value.problems] == where
    with viewing(owner):
        assert not Component.objects.exists() and not Provider.objects.exists()


@pytest.mark.django_db
def test_only_the_owner_changes_the_chain(owner, validator, stranger):
    model = registered(owner)
    for actor in (validator, stranger):
        with pytest.raises(NotAllowed):
            services.add_component(by=actor, model=model, component=SERVICE)
    assert chain(owner, model) == []


@pytest.mark.django_db
def test_what_an_answer_says_is_removed_by_changing_the_answer(owner):
    draft(owner, origin="vendor", vendor="Vector LLP")
    with viewing(owner):
        row = Component.objects.select_related("model").get()

    with pytest.raises(OutOfOrder):
        services.remove_component(by=owner, component=row)


@pytest.mark.django_db
def test_the_pages_of_the_chain(owner):
    model = draft(owner, origin="vendor", vendor="Vector LLP")
    web = sign_in(Client(), owner)
    page = web.get(reverse("inventory:suppliers", args=[model.pk])).content.decode()
    assert "from your answers" in page and "Vector LLP" in page
    add = reverse("inventory:add-component", args=[model.pk])
    assert web.get(add).status_code == 200
    assert 'id="id_name_error"' in web.post(add, {"kind": "model", "name": ""}).content.decode()

    said = {"kind": "model", "name": "GPT-9", "is_foundation_model": "on", "supplier": "OpenAI LLC"}
    answer = web.post(
        add, {**said, "supplier_kind": "company", "country": "us", "registration_number": a_bin(7)}
    )

    assert answer.url == reverse("inventory:suppliers", args=[model.pk])
    with viewing(owner):
        row = Component.objects.select_related("provider").get(name="GPT-9")
    assert (row.is_foundation_model, row.provider.key, row.provider.country) == (True, "openai", "US")
    one = reverse("inventory:component", args=[row.pk])
    assert 'value="OpenAI LLC"' in web.get(one).content.decode()
    assert web.post(one, {**said, "kind": "data", "supplier_kind": "company"}).status_code == 302
    assert web.post(reverse("inventory:remove-component", args=[row.pk])).status_code == 302
    assert [name for _said, _kind, name, _key in chain(owner, model)] == ["Vector LLP"]
