"""The grade of a model: two degrees under the law and an internal tier, each with the answers that set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

RiskDegree = Literal["minimal", "medium", "high"]
AutonomyDegree = Literal["low", "medium", "high"]
EuClass = Literal["none", "transparency", "high"]
Axis = Literal["risk", "autonomy", "eu", "tier"]

RISK: tuple[RiskDegree, ...] = ("minimal", "medium", "high")
AUTONOMY: tuple[AutonomyDegree, ...] = ("low", "medium", "high")
EU: tuple[EuClass, ...] = ("none", "transparency", "high")
HIGHEST_TIER = 1

Degree = TypeVar("Degree", bound=str)
Text = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer and what it pulls on; None = it leaves that axis alone. steps lift the tier."""

    id: str
    title: Text
    risk: RiskDegree | None = None
    autonomy: AutonomyDegree | None = None
    eu: EuClass | None = None
    steps: int = 0


@dataclass(frozen=True)
class Question:
    """reading: "text" = the article asks exactly this, "ours" = our reading of its test."""

    id: str
    article: str
    reading: Literal["text", "ours"]
    title: Text
    help: Text
    options: tuple[Option, ...]

    def option(self, chosen: str) -> Option | None:
        return next((option for option in self.options if option.id == chosen), None)


@dataclass(frozen=True)
class Questionnaire:
    edition: str
    title: Text
    questions: tuple[Question, ...]
    tiers: Mapping[RiskDegree, Mapping[AutonomyDegree, int]]


@dataclass(frozen=True)
class Because:
    """The answer that set a degree: on which axis, to which value, by which question, after which article."""

    axis: Axis
    value: str
    question: str
    answer: str
    article: str

    def as_dict(self) -> dict[str, str]:
        return {
            "axis": self.axis,
            "value": self.value,
            "question": self.question,
            "answer": self.answer,
            "article": self.article,
        }


@dataclass(frozen=True)
class Graded:
    """eu_class is informational: it changes neither degree nor tier."""

    risk_degree: RiskDegree
    autonomy_degree: AutonomyDegree
    eu_class: EuClass
    tier: int
    reasons: tuple[Because, ...]


class Unanswered(ValueError):
    """Grading needs an answer to every question; `questions` names those without one of their options."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = tuple(questions)


Chosen = Sequence[tuple[Question, Option]]


def grade(answers: Mapping[str, Any], questionnaire: Questionnaire) -> Graded:
    """Degree of risk, degree of autonomy, EU class and tier. Raises Unanswered.

    On each axis the highest pull wins, for one grave consequence is enough. Source: Law of RK 230-VIII, Art. 17(1)
    for risk and 17(2) for autonomy; the tier is ours.
    """
    open_questions = unanswered(answers, questionnaire)
    if open_questions:
        raise Unanswered(open_questions)
    chosen = [(question, _chosen(question, answers)) for question in questionnaire.questions]
    risk = _highest(RISK, [option.risk for _, option in chosen])
    autonomy = _highest(AUTONOMY, [option.autonomy for _, option in chosen])
    eu = _highest(EU, [option.eu for _, option in chosen])
    tier = tier_of(questionnaire, risk, autonomy, max(option.steps for _, option in chosen))
    set_by = _set_by(chosen, {"risk": risk, "autonomy": autonomy, "eu": eu})
    return Graded(risk, autonomy, eu, tier, (*set_by, *_lifted_by(chosen, tier)))


def unanswered(answers: Mapping[str, Any], questionnaire: Questionnaire) -> list[str]:
    """Questions without an answer, or with one that is not among the options, in their order."""
    return [q.id for q in questionnaire.questions if q.option(str(answers.get(q.id, ""))) is None]


def tier_of(questionnaire: Questionnaire, risk: RiskDegree, autonomy: AutonomyDegree, steps: int = 0) -> int:
    """Internal tier, 1 = highest: the cell of both degrees, lifted by the reach, never above 1.

    Ours, not the law's. High risk or high autonomy is tier 1; medium risk is 2 where the system acts by itself and
    3 where a person decides; minimal risk is 3 and 4; a reach over the whole market lifts by one.
    """
    return max(HIGHEST_TIER, questionnaire.tiers[risk][autonomy] - steps)


def is_raised(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a grade (risk_degree, autonomy_degree, tier) is stricter on any axis than the one decided on."""
    return (
        RISK.index(after["risk_degree"]) > RISK.index(before["risk_degree"])
        or AUTONOMY.index(after["autonomy_degree"]) > AUTONOMY.index(before["autonomy_degree"])
        or after["tier"] < before["tier"]
    )


def _chosen(question: Question, answers: Mapping[str, Any]) -> Option:
    return cast(Option, question.option(str(answers[question.id])))


def _highest(order: Sequence[Degree], pulls: Sequence[Degree | None]) -> Degree:
    return max((pull for pull in pulls if pull is not None), key=order.index, default=order[0])


def _set_by(chosen: Chosen, degrees: Mapping[Literal["risk", "autonomy", "eu"], str]) -> list[Because]:
    """For every axis the answers that reached its degree; the lowest degree is set by all of them together."""
    return [
        Because(axis, degree, question.id, option.id, question.article)
        for axis, degree in degrees.items()
        for question, option in chosen
        if getattr(option, axis) == degree
    ]


def _lifted_by(chosen: Chosen, tier: int) -> list[Because]:
    return [Because("tier", str(tier), q.id, option.id, q.article) for q, option in chosen if option.steps]
