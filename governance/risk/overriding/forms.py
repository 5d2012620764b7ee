"""What the second line says when it sets a grade by hand, and when it takes that back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from governance.risk.grades import Grade
from governance.risk.models import AutonomyDegree
from governance.risk.overriding.models import VALUES, OverrideAxis
from governance.risk.overriding.services import computed
from governance.risk.overriding.words import words_of


class OverrideForm(RefusableForm):
    """Offers, axis by axis, every value but the computed one, and no axis that is set by hand already."""

    choice = forms.ChoiceField(label=_("What is set"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Why the computed value is not right for this model. The committee and the auditor read it."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    ends_on = forms.DateField(
        label=_("Until"),
        help_text=_(
            "The last day on which it counts, within a year. After it the computed value counts again."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, grade: Grade) -> None:
        super().__init__(data)
        choices = [
            (
                str(axis.label),
                [(f"{axis}={value}", capfirst(str(words_of(axis, value)))) for value in _free(grade, axis)],
            )
            for axis in OverrideAxis
            if axis not in grade.overrides
        ]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]  # declared above as a ChoiceField

    def clean_choice(self) -> tuple[str, str]:
        axis, _sign, value = self.cleaned_data["choice"].partition("=")
        return axis, value


def _free(grade: Grade, axis: str) -> list[str]:
    """High autonomy is never set by hand: it needs the name of a special law."""
    taken = {str(computed(grade.computed, axis))}
    if axis == OverrideAxis.AUTONOMY:
        taken.add(AutonomyDegree.HIGH)
    return [value for value in VALUES[axis] if value not in taken]


class RevertForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
