"""Several questions of yes or no answered by one list: what is ticked is yes, the rest is no, and nothing ticked is no answer.

"None of these" is a box of its own, so that a no is always somebody's word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from governance.inventory.questions import Section
from governance.inventory.sections import QUESTIONS

NONE = "none"


class TickList(forms.MultipleChoiceField):
    """The list of a section. It stands open while nothing is ticked."""

    def __init__(self, section: Section) -> None:
        super().__init__(
            label=_("Tick everything that is so"),
            choices=[*((name, _words(name)) for name in section.ticks), (NONE, _("None of these"))],
            widget=forms.CheckboxSelectMultiple(attrs={"data-decides": ""}),
            error_messages={"required": _("Tick what is so, or “None of these”.")},
        )

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if NONE in value and len(value) > 1:
            raise forms.ValidationError(_("“None of these” cannot stand beside something that you ticked."))


def _words(name: str) -> Any:
    question = QUESTIONS[name]
    return format_lazy("{} {}", question.label, question.hint) if question.hint else question.label


def ticked(section: Section, answers: Mapping[str, Any]) -> list[str]:
    """The boxes that stand ticked for these answers; none while one of the questions is open."""
    yes = [name for name in section.ticks if answers[name] is True]
    if yes:
        return yes
    return [NONE] if all(answers[name] is False for name in section.ticks) else []


def said(section: Section, boxes: Sequence[str]) -> dict[str, bool | None]:
    """What the ticked boxes answer; nothing ticked leaves every question open."""
    return {name: (name in boxes) if boxes else None for name in section.ticks}
