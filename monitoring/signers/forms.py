"""The form of this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm


class KeyForm(RefusableForm):
    """A key that signs counts."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Who or what signs with it."))
    public_pem = forms.CharField(
        label=_("Public key"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Ed25519 in PEM. The private key stays with you; senim count signs with it."),
    )
