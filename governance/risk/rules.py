"""The grade of a model: two degrees under the law and an internal tier, each with the answers that set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from governance.risk.questions import (
    AUTONOMY,
    BANDS,
    EU,
    HIGHEST_TIER,
    RISK,
    SPECIAL_LAW,
    AutonomyDegree,
    Axis,
    Band,
    EuClass,
    Floor,
    Option,
    Question,
    Questionnaire,
    RiskDegree,
)

RULE = "2"
"""Raise it when the same answers to the same edition give another grade."""

SHORTEST_CITATION = 8
Degree = TypeVar("Degree", bound=str)


@dataclass(frozen=True)
class Because:
    """What set a degree: on which axis, to which value, by which question and answer, after which article, or by which
    floor. reading: "text" or "ours"."""

    axis: Axis
    value: str
    question: str
    answer: str
    article: str
    reading: str = "ours"
    floor: str = ""

    def as_dict(self) -> dict[str, str]:
        told = {
            "axis": self.axis,
            "value": self.value,
            "question": self.question,
            "answer": self.answer,
            "article": self.article,
            "reading": self.reading,
        }
        return {**told, "floor": self.floor} if self.floor else told


@dataclass(frozen=True)
class Graded:
    """eu_class is informational: it changes neither degree nor tier. special_law: under which autonomy may be high."""

    risk_degree: RiskDegree
    autonomy_degree: AutonomyDegree
    eu_class: EuClass
    materiality: Band
    complexity: Band
    tier: int
    reasons: tuple[Because, ...]
    special_law: str = ""


class Unanswered(ValueError):
    """Grading needs an answer to every question asked; `questions` names those without one of their options."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = tuple(questions)


class SpecialLawNeeded(ValueError):
    """Autonomy is high and no special law is named that allows it; `questions` made it high."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = tuple(questions)


Chosen = Sequence[tuple[Question, Option]]


def grade(answers: Mapping[str, Any], questionnaire: Questionnaire) -> Graded:
    """Degree of risk, degree of autonomy, EU class and tier. Raises Unanswered, SpecialLawNeeded.

    On each axis the highest pull wins, for one grave consequence is enough. Source: Law of RK 230-VIII, Art. 17(1)
    for risk and 17(2) for autonomy; materiality, complexity and the tier are ours.
    """
    open_questions = unanswered(answers, questionnaire)
    if open_questions:
        raise Unanswered(open_questions)
    chosen = [(q, _chosen(q, answers)) for q in asked(answers, questionnaire) if not q.is_text]
    risk = _highest(RISK, [option.risk for _, option in chosen])
    autonomy = _highest(AUTONOMY, [option.autonomy for _, option in chosen])
    eu = _highest(EU, [option.eu for _, option in chosen])
    materiality = _highest(BANDS, [option.materiality for _, option in chosen])
    complexity = _highest(BANDS, [option.complexity for _, option in chosen])
    law = _special_law(answers, questionnaire, autonomy, chosen)
    degrees: dict[Axis, str] = {"risk": risk, "autonomy": autonomy, "eu": eu}
    if not questionnaire.table:
        tier = _former_tier(questionnaire, risk, autonomy, chosen)
        reasons = (*_set_by(chosen, degrees), *_lifted_by(chosen, tier))
        return Graded(risk, autonomy, eu, materiality, complexity, tier, reasons)
    degrees |= {"materiality": materiality, "complexity": complexity}
    holding = [floor for floor in questionnaire.floors if _holds(floor, chosen, risk)]
    cell = questionnaire.table[materiality][complexity][autonomy]
    tier = min([cell, *(floor.tier for floor in holding)])
    reasons = (*_set_by(chosen, degrees), *_held_by(holding, tier))
    return Graded(risk, autonomy, eu, materiality, complexity, tier, reasons, law)


def asked(answers: Mapping[str, Any], questionnaire: Questionnaire) -> list[Question]:
    """The questions that these answers ask. An answer to a question that is not asked opens nothing."""
    found: list[Question] = []
    counted: dict[str, Any] = {}
    for question in questionnaire.questions:
        if is_asked(question, counted):
            found.append(question)
            counted[question.id] = answers.get(question.id)
    return found


def is_asked(question: Question, counted: Mapping[str, Any]) -> bool:
    """counted: answers to the earlier questions that are asked."""
    return not question.when or any(counted.get(key) in opening for key, opening in question.when.items())


def unanswered(answers: Mapping[str, Any], questionnaire: Questionnaire) -> list[str]:
    """Questions asked without an answer, or with one that is not among the options, in their order."""
    choices = [question for question in asked(answers, questionnaire) if not question.is_text]
    return [q.id for q in choices if q.option(str(answers.get(q.id, ""))) is None]


def names_a_law(text: str) -> bool:
    """Whether a text can be a citation: an act and the number of its article."""
    return len(text) >= SHORTEST_CITATION and any(letter.isdigit() for letter in text)


def is_raised(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a grade (risk_degree, autonomy_degree, tier) is stricter on any axis than the one decided on."""
    return (
        RISK.index(after["risk_degree"]) > RISK.index(before["risk_degree"])
        or AUTONOMY.index(after["autonomy_degree"]) > AUTONOMY.index(before["autonomy_degree"])
        or after["tier"] < before["tier"]
    )


def _special_law(
    answers: Mapping[str, Any], questionnaire: Questionnaire, autonomy: AutonomyDegree, chosen: Chosen
) -> str:
    """The law that is named where autonomy is high. Source: Art. 17(2), last part; that we refuse is our reading."""
    if autonomy != "high" or questionnaire.question(SPECIAL_LAW) is None:
        return ""
    named = str(answers.get(SPECIAL_LAW) or "").strip()
    if not names_a_law(named):
        raise SpecialLawNeeded([question.id for question, option in chosen if option.autonomy == "high"])
    return named


def _holds(floor: Floor, chosen: Chosen, risk: RiskDegree) -> bool:
    return floor.risk == risk or any(option.id in floor.answers.get(q.id, ()) for q, option in chosen)


def _former_tier(
    questionnaire: Questionnaire, risk: RiskDegree, autonomy: AutonomyDegree, chosen: Chosen
) -> int:
    """As the edition kz-2026 has it: the cell of both degrees, lifted by the reach, never above 1."""
    return max(HIGHEST_TIER, questionnaire.tiers[risk][autonomy] - max(option.steps for _, option in chosen))


def _chosen(question: Question, answers: Mapping[str, Any]) -> Option:
    return cast(Option, question.option(str(answers[question.id])))


def _highest(order: Sequence[Degree], pulls: Sequence[Degree | None]) -> Degree:
    return max((pull for pull in pulls if pull is not None), key=order.index, default=order[0])


def _set_by(chosen: Chosen, degrees: Mapping[Axis, str]) -> list[Because]:
    """For every axis the answers that reached its degree; the lowest degree is set by all of them together."""
    return [
        Because(
            axis, degree, question.id, option.id, question.article_of(option), question.reading_of(option)
        )
        for axis, degree in degrees.items()
        for question, option in chosen
        if getattr(option, axis) == degree
    ]


def _lifted_by(chosen: Chosen, tier: int) -> list[Because]:
    lifting = [(question, option) for question, option in chosen if option.steps]
    return [Because("tier", str(tier), q.id, option.id, q.article_of(option)) for q, option in lifting]


def _held_by(holding: Sequence[Floor], tier: int) -> list[Because]:
    """The floors that hold and are no lower than the tier: without any of them it might stand lower."""
    return [Because("tier", str(tier), "", "", "", floor=each.id) for each in holding if each.tier == tier]
