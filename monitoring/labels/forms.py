"""The forms of this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm


class LabelsForm(RefusableForm):
    """Outcomes of a data period as a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 with the column names in the first row, or Parquet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.parquet,.pq"}),
    )


class WithdrawalForm(RefusableForm):
    """Why outcomes no longer count."""

    reason = forms.CharField(
        label=_("Why is it withdrawn"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays beside the withdrawn outcomes."),
    )
