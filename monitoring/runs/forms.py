"""The form of a plan: one field for each limit of its check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from monitoring.checks.check import Check, Limit
from monitoring.runs import plans
from monitoring.runs.scheduled import MissedTicks
from monitoring.runs.schedules import MOST_RENEW_DAYS, Schedule


class PlanForm(RefusableForm):
    """Limits, how often, and why."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        check: Check,
        limits: Mapping[str, Any],
        days: int,
        schedule: Schedule,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.check, self.standing = check, schedule
        for limit in check.limits:
            self.fields[limit.key] = _field(limit, limits.get(limit.key))
        self.fields["every_days"] = forms.IntegerField(
            label=_("How often, in days"), min_value=1, max_value=plans.MOST_DAYS, initial=days
        )
        self.fields |= _schedule_fields(schedule)
        self.fields["reason"] = forms.CharField(
            label=_("Why these limits, and why so often"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_(
                "Needed when they differ from the usual ones, or when you ask less often than is proposed. Auditors read it."
            ),
        )

    def schedule(self) -> Schedule:
        """What is not said stays as it was."""
        said = self.cleaned_data
        days, renew = said["working_days_only"], said["renew_days"]
        return Schedule(
            said["missed_ticks"] or self.standing.missed_ticks,
            days == "yes" if days else self.standing.working_days_only,
            self.standing.renew_days if renew is None else renew,
        )

    def limits(self) -> dict[str, Any]:
        return {limit.key: self.cleaned_data[limit.key] for limit in self.check.limits}


class HandlingForm(RefusableForm):
    """Who deals with a finding, until when, and of which incident it is part."""

    owner = forms.ChoiceField(label=_("Who deals with it"))
    due_on = forms.DateField(
        label=_("To be dealt with by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    incident = forms.ChoiceField(
        label=_("Part of the incident"), required=False, help_text=_("Open incidents of this model.")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        people: Sequence[tuple[str, str]],
        incidents: Sequence[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]  # declared above as a ChoiceField
        self.fields["incident"].choices = [("", "–"), *incidents]  # type: ignore[attr-defined]  # likewise


def _field(limit: Limit, value: Any) -> forms.Field:
    said: dict[str, Any] = {"label": limit.title, "help_text": limit.explanation, "initial": value}
    if limit.choices:
        return forms.ChoiceField(choices=[(each, limit.said(each)) for each in limit.choices], **said)
    if limit.is_text:
        return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), **said)
    if limit.whole_from is not None:  # whether it is one says the service, in a sentence
        said["widget"] = forms.NumberInput(attrs={"min": limit.whole_from, "step": 1})
        return forms.FloatField(required=limit.default is not None, **said)
    return forms.FloatField(required=limit.default is not None, min_value=0, **said)


def _schedule_fields(standing: Schedule) -> dict[str, forms.Field]:
    return {
        "missed_ticks": forms.ChoiceField(
            label=_("Times that were missed"),
            required=False,
            choices=MissedTicks.choices,
            initial=standing.missed_ticks,
            help_text=_("When the workers could not ask at its time, or it lies too far back."),
        ),
        "working_days_only": forms.ChoiceField(
            label=_("On which days"),
            required=False,
            choices=[("no", _("on any day")), ("yes", _("on working days of Kazakhstan only"))],
            initial="yes" if standing.working_days_only else "no",
            help_text=_("A time on a free day waits for the same hour of the next working day."),
        ),
        "renew_days": forms.IntegerField(
            label=_("Ask again before its evidence lapses, days"),
            required=False,
            min_value=0,
            max_value=MOST_RENEW_DAYS,
            initial=standing.renew_days,
            help_text=_("So many days before, should no other time come first. 0 = never."),
        ),
    }
