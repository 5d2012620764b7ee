"""What the answers of a registration mean together: which questions are asked, what follows, what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from governance.inventory.digests import digest
from governance.inventory.models import AIModel
from governance.inventory.sections import QUESTIONS, SECTIONS, Question, Section, questions

Answers = Mapping[str, Any]
SAYS_NOTHING: tuple[object, ...] = (None, "", [], False)


def of(model: AIModel) -> dict[str, Any]:
    """The answers as they are stored; the owner as an id."""
    return {question.name: getattr(model, question.column.attname) for question in questions()}


def is_asked(question: Question, answers: Answers) -> bool:
    if question.when is None:
        return True
    other, wanted = question.when
    return answers.get(other) in wanted and is_asked(QUESTIONS[other], answers)


def is_relevant(section: Section, answers: Answers) -> bool:
    """Whether a section has anything to ask after these answers."""
    opened = any(answers.get(decider) in wanted for decider, wanted in section.when)
    return opened or any(is_asked(question, answers) for question in section.questions)


def relevant(answers: Answers) -> list[Section]:
    """The sections of the registration, in their order, as far as the answers make them relevant."""
    return [section for section in SECTIONS if is_relevant(section, answers)]


def fingerprint(section: Section, answers: Answers) -> str:
    """What a page of this section was made from: another one by the time it is sent means that somebody was faster."""
    return digest({question.name: str(answers[question.name]) for question in section.questions})


def is_answered(question: Question, answers: Answers) -> bool:
    return answers.get(question.name) not in (None, "", [])


def settled(answers: Answers) -> dict[str, Any]:
    """The answers with what follows from them: where a question is not asked, its former answer goes away.

    A yes or no that is not asked because the deciding question says so becomes `otherwise`; while that question itself
    is open, it stays open.
    """
    result = dict(answers)
    for question in questions():
        if not is_asked(question, result):
            result[question.name] = _follows(question, result)
    return result


def reopened(now: Answers, before: Answers) -> list[Question]:
    """Questions asked now that were not asked before: what had followed for them was nobody's answer."""
    return [each for each in questions() if is_asked(each, now) and not is_asked(each, before)]


def _follows(question: Question, answers: Answers) -> object:
    assert question.when is not None
    if not question.is_yes_or_no:
        return question.empty
    if not is_answered(QUESTIONS[question.when[0]], answers):
        return None
    return bool(question.otherwise)


def missing(answers: Answers) -> list[Question]:
    """The questions that registration still waits for, in their order."""
    return [
        each
        for each in questions()
        if each.needed and is_asked(each, answers) and not is_answered(each, answers)
    ]


def contradictions(answers: Answers) -> list[Problem]:
    """Answers that cannot both be true."""
    scores_people = answers.get("credit_scoring") is True
    about_people = _("Scoring the creditworthiness of natural persons concerns people: this cannot be “no”.")
    return [
        Problem(name, about_people)
        for name in ("natural_persons", "decisions_about_persons")
        if scores_people and answers.get(name) is False
    ]


def not_asked(given: Iterable[str], answers: Answers) -> list[Problem]:
    """Answers that were handed in although the question is not asked."""
    return [
        Problem(
            name,
            _("This is asked only for another answer to “%(question)s”.")
            % {"question": _decider(name).label},
        )
        for name in given
        if not is_asked(QUESTIONS[name], answers) and answers.get(name) not in SAYS_NOTHING
    ]


def _decider(name: str) -> Question:
    when = QUESTIONS[name].when
    assert when is not None
    return QUESTIONS[when[0]]


def unanswered(answers: Answers) -> list[Problem]:
    """Everything that keeps a model from being registered."""
    return [
        *(Problem(each.name, _("This has not been answered.")) for each in missing(answers)),
        *contradictions(answers),
    ]
