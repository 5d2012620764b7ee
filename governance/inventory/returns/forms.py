"""The form of a return. It checks shape; sense is checked by the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class NilForm(forms.Form):
    starts_on: Any = forms.DateField(label=_("From"), **DAY)  # type: ignore[arg-type]  # one widget for both days
    ends_on: Any = forms.DateField(label=_("To"), **DAY)  # type: ignore[arg-type]
    position = forms.CharField(
        label=_("Your position"),
        max_length=200,
        help_text=_("Your name and this position stand under the return."),
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_complete = forms.BooleanField(
        label=_(
            "I declare for my organisation that in this period no AI model was in use, bought ones included."
        ),
        required=False,
    )

    def refuse(self, refusal: RuleBroken) -> None:
        """Show beside the fields what the service found wrong."""
        for problem in refusal.problems:
            where = str(problem.where)
            self.add_error(where if where in self.fields else None, str(problem.what))


class WithdrawNilForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
