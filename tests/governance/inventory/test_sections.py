"""The registration form is one description: everything that can be answered is asked once, and follows from there."""

from __future__ import annotations

import pytest

from governance.inventory import answers
from governance.inventory.models import AIModel
from governance.inventory.profile.models import TABLES
from governance.inventory.schemas import ModelIn
from governance.inventory.sections import DECIDERS, QUESTIONS, SECTION_OF, SECTIONS, questions

NOT_ASKED = {"id", "organisation"}
EVERYTHING = {name: True if question.is_yes_or_no else "x" for name, question in QUESTIONS.items()}


def test_every_column_that_can_be_edited_is_asked_exactly_once():
    columns = [
        (table, column.name)
        for table in (AIModel, *TABLES)
        for column in table._meta.concrete_fields
        if column.editable and column.name not in NOT_ASKED
    ]

    asked = [(question.table, question.name) for question in questions()]
    assert sorted(asked, key=str) == sorted(columns, key=str)
    assert len(QUESTIONS) == len(asked)  # no name is used twice


def test_the_api_takes_the_same_answers():
    assert set(ModelIn.model_fields) == {*QUESTIONS, "submit"}


def test_a_question_is_decided_by_an_earlier_one():
    """Of its own section, which then opens it while one types, or of one before."""
    order = list(QUESTIONS)
    for question in questions():
        for decider in question.deciders:
            assert decider in DECIDERS
            assert order.index(decider) < order.index(question.name)
            places = [SECTIONS.index(SECTION_OF[name]) for name in (decider, question.name)]
            assert places == sorted(places)


@pytest.mark.parametrize(
    ("origin", "asked"),
    [
        ("", []),
        ("in_house", ["trained_model"]),
        ("vendor", ["vendor", "base_model", "trained_model"]),
        ("open_source", ["base_model", "trained_model"]),
        ("fine_tuned", ["base_model"]),
    ],
)
def test_what_the_origin_opens(origin, asked):
    about = [QUESTIONS[name] for name in ("vendor", "base_model", "trained_model")]

    assert [each.name for each in about if answers.is_asked(each, {**EVERYTHING, "origin": origin})] == asked


@pytest.mark.parametrize(
    ("decides", "alone", "expected"),
    [(None, None, None), (False, None, False), (True, None, None), (True, True, True)],
)
def test_whether_a_decision_is_automated_follows_from_whether_there_is_one(decides, alone, expected):
    given = {**EVERYTHING, "decisions_about_persons": decides, "solely_automated": alone}

    assert answers.settled(given)["solely_automated"] is expected


def test_a_no_closes_everything_behind_it():
    after = answers.settled({**EVERYTHING, "natural_persons": False})

    closed = ("decisions_about_persons", "solely_automated", "staff", "affected_groups")
    assert [after[name] for name in closed] == [False, False, False, ""]


@pytest.mark.parametrize(
    ("given", "relevant"),
    [
        ({}, []),
        ({"origin": "in_house", "trained_model": True}, ["training", "data-inputs"]),
        ({"market_data": True}, ["data-inputs"]),
        ({"trading": True}, ["algorithms", "operators", "dependencies", "adjustments"]),
        ({"credit_scoring": True}, ["dependencies", "adjustments"]),
        ({"natural_persons": True}, ["persons"]),
        ({"origin": "vendor"}, ["suppliers"]),
        ({"origin": "in_house", "hosted_outside": True}, ["suppliers"]),
        (
            {"origin": "fine_tuned", "trained_model": True, "natural_persons": True},
            ["training", "persons", "data-inputs", "suppliers"],
        ),
    ],
)
def test_which_sections_the_answers_make_relevant(given, relevant):
    nothing = dict.fromkeys(QUESTIONS)
    always = ["what", "people", "origin", "does", "touches", "runs"]

    slugs = [section.slug for section in answers.relevant({**nothing, **given}) if not section.later]

    assert [slug for slug in slugs if slug not in always] == relevant
    assert [slug for slug in slugs if slug in always] == always


def test_nothing_optional_is_missing():
    assert [question.name for question in answers.missing({})][:3] == ["name", "summary", "purpose"]
    assert all(question.needed for question in answers.missing({}))
    assert answers.missing({**EVERYTHING, "origin": "vendor"}) == []
