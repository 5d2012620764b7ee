"""The forms of this room: a description as it should have been, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from monitoring.data.forms import DatasetForm
from monitoring.data.models import Dataset

LISTED = ("features", "categorical", "sensitive")
LINES = {
    "allowed": "allowed_lines",
    "population": "population_lines",
    "log_columns": "log_lines",
    "log_values": "log_value_lines",
    "looks_personal": "looks_personal_lines",
}
"""What is said of single columns, and where its lines are."""


class CorrectionForm(DatasetForm):
    """The present description to begin with. The name stays, and what is not touched stays exactly as it is."""

    field_order = ("reason", *DatasetForm.field_order)

    reason = forms.CharField(
        label=_("What was wrong with the description"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays beside the former version."),
    )

    def __init__(self, data: Any = None, *, dataset: Dataset) -> None:
        self.dataset = dataset
        super().__init__(data, initial=self._described())
        del self.fields["name"]

    def _described(self) -> dict[str, Any]:
        plain = [name for name in self.base_fields if name not in (*LISTED, *LINES, "reason")]
        said = {name: getattr(self.dataset, name) for name in plain}
        said |= {name: "\n".join(getattr(self.dataset, name)) for name in LISTED}
        return said | {name: "\n".join(getattr(self.dataset, lines)) for name, lines in LINES.items()}

    def clean(self) -> dict[str, Any]:
        """Lines nobody changed are not read again: a program may have said what no line can, a value with a comma."""
        super().clean()
        for name in (*LISTED, *LINES):
            if self._is_untouched(name):
                self.cleaned_data[name] = getattr(self.dataset, name)
                self.errors.pop(name, None)
        return self.cleaned_data

    def _is_untouched(self, name: str) -> bool:
        """A browser ends lines in its own way."""
        sent, shown = (
            str(said).strip().splitlines() for said in (self.data.get(name, ""), self.initial[name])
        )
        return sent == shown


class RetirementForm(RefusableForm):
    """Why nothing is expected of a dataset any more."""

    reason = forms.CharField(
        label=_("Why is it retired"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays beside the dataset."),
    )
