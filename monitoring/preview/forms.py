"""Which limits to try: one of a check, or a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from monitoring.checks import CHECKS
from monitoring.preview.candidates import TIERS, Candidate, from_file, one


class LimitsForm(RefusableForm):
    limit = forms.ChoiceField(label=_("Limit"), required=False)
    value = forms.FloatField(label=_("Value to try"), required=False, min_value=0)
    tier = forms.TypedChoiceField(
        label=_("Models of tier"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("All tiers")), *((each, str(each)) for each in TIERS)],
        help_text=_("A model that nobody has graded counts as tier 1, as in its plans."),
    )
    file = forms.FileField(
        label=_("Or a file of several limits"),
        required=False,
        help_text=_(
            "YAML: tiers, and under each tier check, limit and value. It is read, and nothing is kept of it."
        ),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["limit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a limit"))] + [
            (
                str(check.title),
                [
                    (f"{check.key}.{each.key}", each.title)
                    for each in check.limits
                    if not (each.choices or each.is_text)
                ],
            )
            for check in CHECKS.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Either of the two, never both."""
        given = super().clean() or self.cleaned_data
        one_limit = given.get("limit") or given.get("value") is not None
        if bool(one_limit) == bool(given.get("file")) and not self.errors:
            self.add_error(None, _("Choose a limit and its value, or hand in a file; one of the two."))
        elif one_limit and not given.get("limit") and not self.errors:
            self.add_error("limit", _("Choose the limit that this value is for."))
        elif one_limit and given.get("value") is None and not self.errors:
            self.add_error("value", _("Say which value to try."))
        return given

    def candidate(self) -> Candidate:
        """Raises RuleBroken."""
        given = self.cleaned_data
        if given["file"]:
            return from_file(given["file"].read())
        check_key, key = given["limit"].split(".")
        return one(check_key, key, given["value"], given["tier"])
