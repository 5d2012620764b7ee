"""What pages ask about grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.risk import questionnaire
from governance.risk.grades import Grade, current_grade
from governance.risk.models import AutonomyDegree, Band, RiskAssessment
from governance.risk.overriding.models import Override, OverrideAxis
from governance.risk.overriding.words import beside, words_of
from governance.risk.questions import SPECIAL_LAW, Questionnaire, Text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["current_grade", "explained", "former_grades", "overrides_of"]

EU_CLASSES: Mapping[str, StrOrPromise] = {
    "none": _("none of the listed uses"),
    "transparency": _("transparency duties"),
    "high": _("high-risk (Annex III)"),
}


@dataclass(frozen=True)
class Because:
    """One answer, or one floor, that set a degree, in the reader's language. is_ours: by our reading, not by the text."""

    question: str
    answer: str
    article: str
    is_ours: bool = False

    @property
    def source(self) -> str:
        ours = gettext("our reading") if self.is_ours else ""
        return ", ".join(filter(None, [self.article, ours]))

    @property
    def sentence(self) -> str:
        said = " – ".join(filter(None, [self.question, self.answer]))
        return f"{said} ({self.source})" if self.source else said


@dataclass(frozen=True)
class ByHand:
    """What the second line put in the place of a computed value."""

    override: Override
    computed: StrOrPromise

    @property
    def sentence(self) -> str:
        return gettext(
            "Set by hand by %(name)s until %(day)s; computed: %(computed)s. Reason: %(reason)s"
        ) % {
            "name": self.override.set_by,
            "day": formats.date_format(self.override.ends_on, "DATE_FORMAT"),
            "computed": self.computed,
            "reason": self.override.reason,
        }


@dataclass(frozen=True)
class Degree:
    """One result of a grade. value: its key; words: what a person reads; because: the answers that set what was
    computed; by_hand: set where the second line put another value in its place; made_of: what a tier was read from."""

    axis: str
    title: StrOrPromise
    value: str
    words: StrOrPromise
    because: Sequence[Because]
    by_hand: ByHand | None = None
    made_of: str = ""

    @property
    def in_full(self) -> str:
        """With the computed value beside one that was set by hand."""
        if self.by_hand is None:
            return str(self.words)
        return beside(self.words, self.by_hand.computed)


def explained(grade: Grade) -> list[Degree]:
    """Both degrees of the law, the tier and the class under EU law, each with its reasons."""
    eu_class, asked = grade.eu_class, questionnaire.load(grade.edition)
    titles: Mapping[str, StrOrPromise] = dict(OverrideAxis.choices)
    values = {"risk": grade.risk_degree, "autonomy": grade.autonomy_degree, "tier": str(grade.tier)}
    found = [
        Degree(
            axis,
            titles[axis],
            value,
            words_of(axis, value),
            list(_because(grade.computed, asked, axis)),
            _by_hand(grade, axis),
            _made_of(grade.computed) if axis == "tier" else "",
        )
        for axis, value in values.items()
    ]
    because = list(_because(grade.computed, asked, "eu"))
    return [*found, Degree("eu", _("Class under EU law"), eu_class, EU_CLASSES[eu_class], because)]


def _by_hand(grade: Grade, axis: str) -> ByHand | None:
    override = grade.overrides.get(axis)
    return ByHand(override, override.computed_words) if override else None


def _made_of(computed: RiskAssessment) -> str:
    """What the tier was read from; a grade by kz-2026 has only its degrees."""
    if not computed.materiality:
        return ""
    return gettext("Materiality: %(materiality)s · complexity: %(complexity)s · autonomy: %(autonomy)s") % {
        "materiality": Band(computed.materiality).label,
        "complexity": Band(computed.complexity).label,
        "autonomy": AutonomyDegree(computed.autonomy_degree).label,
    }


BEHIND = {"tier": ("materiality", "complexity", "tier")}
"""Axes whose reasons stand under another one."""


def _because(computed: RiskAssessment, asked: Questionnaire, axis: str) -> Iterator[Because]:
    floors = {floor.id: floor for floor in asked.floors}
    for reason in computed.reasons:
        if reason["axis"] not in BEHIND.get(axis, (axis,)):
            continue
        if reason.get("floor"):
            yield Because(_spoken(floors[reason["floor"]].title), "", "", is_ours=True)
            continue
        question = asked.question(reason["question"])
        option = question.option(reason["answer"]) if question else None
        if question and option:
            ours = question.reading_of(option) == "ours"
            yield Because(_spoken(question.title), _spoken(option.title), reason["article"], ours)
    law = asked.question(SPECIAL_LAW)
    if axis == "autonomy" and computed.special_law and law:
        yield Because(_spoken(law.title), computed.special_law, law.article, law.reading == "ours")


def _spoken(text: Text) -> str:
    return text[(get_language() or "en")[:2]]


def former_grades(model: AIModel) -> QuerySet[RiskAssessment]:
    """Grades that were superseded, newest first."""
    former = RiskAssessment.objects.filter(model_id=model.pk).exclude(superseded_at=None)
    return former.select_related("assessed_by").order_by("-assessed_at")


def overrides_of(model: AIModel) -> QuerySet[Override]:
    """All that was ever set by hand, newest first."""
    rows = Override.objects.filter(model_id=model.pk)
    return rows.select_related("set_by", "reverted_by", "assessment")
