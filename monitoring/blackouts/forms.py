"""The forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm


def _moment(label: Any, **said: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **said)


def _hour(label: Any, **said: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, required=False, **said)


class BlackoutForm(RefusableForm):
    """From when to when, or which hours, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: nothing is changed at the end of the year, or the market is open."),
    )
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"), required=False, help_text=_("May stay empty where you say hours."))
    daily_from = _hour(_("Each day from"), help_text=_("Empty = the whole time."))
    daily_until = _hour(_("Each day until"), help_text=_("Earlier than the beginning = the next morning."))
    working_days_only = forms.BooleanField(
        label=_("These hours on working days of Kazakhstan only"), required=False
    )


class LiftForm(RefusableForm):
    """Why a blackout ends before its time."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
