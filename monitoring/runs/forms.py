"""The form of a plan: one field for each limit of its check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from monitoring.checks.check import Check, Limit
from monitoring.runs import plans


class PlanForm(RefusableForm):
    """Limits, how often, and why."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        check: Check,
        limits: Mapping[str, Any],
        days: int,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.check = check
        for limit in check.limits:
            self.fields[limit.key] = _field(limit, limits.get(limit.key))
        self.fields["every_days"] = forms.IntegerField(
            label=_("How often, in days"), min_value=1, max_value=plans.MOST_DAYS, initial=days
        )
        self.fields["reason"] = forms.CharField(
            label=_("Why these limits, and why so often"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_(
                "Needed when they differ from the usual ones, or when you ask less often than is proposed. Auditors read it."
            ),
        )

    def limits(self) -> dict[str, Any]:
        return {limit.key: self.cleaned_data[limit.key] for limit in self.check.limits}


def _field(limit: Limit, value: Any) -> forms.Field:
    said: dict[str, Any] = {"label": limit.title, "help_text": limit.explanation, "initial": value}
    if limit.choices:
        return forms.ChoiceField(choices=[(each, limit.said(each)) for each in limit.choices], **said)
    return forms.FloatField(required=limit.default is not None, min_value=0, **said)
