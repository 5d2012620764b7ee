"""The forms of the crosswalk: which members a person confirms, and why a confirmation is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from governance.obligations.crosswalk.queries import Member


class ConfirmForm(RefusableForm):
    members = forms.MultipleChoiceField(
        label=_("Requirements"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the requirements that you have read and confirm.")},
    )

    def __init__(self, *args: Any, open_members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.key, each.obligation.title) for each in open_members]
        self.fields["members"].choices = choices  # type: ignore[attr-defined]  # declared above


class RevokeForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
