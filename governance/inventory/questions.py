"""What a question of the registration form is: where its answer lives, and when it is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from governance.inventory.models import AIModel
from governance.inventory.words import Origin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TICKED = "ticked"
"""The field of the list that answers several questions of a section at once."""
DEGREE = "risk_degree"
"""Beside the answers: the degree of risk that counts, "" before anybody has graded the model."""
MEDIUM_UP = ("medium", "high")
HIGH = ("high",)
YES = (True,)


@dataclass(frozen=True)
class Condition:
    """any_of: pairs of another question and its answers, of which one is enough."""

    any_of: tuple[tuple[str, tuple[object, ...]], ...]


def where(**any_of: tuple[object, ...]) -> Condition:
    return Condition(tuple(any_of.items()))


LEARNT = where(trained_model=YES, origin=(Origin.FINE_TUNED,))
"""Fine-tuning is training, so the question is not asked there and its answer is known."""


@dataclass(frozen=True)
class Question:
    """One column of AIModel, or of a table of the profile that stands beside it.

    needed: registration waits for the answer. when: all of these make it asked. degrees: it is asked once the grade that
    counts says one of these. otherwise: the answer that follows where it is not asked; None is replaced by "empty" or
    "no". ticked: answered together with others, in one list. options: what its list may hold; None is free text, a line
    each.
    """

    name: str
    needed: bool = True
    when: tuple[Condition, ...] = ()
    otherwise: object = None
    hint: StrOrPromise = ""
    table: type[models.Model] = AIModel
    degrees: tuple[str, ...] = ()
    ticked: bool = False
    options: type[models.TextChoices] | None = None

    @property
    def column(self) -> models.Field[Any, Any]:
        column = self.table._meta.get_field(self.name)
        assert isinstance(column, models.Field)
        return column

    @property
    def label(self) -> StrOrPromise:
        """A question as it is written, a noun with a capital letter."""
        words = str(self.column.verbose_name)
        return words[:1].upper() + words[1:]

    @property
    def field(self) -> str:
        """The field of the form that answers it."""
        return TICKED if self.ticked else self.name

    @property
    def deciders(self) -> tuple[str, ...]:
        """Questions whose answers decide whether this one is asked."""
        return tuple(name for condition in self.when for name, _answers in condition.any_of)

    @property
    def is_yes_or_no(self) -> bool:
        return isinstance(self.column, models.BooleanField)

    @property
    def is_tick(self) -> bool:
        """A yes or no that nobody has to answer: what is not ticked is no."""
        return self.is_yes_or_no and not self.column.null

    @property
    def is_number(self) -> bool:
        return isinstance(self.column, models.IntegerField)

    @property
    def is_list(self) -> bool:
        return isinstance(self.column, models.JSONField)

    @property
    def empty(self) -> object:
        """What the column holds where there is nothing to say."""
        if self.is_tick:
            return False
        if self.column.null:
            return None
        return [] if self.is_list else ""


@dataclass(frozen=True)
class Section:
    """when: answers of which any one makes a section relevant that asks no questions of its own.

    later: nothing in it is needed for registration; it belongs to the profile, which is filled in afterwards.
    rows: the rows of a model that a section lists which asks no questions.
    """

    slug: str
    title: StrOrPromise
    lead: StrOrPromise
    questions: tuple[Question, ...] = ()
    when: tuple[tuple[str, tuple[object, ...]], ...] = ()
    later: bool = False
    rows: str = ""

    @property
    def ticks(self) -> tuple[str, ...]:
        """Questions of yes or no that are answered together, by ticking a list or saying "none of these"."""
        return tuple(question.name for question in self.questions if question.ticked)

    def shown(self, fields: Collection[str]) -> set[str]:
        """The questions behind the fields of a page."""
        return {*fields, *(self.ticks if TICKED in fields else ())}


def optional(
    name: str,
    *when: Condition,
    hint: StrOrPromise = "",
    options: type[models.TextChoices] | None = None,
) -> Question:
    return Question(name, needed=False, when=when, hint=hint, options=options)
