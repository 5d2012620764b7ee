"""The forms of this room. A form checks shape; what it means is judged by the service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.filing.occasion import Said
from governance.filing.preparing import Prepared
from governance.filing.words import EDITIONS, LATEST, Kind
from governance.inventory.forms import RefusableForm


def _day(label: Any) -> Any:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class CampaignForm(RefusableForm):
    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=200)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    starts_on: Any = _day(_("From"))
    ends_on: Any = _day(_("To"))
    due_on: Any = _day(_("To be filed by"))
    edition = forms.ChoiceField(label=_("Edition of the form"), choices=EDITIONS, initial=LATEST)

    @property
    def titles(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"title_{language}"] for language in ("kk", "ru", "en")}


class PeriodForm(RefusableForm):
    starts_on: Any = _day(_("From"))
    ends_on: Any = _day(_("To"))


class SignForm(RefusableForm):
    """The end of a return that the register has filled in."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a return", "Kind"), choices=Kind.choices, widget=forms.RadioSelect
    )
    also = forms.MultipleChoiceField(
        label=_("Registered after the period: tick those that were in use in it all the same"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the supervisor has to know of this return."),
    )
    officer = forms.CharField(label=_("Officer who signs"), max_length=120)
    position = forms.CharField(label=_("Position of the officer"), max_length=200)
    is_complete = forms.BooleanField(
        label=_(
            "I declare for my organisation that this return is complete: no other AI model was in use in this period,"
            " bought ones included."
        ),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, prepared: Prepared, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        also = self.fields["also"]
        assert isinstance(also, forms.MultipleChoiceField)
        also.choices = [(str(model.pk), str(model)) for model in prepared.later]
        if not prepared.later:
            del self.fields["also"]
        if not prepared.rows and not prepared.later:
            self.fields["kind"].widget = forms.HiddenInput()

    @property
    def said(self) -> Said:
        sent = self.cleaned_data
        return Said(
            kind=sent["kind"],
            officer=sent["officer"],
            position=sent["position"],
            is_complete=sent["is_complete"],
            remark=sent["remark"],
            also=[UUID(each) for each in sent.get("also", ())],
            seen=sent["seen"],
        )


class WithdrawForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
