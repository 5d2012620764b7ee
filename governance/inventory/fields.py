"""The form field of a question, by what its column holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.owners import owning
from governance.inventory.questions import Question
from governance.inventory.sections import DECIDERS
from governance.people.models import User

YES, NO = "yes", "no"


class Lines(forms.CharField):
    """A list of short texts, one in each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def initial(question: Question, value: object) -> object:
    """What a field begins with; a yes or no as the word that its buttons carry."""
    says_a_word = isinstance(value, bool) and not question.is_tick
    return (YES if value else NO) if says_a_word else value


def field_of(question: Question, model: AIModel) -> forms.Field:
    """The form field of a column."""
    column = question.column
    said: dict[str, Any] = {"label": question.label, "help_text": question.hint, "required": question.needed}
    if question.name == "owner":
        return _owner(model, said)
    if question.is_tick:
        return forms.BooleanField(widget=forms.CheckboxInput(attrs=_watched(question)), **said)
    if question.options is not None:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=_capital(question.options.choices), widget=widget, **said)
    if question.is_list:
        return Lines(**said)
    if question.is_number:
        return forms.IntegerField(min_value=0, localize=True, widget=_digits(), **said)
    if question.is_yes_or_no:
        pairs = [(YES, _("Yes")), (NO, _("No"))]
        return forms.TypedChoiceField(
            choices=pairs, coerce=lambda raw: raw == YES, empty_value=None, widget=_radio(question), **said
        )
    if column.choices:
        return forms.ChoiceField(choices=_capital(column.flatchoices), widget=_radio(question), **said)
    if isinstance(column, models.DateField):
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=day, **said)
    if isinstance(column, models.URLField):
        return forms.URLField(assume_scheme="https", max_length=column.max_length, **said)
    if isinstance(column, models.TextField):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **said)
    return _text(column, said)


def _owner(model: AIModel, said: dict[str, Any]) -> forms.ModelChoiceField[User]:
    """The owner of a registered model is shown here and changed on a page of its own, with the reason."""
    if not model.is_registered:
        return forms.ModelChoiceField(owners(model), empty_label=None, **said)
    said["help_text"] = _("A registered model is handed over on a page of its own, with the reason.")
    return forms.ModelChoiceField(
        User.objects.filter(pk=model.owner_id), empty_label=None, disabled=True, **said
    )


def _text(column: models.Field[Any, Any], said: dict[str, Any]) -> forms.CharField:
    """One line, or a few where the column holds a sentence."""
    long = (column.max_length or 0) > 200
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput()
    return forms.CharField(max_length=column.max_length, widget=widget, **said)


def _capital(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    return [(key, capfirst(str(words))) for key, words in choices]


def _radio(question: Question) -> forms.RadioSelect:
    """A choice; two short words stand side by side, and a deciding question is watched by the page."""
    look = {"class": "yes-or-no"} if question.is_yes_or_no else {}
    return forms.RadioSelect(attrs=look | _watched(question))


def _watched(question: Question) -> dict[str, str]:
    return {"data-decides": ""} if question.name in DECIDERS else {}


def _digits() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric"})


def owners(model: AIModel) -> models.QuerySet[User]:
    """The people of the organisation who can answer for a model."""
    here = owning(timezone.localdate()).filter(organisation_id=model.organisation_id)
    return User.objects.filter(pk__in=here.values("user_id")).order_by("name")
