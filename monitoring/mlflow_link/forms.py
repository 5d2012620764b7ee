"""The forms of this room. What is secret is sent once and never shown again, not even after a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel
from monitoring.mlflow_link.models import CHAMPION
from monitoring.mlflow_link.words import SignIn


class ConnectorForm(RefusableForm):
    name = forms.CharField(
        label=pgettext_lazy("of a server", "Name"),
        max_length=80,
        help_text=_("How your people call it, for example “MLflow of scoring”."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=300,
        help_text=_("For example https://mlflow.bank.kz, without a user name or a password in it."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    sign_in = forms.ChoiceField(
        label=_("Sign-in"), choices=SignIn.choices, initial=SignIn.NONE, widget=forms.RadioSelect
    )
    token = forms.CharField(
        label=_("Token"),
        required=False,
        max_length=4000,
        help_text=_("Only for the sign-in with a bearer token. It is kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    user = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Only for the sign-in with a user name and a password."),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class LinkForm(RefusableForm):
    registered_name = forms.CharField(
        label=_("Registered model in MLflow"),
        max_length=250,
        help_text=_("The name exactly as it stands in MLflow."),
    )
    model = forms.ModelChoiceField(label=_("Model in Senim"), queryset=AIModel.objects.none())
    alias = forms.CharField(
        label=_("Alias of the version in production"),
        max_length=60,
        initial=CHAMPION,
        help_text=_("If it stands on a version without a deployment permission, an incident is opened."),
    )

    def __init__(self, data: Any = None, *, models: Iterable[AIModel]) -> None:
        super().__init__(data)
        choice = self.fields["model"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = AIModel.objects.filter(pk__in=[each.pk for each in models])
