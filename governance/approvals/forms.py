"""The forms of this room. A form checks shape; what it means is judged by the service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.approvals.models import Ballot
from governance.approvals.words import environment
from governance.inventory.forms import RefusableForm
from governance.inventory.models import ModelVersion

BALLOTS = [(Ballot.APPROVE, _("I approve this content")), (Ballot.REJECT, _("I am against it"))]
SHORT = forms.Textarea(attrs={"rows": 3})


class AskForm(RefusableForm):
    """For which environment a version is put before the committee."""

    environment = forms.ChoiceField(
        label=_("Environment"),
        widget=forms.RadioSelect,
        help_text=_("A permission holds in one environment. Ask again for another one."),
    )

    def __init__(self, *args: Any, environments: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["environment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, environment(each)) for each in environments]


class VoteForm(RefusableForm):
    """A vote over the manifest whose digest the page carried."""

    ballot = forms.ChoiceField(label=_("Your vote"), widget=forms.RadioSelect, choices=BALLOTS)
    reason = forms.CharField(
        label=_("Reason"),
        widget=SHORT,
        required=False,
        help_text=_("Needed for a vote against. It stands in the minutes under your name."),
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class RecommendForm(RefusableForm):
    verdict = forms.ChoiceField(label=_("Recommendation"), widget=forms.RadioSelect, choices=Ballot.choices)
    reason = forms.CharField(
        label=_("Reason"), widget=SHORT, help_text=_("What you examined and what you found.")
    )


class ConditionForm(RefusableForm):
    text = forms.CharField(
        label=_("Condition"), widget=SHORT, help_text=_("What has to be done, by whom, and by when.")
    )


class GateForm(RefusableForm):
    """The question that a deployment tool asks, asked by a person."""

    version = forms.ChoiceField(label=_("Version"))
    environment = forms.ChoiceField(label=_("Environment"))
    digest = forms.CharField(
        label=_("SHA-256 of the file"),
        required=False,
        max_length=64,
        help_text=_("Of the file about to run. Leave it empty to ask about the registered file."),
    )

    def __init__(
        self, *args: Any, versions: Iterable[ModelVersion], environments: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("version", [(each.label, each.label) for each in versions]),
            ("environment", [(each, environment(each)) for each in environments]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
