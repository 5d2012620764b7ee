"""The forms of this room. A form checks shape; what it means is judged by the service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.incidents.kinds import DrillKind, Ground, IncidentKind, OversightKind, Severity
from governance.incidents.models import Incident, Objection
from governance.inventory.forms import RefusableForm
from governance.inventory.models import ModelVersion

NO_NAMES = _("Write no names and no personal data here.")


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and an hour of the market's own zone; empty means now."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    more = {"help_text": _("Leave it empty if it is now."), **more}
    return forms.DateTimeField(label=label, widget=widget, required=False, **more)


def _words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class OpenForm(RefusableForm):
    kind = forms.ChoiceField(
        label=pgettext_lazy("of an incident", "Kind"), choices=[("", "–"), *IncidentKind.choices]
    )
    severity = forms.ChoiceField(
        label=pgettext_lazy("of an incident", "Severity"), choices=Severity.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("What happened, in one line"), max_length=200, help_text=NO_NAMES)
    description = _words(_("What is known so far"), rows=5, required=False)
    version = forms.ChoiceField(label=_("Version"), required=False)
    detected_at = _moment(
        _("When it was noticed"),
        help_text=_("The clocks of the law run from this moment. Leave it empty if it is now."),
    )

    def __init__(self, *args: Any, versions: Iterable[ModelVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(each.pk): each for each in versions}
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((key, each.label) for key, each in self.versions.items())]

    def clean_version(self) -> ModelVersion | None:
        return self.versions.get(self.cleaned_data["version"])


class ContainForm(RefusableForm):
    measures = _words(_("What was done to stop it"))


class CloseForm(RefusableForm):
    cause = _words(_("What caused it"))
    measures = _words(
        _("What was done so that it does not happen again"),
        help_text=_("What was changed, by whom, and how it was shown that it helps."),
    )


class GiveForm(RefusableForm):
    """Senim sends nothing to an authority by itself: a person writes down what they sent."""

    text = _words(_("What the addressee was told"), rows=6)
    reference = forms.CharField(label=_("Number under which it was received"), max_length=120, required=False)
    sent_at = _moment(_("When it was sent"))


class SuspendForm(RefusableForm):
    reason = _words(
        _("Reason"), help_text=_("Everybody who works with this model reads it, the committee as well.")
    )
    incident = forms.ChoiceField(label=_("Incident"), required=False)

    def __init__(self, *args: Any, incidents: Iterable[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incidents = {str(each.pk): each for each in incidents}
        field = self.fields["incident"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((key, str(each)) for key, each in self.incidents.items())]
        if not self.incidents:
            del self.fields["incident"]

    def clean_incident(self) -> Incident | None:
        return self.incidents.get(self.cleaned_data["incident"])


class LiftForm(RefusableForm):
    reason = _words(
        _("Why it may run again"),
        rows=5,
        help_text=_("What caused the suspension, what was done since, and what shows that it helped."),
    )


class OversightForm(RefusableForm):
    kind = forms.ChoiceField(
        label=_("What happened"), choices=OversightKind.choices, widget=forms.RadioSelect
    )
    decision_reference = forms.CharField(
        label=_("Which decision"),
        max_length=120,
        required=False,
        help_text=_("The reference of your own files. Write no names and no personal data here."),
    )
    done = _words(_("What was done"), help_text=NO_NAMES)
    at = _moment(pgettext_lazy("of an event", "When"))


class ObjectionForm(RefusableForm):
    reference = forms.CharField(
        label=_("Reference of the objection"),
        max_length=60,
        help_text=_("Under which you keep it. Who the person is stays in your own files."),
    )
    decision_reference = forms.CharField(label=_("Reference of the decision"), max_length=120, required=False)
    ground = forms.ChoiceField(
        label=_("What the person says"), choices=Ground.choices, widget=forms.RadioSelect
    )
    received_at = _moment(
        _("When it was received"),
        help_text=_("The clock runs from this moment. Leave it empty if it is now."),
    )


class AnswerForm(RefusableForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=Objection._meta.get_field("outcome").choices or (),
    )
    answer = _words(_("What was answered"), rows=5, help_text=NO_NAMES)
    answered_at = _moment(_("When it was answered"))


class DrillForm(RefusableForm):
    kind = forms.ChoiceField(label=_("What is tried"), choices=DrillKind.choices, widget=forms.RadioSelect)
    target_seconds = forms.IntegerField(
        label=_("Allowed, in seconds"),
        min_value=1,
        required=False,
        help_text=_("A drill that takes longer has not passed. Leave it empty if nothing is set."),
    )


class FinishForm(RefusableForm):
    worked = forms.TypedChoiceField(
        label=_("Did it work?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    findings = _words(_("What was tried and what was seen"), rows=5)
