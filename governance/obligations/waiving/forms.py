"""The forms of accepted gaps and waivers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken
from governance.obligations.forms import show
from governance.obligations.waiving.services import Terms


class WaiveForm(forms.Form):
    """What the second line says when it accepts a gap or waives what is voluntary."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Why the evidence is not there, and what may happen meanwhile."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )
    plan = forms.CharField(
        label=_("Plan, or control that stands in for it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )
    control = forms.ChoiceField(
        label=_("Evidence that this control works"),
        help_text=_("The waiver holds no longer than this evidence does."),
        required=False,
    )
    responsible = forms.ChoiceField(label=_("Responsible"))
    review_on = forms.DateField(
        label=_("Look at it again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    ends_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[tuple[str, str]],
        controls: Sequence[tuple[str, str]] | None,
    ) -> None:
        """controls: evidence to choose from for a waiver; None for a gap of law, where no control stands in."""
        super().__init__(data)
        self.fields["responsible"].choices = people  # type: ignore[attr-defined]  # declared above as a ChoiceField
        if controls is None:
            del self.fields["control"]
        else:
            self.fields["control"].choices = [("", _("– choose –")), *controls]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        said = self.cleaned_data
        control = said.get("control")
        return Terms(
            reason=said["reason"],
            plan=said["plan"],
            responsible_id=UUID(said["responsible"]),
            ends_on=said["ends_on"],
            control_id=UUID(control) if control else None,
            review_on=said["review_on"],
        )

    def refuse(self, refusal: RuleBroken) -> None:
        """Show beside the fields what the service found wrong."""
        show(self, refusal)


class EndWaiverForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
