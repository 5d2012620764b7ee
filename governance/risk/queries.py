"""What pages ask about grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.risk import questionnaire
from governance.risk.models import AutonomyDegree, RiskAssessment, RiskDegree

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EU_CLASSES: Mapping[str, StrOrPromise] = {
    "none": _("none of the listed uses"),
    "transparency": _("transparency duties"),
    "high": _("high-risk (Annex III)"),
}


@dataclass(frozen=True)
class Because:
    """One answer that set a degree, in the reader's language."""

    question: str
    answer: str
    article: str


@dataclass(frozen=True)
class Degree:
    """One result of a grade. value: its key; words: what a person reads; because: the answers that set it."""

    axis: str
    title: StrOrPromise
    value: str
    words: StrOrPromise
    because: Sequence[Because]


def current_grade(model: AIModel) -> RiskAssessment | None:
    """The grade that stands, or None while nobody has graded the model."""
    return RiskAssessment.objects.current().filter(model_id=model.pk).select_related("assessed_by").first()


def explained(grade: RiskAssessment) -> list[Degree]:
    """Both degrees of the law, the tier and the class under EU law, each with its reasons."""
    risk, autonomy = RiskDegree(grade.risk_degree), AutonomyDegree(grade.autonomy_degree)
    tier = _("tier %(tier)s of 4") % {"tier": grade.tier}
    eu_class = grade.eu_class
    return [
        Degree("risk", _("Degree of risk"), risk, risk.label, _because(grade, "risk")),
        Degree("autonomy", _("Degree of autonomy"), autonomy, autonomy.label, _because(grade, "autonomy")),
        Degree("tier", _("Internal tier"), str(grade.tier), tier, _because(grade, "tier")),
        Degree("eu", _("Class under EU law"), eu_class, EU_CLASSES[eu_class], _because(grade, "eu")),
    ]


def _because(grade: RiskAssessment, axis: str) -> list[Because]:
    asked = {question.id: question for question in questionnaire.load(grade.edition).questions}
    language = (get_language() or "en")[:2]
    found = []
    for reason in grade.reasons:
        question = asked[reason["question"]]
        option = question.option(reason["answer"])
        if reason["axis"] == axis and option is not None:
            found.append(Because(question.title[language], option.title[language], reason["article"]))
    return found


def former_grades(model: AIModel) -> QuerySet[RiskAssessment]:
    """Grades that were superseded, newest first."""
    former = RiskAssessment.objects.filter(model_id=model.pk).exclude(superseded_at=None)
    return former.select_related("assessed_by").order_by("-assessed_at")
