"""A question appears only where the answers make it relevant: few for a bought tool, nearly all for what trades."""

from __future__ import annotations

from typing import Any

import pytest

from governance.inventory import answers
from governance.inventory.profile.sections import PROFILE
from governance.inventory.questions import DEGREE, HIGH, MEDIUM_UP
from governance.inventory.sections import QUESTIONS, SECTION_OF, questions

NOTHING = {name: question.empty for name, question in QUESTIONS.items()}
TOOL = {
    **NOTHING,
    "origin": "vendor",
    "trained_model": False,
    "generative": True,
    "deepfake": False,
    "client_facing": True,
    "usage_mode": "closed",
    DEGREE: "minimal",
}
OF_A_BROKER = {
    **NOTHING,
    "origin": "vendor",
    "hosted_outside": True,
    "trained_model": True,
    "eu_scope": True,
    "trading": True,
    "market_data": True,
    "natural_persons": True,
    "client_facing": True,
    "personal_data": True,
    "decisions_about_persons": True,
    "learning_mode": "periodic",
    "is_black_box": True,
    "disclosed": True,
    "is_ai_system": True,
    "seeks_trusted_list": True,
    DEGREE: "high",
}
"""Manages clients' portfolios with a bought engine that was trained on the broker's data."""


def asked(given: dict[str, Any]) -> list[str]:
    return [question.name for question in questions() if answers.is_asked(question, given)]


def test_a_bought_tool_of_minimal_risk_needs_fifteen_answers():
    needed = [QUESTIONS[name] for name in asked(TOOL) if QUESTIONS[name].needed]

    fields = {(SECTION_OF[each.name].slug, each.field) for each in needed} - {("people", "owner")}
    assert len(fields) == 15


def test_a_bought_tool_of_minimal_risk_is_asked_less_than_half():
    assert len(asked(TOOL)) <= len(QUESTIONS) / 2


def test_a_trading_model_of_high_risk_is_asked_nearly_everything():
    assert len(asked(OF_A_BROKER)) / len(QUESTIONS) >= 0.9


def test_what_trades_is_asked_about_its_orders():
    orders = {question.name for question in QUESTIONS.values() if SECTION_OF[question.name].slug == "orders"}

    assert len(orders) == 12
    assert orders <= set(asked(OF_A_BROKER))
    assert orders.isdisjoint(asked(TOOL))


@pytest.mark.parametrize(
    ("degree", "boundaries", "replacing"),
    [("", False, False), ("minimal", False, False), ("medium", True, False), ("high", True, True)],
)
def test_some_questions_wait_for_the_degree_of_risk(degree, boundaries, replacing):
    names = asked({**TOOL, DEGREE: degree})

    assert ("operating_boundaries" in names, "months_to_replace" in names) == (boundaries, replacing)


def test_before_the_grade_a_section_says_that_more_may_follow():
    stakes = next(section for section in PROFILE if section.slug == "stakes")

    assert answers.waits_for_grade(stakes, {**TOOL, DEGREE: ""})
    assert not answers.waits_for_grade(stakes, TOOL)
    assert answers.opened_by_grade({**TOOL, DEGREE: ""}) > 0
    assert answers.opened_by_grade(TOOL) == 0


def test_what_was_answered_under_a_higher_grade_stays():
    given = {**TOOL, "operating_boundaries": "Retail clients", DEGREE: "minimal"}

    assert answers.settled(given)["operating_boundaries"] == "Retail clients"


def test_what_an_answer_closes_goes_away_with_all_behind_it():
    after = answers.settled({**OF_A_BROKER, "largest_order": 5, "trading": False, "is_ai_system": None})

    assert (after["largest_order"], after["initiates_orders"], after["ai_system_reason"]) == (None, None, "")


def test_the_profile_is_never_needed_for_registration():
    later = [question for section in PROFILE for question in section.questions]

    assert not any(question.needed for question in later)
    assert not any(question.needed for question in questions() if question.degrees)
    assert {question.degrees for question in questions()} == {(), MEDIUM_UP, HIGH}


def test_sections_are_short():
    assert max(len(section.questions) for section in PROFILE) == 12
