"""Answers to the questionnaire of today."""

from __future__ import annotations

from governance.risk import questionnaire
from governance.risk.questions import Question, Questionnaire
from governance.risk.rules import asked

KZ = questionnaire.load()
LAW = "Law No. 1-VIII, Art. 5"


def mildest(**said: str) -> dict[str, str]:
    """The first option of every question asked, but for what is said."""
    return _given(KZ, said, lambda question: question.options[0].id)


def gravest(**said: str) -> dict[str, str]:
    """The last option of every question asked, under a special law."""
    return _given(KZ, {"special_law": LAW} | said, lambda question: question.options[-1].id)


def _given(edition: Questionnaire, said: dict[str, str], choose) -> dict[str, str]:
    answers: dict[str, str] = {}
    while True:
        open_ones = [q for q in asked(answers, edition) if q.id not in answers]
        if not open_ones:
            return answers
        answers[open_ones[0].id] = said.get(open_ones[0].id) or _answer(open_ones[0], choose)


def _answer(question: Question, choose) -> str:
    return "" if question.is_text else choose(question)
