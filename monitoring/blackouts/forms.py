"""The forms of this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _hour() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class BlackoutForm(RefusableForm):
    """From when to when, or which hours, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: nothing is changed at the end of the year, or the market is open."),
    )
    starts_at = forms.DateTimeField(label=_("From"), widget=_moment())
    ends_at = forms.DateTimeField(
        label=_("Until"), widget=_moment(), required=False, help_text=_("May stay empty where you say hours.")
    )
    daily_from = forms.TimeField(
        label=_("Each day from"), widget=_hour(), required=False, help_text=_("Empty = the whole time.")
    )
    daily_until = forms.TimeField(
        label=_("Each day until"),
        widget=_hour(),
        required=False,
        help_text=_("Earlier than the beginning = the next morning."),
    )
    working_days_only = forms.BooleanField(
        label=_("These hours on working days of Kazakhstan only"), required=False
    )


class LiftForm(RefusableForm):
    """Why a blackout ends before its time."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
