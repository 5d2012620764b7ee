"""A candidate questionnaire held against the answers on file, without writing: which grades would be others, and which open.

A model that is graded keeps its grade when an edition is loaded. This says what grading it again with the same answers
would give; a question that nobody was asked has no answer, so the grade is open and never assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from governance.inventory.models import AIModel
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.risk.grades import Grade, grades_of
from governance.risk.models import RiskAssessment
from governance.risk.questions import Question, Questionnaire
from governance.risk.rules import Graded, SpecialLawNeeded, Unanswered, grade

AXES = ("risk", "autonomy", "tier", "eu")
Outcome = Literal["graded", "open", "blocked"]


@dataclass(frozen=True)
class Change:
    """One axis of a grade that would have another value."""

    axis: str
    was: str
    now: str


@dataclass(frozen=True)
class Regraded:
    """One model that would stand otherwise. now: None where the candidate gives no grade.

    outcome: "open" = `questions` wait for an answer; "blocked" = `questions` make autonomy high and no special law is named.
    """

    organisation: Organisation
    model: AIModel
    was: Grade
    now: Grade | None
    outcome: Outcome = "graded"
    questions: Sequence[Question] = ()

    @property
    def changes(self) -> list[Change]:
        if self.now is None:
            return []
        then = _values(self.now)
        return [Change(axis, was, then[axis]) for axis, was in _values(self.was).items() if was != then[axis]]


@dataclass(frozen=True)
class Regrading:
    """models: how many have answers on file and were judged. ungraded: registered models that nobody has graded yet."""

    questionnaire: Questionnaire
    on: date
    rows: Sequence[Regraded]
    models: int
    ungraded: int

    @property
    def grades(self) -> Mapping[UUID, Grade | None]:
        """The grade that each model would have instead, by model; None = open."""
        return {row.model.pk: row.now for row in self.rows}


def regrade(*, by: Actor, questionnaire: Questionnaire, today: date) -> Regrading:
    """Inside `viewing(by)`, of what `by` may see. It counts from the day that the candidate states, or from today."""
    rows: list[Regraded] = []
    judged = ungraded = 0
    for organisation in Organisation.objects.visible_to(by).filter(kind="participant").order_by("bin"):
        models = list(AIModel.objects.registered().filter(organisation=organisation).order_by("number"))
        grades = grades_of(models)
        judged, ungraded = judged + len(grades), ungraded + len(models) - len(grades)
        rows += _changed(organisation, models, grades, questionnaire)
    return Regrading(questionnaire, max(today, questionnaire.applies_from or today), rows, judged, ungraded)


def _changed(
    organisation: Organisation,
    models: Sequence[AIModel],
    grades: Mapping[UUID, Grade],
    questionnaire: Questionnaire,
) -> Iterator[Regraded]:
    for model in models:
        if model.pk in grades:
            row = _regraded(organisation, model, grades[model.pk], questionnaire)
            if row.now is None or row.changes:
                yield row


def _regraded(
    organisation: Organisation, model: AIModel, was: Grade, questionnaire: Questionnaire
) -> Regraded:
    try:
        found = grade(was.computed.answers, questionnaire)
    except Unanswered as lacking:
        return Regraded(organisation, model, was, None, "open", _named(lacking.questions, questionnaire))
    except SpecialLawNeeded as high:
        return Regraded(organisation, model, was, None, "blocked", _named(high.questions, questionnaire))
    return Regraded(organisation, model, was, _as_grade(model, found, was.computed, questionnaire))


def _named(ids: Sequence[str], questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions if question.id in ids]


def _as_grade(model: AIModel, found: Graded, answered: RiskAssessment, questionnaire: Questionnaire) -> Grade:
    """As a row that is never saved. Nothing is set by hand beside it: an override ends with a new grade."""
    given: dict[str, Any] = {
        "edition": questionnaire.edition,
        "answers": answered.answers,
        "risk_degree": found.risk_degree,
        "autonomy_degree": found.autonomy_degree,
        "tier": found.tier,
        "reasons": [reason.as_dict() for reason in found.reasons],
        "assessed_by_id": answered.assessed_by_id,
    }
    return Grade(RiskAssessment(organisation_id=model.organisation_id, model=model, **given))


def _values(of: Grade) -> dict[str, str]:
    values = (of.risk_degree, of.autonomy_degree, str(of.tier), of.eu_class)
    return dict(zip(AXES, values, strict=True))
