"""What a registration lists: data, algorithms, operators, dependencies, adjustments and the second line's regimes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.inventory.rows import queries, rules, services
from governance.inventory.rows.lists import LISTS, OF_SLUG
from governance.inventory.rows.models import Adjustment, Dependency
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, join
from tests.governance.inventory.made import registered
from tests.governance.inventory.made_rows import ROWS, TODAY, add, writer

EVERY = pytest.mark.parametrize("slug", list(ROWS))


@pytest.fixture
def model(owner) -> AIModel:
    return registered(owner)


def names(actor, model, slug) -> list[str]:
    with viewing(actor):
        return [line.name for line in queries.shown(model, OF_SLUG[slug]).lines]


def refused(by, model, slug, **said) -> list[str]:
    with pytest.raises(RuleBroken) as caught:
        add(by, model, slug, **said)
    return [str(problem.where) for problem in caught.value.problems]


def test_every_list_is_tried_here():
    assert [each.slug for each in LISTS] == list(ROWS)


@pytest.mark.django_db
@EVERY
def test_a_row_is_entered_changed_and_ended_and_each_raises_the_revision(slug, owner, validator, model):
    by, listed = writer(slug, owner, validator), OF_SLUG[slug]
    revisions = [_revision(model)]
    row = add(by, model, slug)
    revisions.append(_revision(model))
    last = next(
        n
        for n in reversed(listed.fields)
        if listed.column(n).get_internal_type() in ("CharField", "TextField")
    )
    changed = services.change(
        by=by,
        row=row,
        fields={last: listed.column(last).flatchoices[0][0] if listed.column(last).choices else " Other "},
    )
    revisions.append(_revision(model))
    services.end(by=by, row=row)
    revisions.append(_revision(model))

    assert getattr(changed, last) == (
        listed.column(last).flatchoices[0][0] if listed.column(last).choices else "Other"
    )
    assert revisions == sorted(set(revisions))
    assert names(owner, model, slug) == []
    with viewing(owner):
        assert [line.row.pk for line in queries.shown(model, listed).ended] == [row.pk]
    with pytest.raises(OutOfOrder):
        services.change(by=by, row=row, fields={})


def _revision(model) -> int:
    with viewing(REGISTER):
        return AIModel.objects.get(pk=model.pk).revision


@pytest.mark.django_db
@EVERY
def test_nobody_else_writes_in_a_list(slug, owner, validator, stranger, model):
    row = add(writer(slug, owner, validator), model, slug)
    others = [stranger, owner if slug == "regimes" else validator]
    for actor in others:
        with pytest.raises(NotAllowed):
            add(actor, model, slug)
        with pytest.raises(NotAllowed):
            services.change(by=actor, row=row, fields={})
        with pytest.raises(NotAllowed):
            services.end(by=actor, row=row)
    assert names(owner, model, slug) == [str(row)]


@pytest.mark.django_db
@EVERY
def test_a_withdrawn_model_is_listed_no_further(slug, owner, validator, model):
    inventory.withdraw(by=owner, model=model, reason="Replaced")

    with pytest.raises(OutOfOrder):
        add(writer(slug, owner, validator), model, slug)
    assert names(owner, model, slug) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "said", "where"),
    [
        ("data-inputs", {"name": " "}, ["name"]),
        ("data-inputs", {"used_for": "both"}, ["used_for"]),
        ("data-inputs", {"sensitive": ""}, ["sensitive"]),
        ("data-inputs", {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 1)}, ["ends_on"]),
        ("data-inputs", {"colour": "red"}, ["colour"]),
        ("algorithms", {"executes": False}, ["initiates"]),
        ("operators", {"ends_on": date(2025, 12, 31)}, ["ends_on"]),
        ("operators", {"starts_on": None}, ["starts_on"]),
        ("dependencies", {"system": ""}, ["other"]),
        ("dependencies", {"direction": "sideways"}, ["direction"]),
        ("adjustments", {"ends_on": date(2025, 1, 1)}, ["ends_on"]),
    ],
)
def test_a_row_that_is_not_in_order_is_refused_by_its_field(slug, said, where, owner, model):
    assert refused(owner, model, slug, **said) == where
    assert names(owner, model, slug) == []


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [each.slug for each in LISTS if each.once])
def test_a_row_is_listed_once_while_it_stands(slug, owner, validator, model):
    by = writer(slug, owner, validator)
    row = add(by, model, slug)
    assert refused(by, model, slug) == ["other" if slug == "dependencies" else OF_SLUG[slug].once[0]]

    services.end(by=by, row=row)
    add(by, model, slug)
    assert len(names(owner, model, slug)) == 1


@pytest.mark.django_db
def test_an_edge_is_shown_at_both_ends(owner, model):
    feeder = registered(owner, name="Price model")
    add(owner, model, "dependencies", system="", other=feeder)

    assert names(owner, model, "dependencies") == ["M-0002 Price model"]
    with viewing(owner):
        there = queries.shown(feeder, OF_SLUG["dependencies"]).lines[0]
    assert (there.name, there.cells[0][1], there.at) == (str(model), "Feeds it", model)


@pytest.mark.django_db
def test_an_edge_is_not_on_itself_and_not_recorded_again_at_its_other_end(owner, model):
    feeder = registered(owner, name="Price model")
    assert refused(owner, model, "dependencies", system="", other=model) == ["other"]
    assert refused(owner, model, "dependencies", other=feeder) == ["other"]  # a model and a system
    add(owner, model, "dependencies", system="", other=feeder)

    assert refused(owner, feeder, "dependencies", system="", other=model, direction="downstream") == ["other"]


@pytest.mark.django_db
def test_a_cycle_is_allowed_and_shown_as_one(owner, model):
    feeder = registered(owner, name="Price model")
    add(owner, model, "dependencies")
    add(owner, model, "dependencies", system="", other=feeder)
    add(owner, feeder, "dependencies", system="", other=model)

    with viewing(owner):
        lines = queries.shown(model, OF_SLUG["dependencies"]).lines
    assert [line.is_in_a_cycle for line in lines] == [False, True, True]


@pytest.mark.django_db
def test_whoever_sees_one_model_only_is_not_told_which_other_it_depends_on(owner, model):
    feeder = registered(owner, name="Price model")
    add(owner, model, "dependencies", system="", other=feeder)
    add(owner, feeder, "dependencies", system="", other=model)
    visitor = replace(owner, models=frozenset({model.pk}))

    assert names(visitor, model, "dependencies") == ["a model that you do not see"]


def test_what_is_given_comes_back_along_any_edges():
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]

    assert [rules.is_in_a_cycle(edge, edges) for edge in edges] == [True, True, True, False]


@pytest.mark.django_db
def test_a_model_of_somebody_else_is_no_dependency(owner, model, broker):
    theirs = registered(join(broker, "model_owner", email="owner@broker.example"))

    assert "other" in refused(owner, model, "dependencies", system="", other=theirs)
    said = {"model": model, "other_id": theirs.pk, "direction": "upstream", "passes": "x"}
    with pytest.raises(IntegrityError), transaction.atomic(), acting(REGISTER, "test.arranged"):
        Dependency.objects.create(organisation_id=model.organisation_id, **said)
        connection.check_constraints()
    assert names(owner, model, "dependencies") == []


@pytest.mark.django_db
def test_an_adjustment_whose_last_day_is_over_is_shown_as_expired_and_stays(owner, model):
    add(owner, model, "adjustments")
    row = add(owner, model, "adjustments", ends_on=TODAY - timedelta(days=1))

    with viewing(owner):
        lines = queries.shown(model, OF_SLUG["adjustments"]).lines
        assert Adjustment.objects.standing().filter(pk=row.pk).exists()
    assert [line.is_expired for line in lines] == [False, True]


@pytest.mark.django_db
def test_what_the_lists_answer_of_the_fields_that_requirements_ask_for(
    owner, model, django_assert_num_queries
):
    other = registered(owner)
    add(owner, model, "data-inputs")
    add(owner, model, "data-inputs", used_for="development", source="Archive")
    for n in range(3):
        add(owner, other, "data-inputs", name=f"Set {n}")

    with viewing(owner), django_assert_num_queries(1):
        values = queries.values_of([model, other])

    assert values[model.pk]["input_data"] == "Order book: KASE feed"
    assert values[model.pk]["training_data_source"] == "Order book: Archive"
    assert values[other.pk]["input_data"].count("KASE feed") == 3


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_however_long_they_are(number, owner, model, django_assert_num_queries):
    for n in range(number):
        add(owner, model, "operators", name=f"Desk {n}")
        feeder = registered(owner, name=f"Feeder {n}")
        add(owner, model, "dependencies", system="", other=feeder)
        add(owner, registered(owner), "dependencies", system="", other=model)

    with viewing(owner), django_assert_num_queries(8):
        queries.rows_of(model)
