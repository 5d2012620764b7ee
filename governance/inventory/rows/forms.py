"""One form for a row of any list: its fields are the columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst

from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel
from governance.inventory.rows.lists import RowList
from governance.inventory.rows.models import Row


class RowForm(RefusableForm):
    def __init__(
        self, *args: Any, listed: RowList, model: AIModel, row: Row | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in listed.fields:
            self.fields[name] = _field(listed.column(name), model)
            if row is not None:
                self.fields[name].initial = getattr(row, name)


def _field(column: models.Field[Any, Any], model: AIModel) -> forms.Field:
    words: dict[str, Any] = {"label": capfirst(column.verbose_name), "help_text": column.help_text}
    if isinstance(column, models.ForeignKey):
        others = AIModel.objects.filter(organisation_id=model.organisation_id).exclude(pk=model.pk)
        return forms.ModelChoiceField(others, required=False, empty_label="–", **words)
    if column.choices:
        listed = [(key, capfirst(str(said))) for key, said in column.flatchoices]
        return forms.ChoiceField(choices=listed, **words)
    if isinstance(column, models.DateField):
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        initial = column.get_default()
        return forms.DateField(widget=day, required=not column.blank, initial=initial, **words)
    if isinstance(column, models.TextField):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=not column.blank, **words)
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(required=False, **words)
    return forms.CharField(max_length=column.max_length, required=not column.blank, **words)
