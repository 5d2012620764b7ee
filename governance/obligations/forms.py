"""The form of a conclusion. It offers "met" only where the evidence allows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken
from governance.obligations.rules import MAY_BE_MET

VERDICTS = [
    ("met", _("Met: I have read the evidence, and it answers the requirement")),
    ("partly", _("Partly met: the reason says what is still open")),
    ("not_met", _("Not met")),
    ("not_applicable", _("Does not apply to this model")),
]


class ConcludeForm(forms.Form):
    """seen, edition: digest of the evidence and edition on the page, so that nobody concludes over what they did not see."""

    verdict = forms.ChoiceField(label=_("Your conclusion"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What you read, what convinced you, what is still open. The auditor reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    edition = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data: Any = None, *, status: str, digest: str, edition: str) -> None:
        super().__init__(data, initial={"seen": digest, "edition": edition})
        allowed = [each for each in VERDICTS if each[0] != "met" or status in MAY_BE_MET]
        self.fields["verdict"].choices = allowed  # type: ignore[attr-defined]  # declared above as a ChoiceField

    def refuse(self, refusal: RuleBroken) -> None:
        """Show beside the fields what the service found wrong."""
        show(self, refusal)


def show(form: forms.Form, refusal: RuleBroken) -> None:
    for problem in refusal.problems:
        where = str(problem.where)
        form.add_error(where if where in form.fields else None, str(problem.what))
