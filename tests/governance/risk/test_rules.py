"""A grade follows from the answers alone and says which of them set it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.demo.chatbot.answers import GRADE as CHATBOT
from governance.demo.corporate.answers import GRADE as CORPORATE
from governance.demo.mortgage.answers import GRADE as MORTGAGE
from governance.demo.trading.answers import GRADE as TRADING
from governance.risk.questions import AUTONOMY, AXES, BANDS, RISK
from governance.risk.rules import Because, SpecialLawNeeded, Unanswered, asked, grade, is_raised, unanswered
from tests.governance.risk.given import KZ, LAW, gravest, mildest

CHOICES = [question for question in KZ.questions if not question.is_text]
everything = st.fixed_dictionaries(
    {question.id: st.sampled_from([option.id for option in question.options]) for question in CHOICES}
    | {"special_law": st.just(LAW)}
)
PULLS = [
    (question, option, axis)
    for question in CHOICES
    for option in question.options
    for axis in AXES
    if getattr(option, axis) is not None
]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(CHATBOT, ("minimal", "low", "transparency", 4), id="a chatbot that informs"),
        pytest.param(CORPORATE, ("medium", "low", "none", 3), id="a score of companies"),
        pytest.param(MORTGAGE, ("high", "medium", "high", 1), id="a score of natural persons"),
        pytest.param(TRADING, ("high", "medium", "none", 1), id="one order a day"),
        pytest.param(mildest(), ("minimal", "low", "none", 4), id="nothing grave"),
        pytest.param(gravest(), ("high", "high", "high", 1), id="everything grave"),
    ],
)
def test_a_model_is_graded_on_two_axes_and_given_a_tier(answers, expected):
    graded = grade(answers, KZ)

    assert (graded.risk_degree, graded.autonomy_degree, graded.eu_class, graded.tier) == expected


@pytest.mark.parametrize(("question", "option", "axis"), PULLS, ids=lambda it: getattr(it, "id", it))
def test_every_answer_pulls_its_axis_at_least_to_its_degree(question, option, axis):
    opened = {key: answers[0] for key, answers in itertools.islice(question.when.items(), 1)}
    answers = mildest(**opened, **{question.id: option.id}, special_law=LAW)
    graded = grade(answers, KZ)
    reached = {reason.axis: reason.value for reason in graded.reasons}

    assert answers[question.id] == option.id
    assert AXES[axis].index(reached[axis]) >= AXES[axis].index(getattr(option, axis))
    if reached[axis] == getattr(option, axis):
        article, reading = question.article_of(option), question.reading_of(option)
        assert Because(axis, reached[axis], question.id, option.id, article, reading) in graded.reasons


@given(everything)
def test_every_degree_has_a_reason(answers):
    graded = grade(answers, KZ)
    values = {(reason.axis, reason.value) for reason in graded.reasons}

    assert {
        ("risk", graded.risk_degree),
        ("autonomy", graded.autonomy_degree),
        ("eu", graded.eu_class),
    } <= values
    assert graded.tier in (1, 2, 3, 4)


@given(everything, st.sampled_from([question.id for question in CHOICES]))
def test_a_graver_answer_never_lowers_a_grade(answers, changed):
    question = KZ.question(changed)
    graver = grade(answers | {changed: question.options[-1].id}, KZ)
    before = grade(answers, KZ)

    assert RISK.index(graver.risk_degree) >= RISK.index(before.risk_degree)
    assert AUTONOMY.index(graver.autonomy_degree) >= AUTONOMY.index(before.autonomy_degree)
    assert graver.tier <= before.tier


@given(everything)
def test_an_answer_that_nobody_asked_for_changes_nothing(answers):
    counted = {question.id for question in asked(answers, KZ)}

    assert grade({key: answers[key] for key in counted}, KZ) == grade(answers, KZ)


def test_a_tool_of_minimal_risk_is_asked_seven_questions():
    assert [question.id for question in asked(CHATBOT, KZ)] == [
        "stop",
        "wrong",
        "people",
        "money",
        "decides",
        "intervene",
        "eu",
    ]
    assert set(CHATBOT) == {question.id for question in asked(CHATBOT, KZ)}


def test_where_complexity_is_not_asked_it_could_not_have_changed_the_tier():
    assert grade(mildest(), KZ).complexity == "low"
    assert {KZ.table["low"][complexity]["low"] for complexity in BANDS} == {4}


@pytest.mark.parametrize("question", [question.id for question in CHOICES])
def test_without_an_answer_nothing_is_graded_and_the_question_is_named(question):
    complete = gravest()
    left_out = {key: value for key, value in complete.items() if key != question}

    for wrong in (left_out, complete | {question: "perhaps"}, complete | {question: None}):
        assert question in unanswered(wrong, KZ)
        with pytest.raises(Unanswered) as refusal:
            grade(wrong, KZ)
        assert question in refusal.value.questions


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        (mildest(decides="the_system_alone"), "decides"),
        (mildest(intervene="impossible"), "intervene"),
        (mildest(intervene="impossible", special_law="some law"), "intervene"),
        (mildest(intervene="impossible", special_law="5"), "intervene"),
    ],
)
def test_high_autonomy_is_refused_unless_an_act_and_its_article_are_named(answers, question):
    with pytest.raises(SpecialLawNeeded) as refusal:
        grade(answers, KZ)

    assert refusal.value.questions == (question,)


def test_high_autonomy_under_a_special_law_names_it_and_is_tier_one():
    graded = grade(mildest(decides="the_system_alone", special_law=f" {LAW} "), KZ)

    assert (graded.autonomy_degree, graded.tier, graded.special_law) == ("high", 1, LAW)


def test_a_special_law_is_no_part_of_a_grade_that_needs_none():
    assert grade(mildest() | {"special_law": LAW}, KZ).special_law == ""


MEDIUM = {"risk_degree": "medium", "autonomy_degree": "medium", "tier": 2}


@pytest.mark.parametrize(
    ("change", "raised"),
    [
        ({}, False),
        ({"risk_degree": "high"}, True),
        ({"autonomy_degree": "high"}, True),
        ({"tier": 1}, True),
        ({"risk_degree": "minimal"}, False),
        ({"autonomy_degree": "low"}, False),
        ({"tier": 3}, False),
        ({"risk_degree": "minimal", "autonomy_degree": "high"}, True),
    ],
)
def test_a_grade_is_raised_when_any_axis_is(change, raised):
    assert is_raised(MEDIUM, MEDIUM | change) is raised
