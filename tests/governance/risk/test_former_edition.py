"""The edition kz-2026 stays readable, and its answers still give what they gave: nobody grades by it any more."""

from __future__ import annotations

import pytest

from governance.risk.questionnaire import load
from governance.risk.rules import Because, Unanswered, grade, unanswered

KZ = load("kz-2026")
MILDEST = {question.id: question.options[0].id for question in KZ.questions}
CHATBOT = MILDEST | {"reach": "many_clients", "eu": "talks_or_generates"}
DOCUMENT_SEARCH = MILDEST
TRADING = MILDEST | {
    "stop": "work_suffers",
    "wrong": "loss_possible",
    "money": "within_limits",
    "decides": "the_system",
    "intervene": "after_it_acts",
}
CREDIT = MILDEST | {
    "stop": "work_suffers",
    "wrong": "loss_possible",
    "people": "access",
    "decides": "the_system",
    "reach": "many_clients",
    "eu": "annex_iii",
}


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [
        (CHATBOT, ("minimal", "low", "transparency", 4)),
        (DOCUMENT_SEARCH, ("minimal", "low", "none", 4)),
        (TRADING, ("medium", "medium", "none", 2)),
        (CREDIT, ("high", "medium", "high", 1)),
        (MILDEST | {"intervene": "impossible"}, ("minimal", "high", "none", 1)),
        (TRADING | {"reach": "the_market"}, ("medium", "medium", "none", 1)),
        (MILDEST | {"reach": "the_market"}, ("minimal", "low", "none", 3)),
    ],
)
def test_a_model_is_graded_on_two_axes_and_given_a_tier(given_answers, expected):
    graded = grade(given_answers, KZ)

    assert (graded.risk_degree, graded.autonomy_degree, graded.eu_class, graded.tier) == expected


def test_a_degree_names_the_answer_and_the_article_that_set_it():
    reasons = grade(CREDIT, KZ).reasons

    assert [reason for reason in reasons if reason.axis == "risk"] == [
        Because("risk", "high", "people", "access", "Art. 17(1)", "ours")
    ]
    assert Because("autonomy", "medium", "decides", "the_system", "Art. 17(2)", "text") in reasons


def test_a_lifted_tier_names_the_reach():
    reasons = grade(MILDEST | {"reach": "the_market"}, KZ).reasons

    assert [reason.as_dict() for reason in reasons if reason.axis == "tier"] == [
        {
            "axis": "tier",
            "value": "3",
            "question": "reach",
            "answer": "the_market",
            "article": "",
            "reading": "ours",
        }
    ]


@pytest.mark.parametrize("question", [question.id for question in KZ.questions])
def test_without_an_answer_nothing_is_graded_and_the_question_is_named(question):
    left_out = {key: value for key, value in MILDEST.items() if key != question}

    for wrong in (left_out, MILDEST | {question: "perhaps"}, MILDEST | {question: None}):
        assert unanswered(wrong, KZ) == [question]
        with pytest.raises(Unanswered) as refusal:
            grade(wrong, KZ)
        assert refusal.value.questions == (question,)


def test_high_autonomy_was_no_refusal_then():
    assert grade(MILDEST | {"decides": "the_system_alone"}, KZ).autonomy_degree == "high"


def test_its_tier_rests_on_no_materiality():
    assert not {"materiality", "complexity"} & {reason.axis for reason in grade(CREDIT, KZ).reasons}
