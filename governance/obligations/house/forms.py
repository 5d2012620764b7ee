"""The forms of this room. A form checks shape; what it means is judged by the service."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import DocumentForm, RefusableForm, day
from governance.inventory.kinds import GROUPS, KINDS, Group
from governance.obligations.house.services import HandedIn
from governance.obligations.house.training import Held


class HousePaperForm(DocumentForm):
    """A paper of the organisation, or its next revision. asked: kinds that are offered before all others."""

    def __init__(self, *args: Any, asked: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked

    @property
    def kind_groups(self) -> Sequence[Group]:
        first = {kind: name for kind, name in KINDS.items() if kind in self.asked}
        others = [
            Group(group.title, {kind: name for kind, name in group.kinds.items() if kind not in first})
            for group in GROUPS
        ]
        return [Group(_("Asked of the organisation"), first), *(each for each in others if each.kinds)]

    @property
    def said(self) -> HandedIn:
        return HandedIn(**self.cleaned_data, file_name=self.cleaned_data["file"].name)


class TrainingForm(RefusableForm):
    topic = forms.CharField(label=_("What was taught"), max_length=200)
    trainer = forms.CharField(label=_("Who taught it"), max_length=200, required=False)
    people = forms.CharField(
        label=_("Who was trained"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One name in each line."),
    )
    held_on: Any = day(_("Held on"))
    valid_until: Any = day(
        _("Valid until"), required=False, help_text=_("Its last day. Leave empty if it has none.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_people(self) -> list[str]:
        return str(self.cleaned_data["people"]).splitlines()

    @property
    def held(self) -> Held:
        return Held(**self.cleaned_data)
