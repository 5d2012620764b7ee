"""The law, article by article: a model that it binds, and the same model with one answer changed that it does not bind.

The expected outcomes stand in law_by_article.yaml and were read from the texts by hand.
"""

from __future__ import annotations

from dataclasses import fields

import pytest

from governance.obligations.requirement import ALWAYS, When
from governance.obligations.rules import Facts, applies, flags
from tests.governance.obligations.articles import Case, cases, catalogue


@pytest.mark.parametrize("case", cases(), ids=str)
def test_it_binds(case: Case):
    assert applies(case.condition, flags(case.bound)).answer == "yes"


@pytest.mark.parametrize("case", [case for case in cases() if case.unless], ids=str)
def test_one_other_answer_and_it_does_not_bind(case: Case):
    told = [applies(case.condition, flags(facts)).answer for facts in case.freed]

    assert dict(zip(map(str, case.unless), told, strict=True)) == dict.fromkeys(map(str, case.unless), "no")


@pytest.mark.parametrize("case", [case for case in cases() if case.unless], ids=str)
def test_what_frees_it_is_one_answer(case: Case):
    for facts in case.freed:
        changed = [
            each.name for each in fields(Facts) if getattr(facts, each.name) != getattr(case.bound, each.name)
        ]
        assert len(changed) == 1


def test_every_condition_of_the_law_is_in_the_table_and_no_other():
    conditions = {(key, 0): each.when for key, each in catalogue().items()}
    conditions |= {
        (key, group.number): group.when for key, each in catalogue().items() for group in each.groups
    }

    stated = {place for place, when in conditions.items() if when != ALWAYS}
    assert {(case.key, case.part) for case in cases()} == stated


def test_where_no_answer_frees_anybody_the_table_says_why():
    assert {case.key for case in cases() if not case.unless} == {"kz-art8-1-continuous-control"}
    assert all(bool(case.everybody) is not bool(case.unless) for case in cases())


def test_every_flag_that_the_law_turns_on_holds_in_one_case_and_decides_in_another():
    named = {flag for case in cases() for flag in case.condition.flags}
    holds = {flag for case in cases() for flag in case.condition.flags if flags(case.bound)[flag]}
    decides = {
        flag
        for case in cases()
        for facts in case.freed
        for flag in case.condition.flags
        if flags(case.bound)[flag] and flags(facts)[flag] is False
    }

    assert holds == named
    assert named - decides == {"risk_minimal"}  # what binds at minimal risk binds at every other degree, too


IMPLIED = {
    ("kz-art6-fairness-equality", 0): {"credit_scoring", "decisions_about_persons"},
    ("kz-art6-fairness-equality", 2): {"credit_scoring"},
    ("kz-art16-1-4-explain-results", 2): {"decisions_about_persons"},
    ("kz-art17-3-3-social-scoring", 3): {"credit_scoring"},
    ("kz-art17-3-6-emotion-without-consent", 3): {"decisions_about_persons"},
}
"""Scoring decides about persons and decisions concern people, so that another flag of the same condition holds anyway."""


@pytest.mark.parametrize("place", sorted({(case.key, case.part) for case in cases()}), ids=str)
def test_the_table_notices_each_flag_that_a_condition_loses(place):
    own = [case for case in cases() if (case.key, case.part) == place]
    condition = own[0].condition
    lost = {flag for flag in condition.flags if _fits(own, _without(condition, flag))}

    assert lost == IMPLIED.get(place, set())


def _without(when: When, flag: str) -> When:
    return When(*(tuple(each for each in part if each != flag) for part in (when.all_of, when.any_of)))


def _fits(own: list[Case], when: When) -> bool:
    return all(
        applies(when, flags(case.bound)).answer == "yes"
        and all(applies(when, flags(facts)).answer == "no" for facts in case.freed)
        for case in own
    )


def test_the_plain_model_answers_every_question():
    [plain] = {tuple(sorted(case.plain.items())) for case in cases()}

    assert {name for name, _value in plain} == {each.name for each in fields(Facts)}
    assert [name for name, value in plain if value is None or value == ""] == ["vendor"]
