"""The form under a list of mappings. It checks shape; sense is checked by the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken


class SignForm(forms.Form):
    """edition: what was on the page. Which entries are signed comes beside it, as boxes in the rows of the list."""

    name = forms.CharField(label=_("Name of the lawyer"), max_length=200)
    position = forms.CharField(
        label=_("Position of the lawyer"),
        max_length=200,
        help_text=_("Name and position stand under each signature, on the pages and in the evidence pack."),
    )
    edition = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def refuse(self, refusal: RuleBroken) -> None:
        """Show beside the fields what the service found wrong."""
        for problem in refusal.problems:
            where = str(problem.where)
            self.add_error(where if where in self.fields else None, str(problem.what))


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def seen_in(sent: Any) -> dict[str, str]:
    """The ticked boxes: key of each requirement → digest of the mapping that was on the page."""
    return dict(each.rpartition(":")[::2] for each in sent.getlist("entries") if ":" in each)
