"""What the answers of a registration mean together: which questions are asked, what follows, what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from governance.inventory.digests import digest
from governance.inventory.models import AIModel
from governance.inventory.profile.queries import risk_degree, row_of, rows_of
from governance.inventory.questions import DEGREE, Condition, Question, Section
from governance.inventory.sections import QUESTIONS, SECTIONS, questions

Answers = Mapping[str, Any]
SAYS_NOTHING: tuple[object, ...] = (None, "", [], False)


def of(model: AIModel) -> dict[str, Any]:
    """The answers as they are stored; the owner as an id."""
    rows = rows_of(model)
    return {question.name: getattr(rows[question.table], question.column.attname) for question in questions()}


def stored(model: AIModel, question: Question) -> Any:
    return getattr(row_of(model, question.table), question.column.attname)


def graded(model: AIModel) -> dict[str, Any]:
    """The answers with the degree of risk that counts beside them: what decides which questions a page asks."""
    return {**of(model), DEGREE: risk_degree(model)}


def is_asked(question: Question, answers: Answers) -> bool:
    """answers: with the degree beside them; without it nothing is asked that waits for a grade."""
    degree = answers.get(DEGREE) or ""
    return is_opened(question, answers) and all(degree in each.degrees for each in _waiting(question))


def is_opened(question: Question, answers: Answers) -> bool:
    """Whether the answers alone ask it. A grade comes and goes: what was answered under another one stays."""
    return all(_holds(condition, answers) for condition in question.when)


def _holds(condition: Condition, answers: Answers) -> bool:
    return any(
        answers.get(other) in wanted and is_opened(QUESTIONS[other], answers)
        for other, wanted in condition.any_of
    )


def _waiting(question: Question) -> list[Question]:
    """The question and those that it rests on, as far as they wait for a grade."""
    own = [question] if question.degrees else []
    return own + [each for name in question.deciders for each in _waiting(QUESTIONS[name])]


def waits_for_grade(section: Section, answers: Answers) -> bool:
    """Whether a section may have more to ask once the model is graded."""
    return not answers.get(DEGREE) and any(
        _waiting(question) and is_opened(question, answers) for question in section.questions
    )


def is_relevant(section: Section, answers: Answers) -> bool:
    """Whether a section has anything to ask after these answers."""
    opened = any(answers.get(decider) in wanted for decider, wanted in section.when)
    return opened or any(is_asked(question, answers) for question in section.questions)


def relevant(answers: Answers) -> list[Section]:
    """The sections of the registration, in their order, as far as the answers make them relevant."""
    return [section for section in SECTIONS if is_relevant(section, answers)]


def progress(section: Section, answers: Answers) -> tuple[int, int]:
    """How many of the questions that a section asks are answered, and how many it asks. A tick is never owed."""
    asked = [each for each in section.questions if not each.is_tick and is_asked(each, answers)]
    return sum(is_answered(each, answers) for each in asked), len(asked)


def fingerprint(section: Section, answers: Answers) -> str:
    """What a page of this section was made from: another one by the time it is sent means that somebody was faster."""
    return digest({question.name: str(answers[question.name]) for question in section.questions})


def is_answered(question: Question, answers: Answers) -> bool:
    return answers.get(question.name) not in (None, "", [])


def opened_by_grade(answers: Answers) -> int:
    """How many questions may come with a grade; 0 once there is one."""
    if answers.get(DEGREE):
        return 0
    return sum(bool(_waiting(each)) and is_opened(each, answers) for each in questions())


def settled(answers: Answers) -> dict[str, Any]:
    """The answers with what follows from them: where a question is not asked, its former answer goes away.

    A yes or no that is not asked because the deciding question says so becomes `otherwise`; while that question itself
    is open, it stays open.
    """
    result = dict(answers)
    for question in questions():
        if not is_opened(question, result):
            result[question.name] = _follows(question, result)
    return result


def reopened(now: Answers, before: Answers) -> list[Question]:
    """Questions asked now that were not asked before: what had followed for them was nobody's answer."""
    return [each for each in questions() if is_opened(each, now) and not is_opened(each, before)]


def _follows(question: Question, answers: Answers) -> object:
    if not question.is_yes_or_no or question.is_tick or question.table is not AIModel:
        return question.empty  # what the profile does not ask, nobody has answered: no row is written for it
    closed = [condition for condition in question.when if not _holds(condition, answers)]
    deciders = [name for condition in closed for name, _answers in condition.any_of]
    if not all(is_answered(QUESTIONS[name], answers) for name in deciders):
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
            % {"question": _decider(name, answers).label},
        )
        for name in given
        if not is_opened(QUESTIONS[name], answers) and answers.get(name) not in SAYS_NOTHING
    ]


def _decider(name: str, answers: Answers) -> Question:
    """The first question that keeps this one from being asked."""
    closed = next(condition for condition in QUESTIONS[name].when if not _holds(condition, answers))
    return QUESTIONS[closed.any_of[0][0]]


def unanswered(answers: Answers) -> list[Problem]:
    """Everything that keeps a model from being registered."""
    return [
        *(Problem(each.name, _("This has not been answered.")) for each in missing(answers)),
        *contradictions(answers),
    ]
