"""A grade follows from the answers alone and says which of them set it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from governance.risk.questionnaire import FOLDER, QuestionnaireBroken, load
from governance.risk.rules import AUTONOMY, RISK, Because, Unanswered, grade, is_raised, tier_of, unanswered

KZ = load()
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

answers = st.fixed_dictionaries(
    {question.id: st.sampled_from([option.id for option in question.options]) for question in KZ.questions}
)


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
        Because("risk", "high", "people", "access", "Art. 17(1)")
    ]
    assert Because("autonomy", "medium", "decides", "the_system", "Art. 17(2)") in reasons


def test_a_lifted_tier_names_the_reach():
    reasons = grade(MILDEST | {"reach": "the_market"}, KZ).reasons

    assert [reason.as_dict() for reason in reasons if reason.axis == "tier"] == [
        {"axis": "tier", "value": "3", "question": "reach", "answer": "the_market", "article": ""}
    ]


@given(answers)
def test_every_degree_has_a_reason(given_answers):
    graded = grade(given_answers, KZ)
    values = {(reason.axis, reason.value) for reason in graded.reasons}

    assert {
        ("risk", graded.risk_degree),
        ("autonomy", graded.autonomy_degree),
        ("eu", graded.eu_class),
    } <= values
    assert graded.tier in (1, 2, 3, 4)


@given(answers, st.sampled_from([question.id for question in KZ.questions]))
def test_a_graver_answer_never_lowers_a_grade(given_answers, changed):
    [question] = [question for question in KZ.questions if question.id == changed]
    graver = grade(given_answers | {changed: question.options[-1].id}, KZ)
    before = grade(given_answers, KZ)

    assert RISK.index(graver.risk_degree) >= RISK.index(before.risk_degree)
    assert AUTONOMY.index(graver.autonomy_degree) >= AUTONOMY.index(before.autonomy_degree)
    assert graver.tier <= before.tier


@pytest.mark.parametrize("question", [question.id for question in KZ.questions])
def test_without_an_answer_nothing_is_graded_and_the_question_is_named(question):
    left_out = {key: value for key, value in MILDEST.items() if key != question}

    for wrong in (left_out, MILDEST | {question: "perhaps"}, MILDEST | {question: None}):
        assert unanswered(wrong, KZ) == [question]
        with pytest.raises(Unanswered) as refusal:
            grade(wrong, KZ)
        assert refusal.value.questions == (question,)


@pytest.mark.parametrize("risk", RISK)
@pytest.mark.parametrize("autonomy", AUTONOMY)
def test_tiers_rise_with_either_degree(risk, autonomy):
    tier = tier_of(KZ, risk, autonomy)

    assert all(tier_of(KZ, milder, autonomy) >= tier for milder in RISK[: RISK.index(risk)])
    assert all(tier_of(KZ, risk, milder) >= tier for milder in AUTONOMY[: AUTONOMY.index(autonomy)])


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


def test_the_questionnaire_is_short():
    assert len(KZ.questions) <= 8
    assert all(2 <= len(question.options) <= 4 for question in KZ.questions)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw["tiers"]["high"].pop("low"),
        lambda raw: raw["questions"][0]["title"].pop("kk"),
        lambda raw: raw["questions"][0]["options"][0].update(risk="enormous"),
        lambda raw: raw.update(edition="kz-2099"),
    ],
)
def test_a_broken_edition_is_refused(spoil, tmp_path):
    raw = yaml.safe_load((FOLDER / "kz-2026.yaml").read_text())
    spoil(raw)
    (tmp_path / "kz-2026.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True))

    with pytest.raises(QuestionnaireBroken):
        load("kz-2026", tmp_path)


def test_an_edition_that_does_not_exist_is_not_looked_for_elsewhere():
    with pytest.raises(FileNotFoundError):
        load("../questionnaires/kz-2026")
