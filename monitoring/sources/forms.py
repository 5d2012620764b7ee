"""The forms of this room. What is secret is sent once and never shown again, not even after a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.inventory.forms import RefusableForm
from monitoring.data.forms import Names
from monitoring.data.models import Dataset, Part
from monitoring.sources.services import Database
from monitoring.sources.words import Encryption


class SourceForm(RefusableForm):
    """One PostgreSQL database."""

    name = forms.CharField(
        label=pgettext_lazy("of a server", "Name"),
        max_length=80,
        help_text=_("How your people call it, for example “Warehouse of scoring”."),
    )
    host = forms.CharField(
        label=_("Address"),
        max_length=253,
        help_text=_("For example db.bank.kz."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=5432)
    database = forms.CharField(label=_("Database"), max_length=63)
    account = forms.CharField(
        label=_("User name"),
        max_length=63,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("An account that may read the tables you name, and do nothing else."),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        help_text=_("It is kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    encryption = forms.ChoiceField(
        label=_("Encryption"),
        choices=Encryption.choices,
        initial=Encryption.VERIFIED,
        widget=forms.RadioSelect,
    )
    authority = forms.CharField(
        label=_("Certificate of the authority"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "PEM, where your own authority signed the server's certificate. Nothing in it is secret."
        ),
    )

    @property
    def said(self) -> Database:
        """After it was found valid."""
        return Database(**{key: value for key, value in self.cleaned_data.items() if key != "name"})


class FeedForm(RefusableForm):
    """Which table gives which dataset its data periods."""

    dataset = forms.ModelChoiceField(label=_("Dataset"), queryset=Dataset.objects.none())
    schema = forms.CharField(label=_("Schema"), max_length=63, initial="public")
    table = forms.CharField(label=_("Table or view"), max_length=63)
    columns = Names(
        label=_("Columns"),
        required=False,
        help_text=_("One a line or separated by commas. Empty: those that the dataset needs."),
    )
    period_column = forms.CharField(
        label=_("Column of the period"),
        max_length=63,
        help_text=_("A date or a moment in every row; it decides to which data period the row belongs."),
    )
    begins_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "From here on, period after period is fetched when its last day has passed, as often as the dataset expects one."
        ),
    )

    def __init__(self, data: Any = None, *, datasets: Iterable[Dataset]) -> None:
        super().__init__(data)
        choice = self.fields["dataset"]
        assert isinstance(choice, forms.ModelChoiceField)
        known = Dataset.objects.filter(pk__in=[each.pk for each in datasets])
        choice.queryset = known.select_related("model")
        choice.label_from_instance = lambda obj: f"{obj.model} · {obj.name}"  # type: ignore[method-assign]


class FetchForm(RefusableForm):
    """One period that a person wants now."""

    part = forms.ChoiceField(
        label=_("What is it for"),
        choices=[
            (Part.REFERENCE, _("Reference: the data on which the model was approved")),
            (Part.CURRENT, _("Current: what the model meets now")),
        ],
        widget=forms.RadioSelect,
        initial=Part.CURRENT,
        help_text=_("A reference after the first one counts once the second line has accepted it."),
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
