"""The forms of key figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.figures.services import BY_HAND, Feed
from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel
from governance.people.models import Membership, User
from monitoring.checks import CHECKS
from monitoring.runs.metrics import METRICS


class KpiForm(RefusableForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    unit = forms.CharField(
        label=_("Unit"), max_length=24, required=False, help_text=_("For example: %, tenge, seconds.")
    )
    lower = forms.FloatField(label=_("Not below"), required=False)
    upper = forms.FloatField(label=_("Not above"), required=False)
    owner: Any = forms.ModelChoiceField(label=_("Responsible person"), queryset=User.objects.none())
    source = forms.ChoiceField(label=_("Where its values come from"), required=False)

    def __init__(self, *args: Any, model: AIModel, feeds: Sequence[Feed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Membership.objects.current(timezone.localdate()).filter(organisation_id=model.organisation_id)
        people = User.objects.filter(pk__in=here.values("user_id"), is_active=True)
        self.fields["owner"].queryset = people.order_by("name")  # type: ignore[attr-defined]
        self.fields["owner"].initial = model.owner_id
        self.feeds = {str(n): feed for n, feed in enumerate(feeds)}
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        by_check = [(key, spoken(feed)) for key, feed in self.feeds.items()]
        source.choices = [("", _("a person enters them")), *by_check]

    @property
    def said(self) -> dict[str, Any]:
        """What the service is given."""
        sent = {name: self.cleaned_data[name] for name in ("name", "unit", "lower", "upper")}
        feed = self.feeds.get(self.cleaned_data["source"], BY_HAND)
        return {**sent, "owner_id": self.cleaned_data["owner"].pk, "feed": feed}


class ValueForm(RefusableForm):
    value = forms.FloatField(label=_("Value"))
    measured_at = forms.DateTimeField(
        label=_("Measured"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave it empty if it is now."),
    )
    note = forms.CharField(label=_("Where it comes from"), max_length=300, required=False)

    def clean_measured_at(self) -> datetime:
        given: datetime | None = self.cleaned_data["measured_at"]
        return given or timezone.now()


def spoken(feed: Feed) -> str:
    """A figure of a check in the reader's language: check, figure, and of what."""
    check = CHECKS[feed.check_key].title if feed.check_key in CHECKS else feed.check_key
    words = [str(check), str(METRICS.get(feed.metric, feed.metric)), feed.subject]
    return " · ".join(part for part in words if part)
