"""What pages ask about models."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.inventory import answers
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.questions import Question, Section
from governance.inventory.sections import SECTIONS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Line:
    """One answer as a page shows it. text: "" where there is none."""

    question: Question
    text: str
    is_missing: bool


@dataclass(frozen=True)
class Chapter:
    section: Section
    lines: Sequence[Line]

    @property
    def missing(self) -> int:
        return sum(line.is_missing for line in self.lines)

    @property
    def answered(self) -> str:
        """How much of it is answered, of what is asked."""
        said = [line for line in self.lines if not line.question.is_tick]
        return f"{sum(bool(line.text) for line in said)}/{len(said)}"

    @property
    def rows(self) -> list[tuple[StrOrPromise, str]]:
        """For components/definitions.html."""
        return [(line.question.label, line.text) for line in self.lines]


def focus_version(model: AIModel) -> ModelVersion | None:
    """The version that requirements are judged for: the newest that was not withdrawn."""
    return model.versions.filter(withdrawn_at=None).order_by("-created_at").first()


def is_done(section: Section, waiting: Collection[str], filled: Collection[str]) -> bool:
    """Whether a section waits for nothing. waiting: names of the questions that registration waits for."""
    if not section.questions:
        return section.slug in filled
    return not any(question.name in waiting for question in section.questions)


def filled(model: AIModel) -> set[str]:
    """The sections without questions in which something is listed, by their slugs, in one query."""
    listing = [section for section in SECTIONS if section.rows]
    found = AIModel.objects.filter(pk=model.pk).values_list(*(_any_row(each.rows) for each in listing))
    return {
        section.slug
        for stands in found
        for section, has_rows in zip(listing, stands, strict=True)
        if has_rows
    }


def _any_row(relation: str) -> models.Exists:
    table: Any = AIModel._meta.get_field(relation).related_model
    return models.Exists(table.objects.standing().filter(model=models.OuterRef("pk")))


def record(model: AIModel) -> list[Chapter]:
    """Every question that is asked of this model, with its answer, section by section."""
    given = answers.graded(model)
    waiting = {question.name for question in answers.missing(given)}
    return [
        Chapter(
            section,
            [
                Line(question, spoken(question, model, given), question.name in waiting)
                for question in section.questions
                if answers.is_asked(question, given)
            ],
        )
        for section in answers.relevant(given)
        if section.questions
    ]


def spoken(question: Question, model: AIModel, given: answers.Answers) -> str:
    """An answer in the reader's language."""
    value: Any = given[question.name]
    if question.options is not None:
        labels = capfirst(", ".join(str(question.options(each).label) for each in value))
        return labels or (str(_("None declared")) if question.name == "prohibited_functions" else "")
    if value in (None, "", []):
        return ""
    if question.is_list:
        return "\n".join(value)
    if question.is_number:
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    if question.is_yes_or_no:
        return str(_("Yes") if value else _("No"))
    if question.name == "owner":
        return str(model.owner)
    if isinstance(question.column, models.DateField):
        return formats.date_format(value, "DATE_FORMAT")
    if question.column.choices:
        return capfirst(str(dict(question.column.flatchoices)[value]))
    return str(value)
