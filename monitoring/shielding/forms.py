"""The forms of this room. What they mean together is judged by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from monitoring.shielding import declared
from monitoring.shielding.columns import LegalBasis, Shielded

DAY = {"type": "date"}


class Reasons(forms.CharField):
    """A column and why it is taken in, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def clean(self, value: Any) -> dict[str, str]:
        try:
            return declared.read(str(super().clean(value)))
        except declared.Misread as misread:
            what = _("Line %(line)s is not understood. Write it like the example.")
            raise forms.ValidationError(what % {"line": misread.line}) from misread


class ProtectionForm(RefusableForm):
    """Whether rows are personal data or a bank secret."""

    personal = forms.BooleanField(
        label=_("The rows are personal data"),
        required=False,
        help_text=_("Each row speaks of a person, even where names are left out."),
    )
    bank_secret = forms.BooleanField(
        label=_("The rows are a bank secret"),
        required=False,
        help_text=_(
            "Or data with access limited by another law. With either of the two, counts are handed in first."
        ),
    )
    protection_reason = forms.CharField(
        label=_("Why the rows need less protection"),
        required=False,
        max_length=300,
        help_text=_("Only where the model's answers say otherwise. For example: public market series."),
    )
    looks_personal = Reasons(
        label=_("Columns that look personal and are taken in"),
        required=False,
        help_text=_(
            "Columns that look like names, e-mail addresses, IIN, telephone or card numbers are refused unless they stand "
            "here with a reason, one a line. For example: name: names of companies."
        ),
    )


class GroundsForm(RefusableForm):
    """Why rows may be handed in, and until when: asked only where rows are protected."""

    legal_basis = forms.ChoiceField(
        label=_("Legal basis"),
        required=False,
        choices=[("", "–"), *LegalBasis.choices],
        help_text=_("For rows only; counts need none."),
    )
    basis_text = forms.CharField(
        label=_("The basis in words"),
        required=False,
        max_length=300,
        help_text=_("Which consent, contract or law. Auditors read it. No names of persons."),
    )
    keep_until = forms.DateField(
        label=_("Rows are erased on"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("On this day the rows are erased. Digest, counts, results and this record stay."),
    )

    def __init__(self, *args: Any, dataset: Shielded, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in GroundsForm.base_fields:
            if dataset.is_protected:
                self.fields[name] = self.fields.pop(name)  # after what every data period is asked
            else:
                del self.fields[name]
        if dataset.is_protected and not dataset.is_counted_first:
            self.fields["legal_basis"].help_text = ""


class ErasureForm(RefusableForm):
    reason = forms.CharField(
        label=_("Why are the rows erased now"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays beside the data period."),
    )


class KeepingForm(RefusableForm):
    keep_until = forms.DateField(
        label=_("Rows are erased on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Why are the rows needed longer"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays in the record."),
    )
