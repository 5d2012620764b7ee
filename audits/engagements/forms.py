"""What is asked to open an audit, and to end it early."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from audits.engagements.services import Auditor
from governance.errors import RuleBroken
from governance.inventory.models import AIModel


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AuditorsField(forms.CharField):
    """One auditor in each line: the address, and after a comma the name of somebody who is new here."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[Auditor]:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        return [self._auditor(line) for line in lines]

    def _auditor(self, line: str) -> Auditor:
        email, _comma, name = (part.strip() for part in line.partition(","))
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError(_("This is no e-mail address: %(line)s") % {"line": line}) from error
        return Auditor(email, name[:120])


class EngagementForm(forms.Form):
    firm = forms.CharField(label=_("Audit firm"), max_length=200, required=False)
    auditors = AuditorsField(
        label=_("Auditors"),
        help_text=_("One in each line: the e-mail address, then after a comma the name of somebody new."),
    )
    purpose = forms.CharField(
        label=_("Purpose of the audit"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    starts_on = forms.DateField(label=_("First day"), widget=Day())
    ends_on = forms.DateField(
        label=_("Last day"), widget=Day(), help_text=_("After this day the auditors see nothing any more.")
    )
    whole = forms.BooleanField(
        label=_("All models, and those that are registered during the audit"), required=False
    )
    models = forms.MultipleChoiceField(
        label=_("Models that they see"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Language of the letter to somebody new"), choices=settings.LANGUAGES
    )

    def __init__(self, *args: Any, models: Iterable[AIModel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = {str(model.pk): model for model in models}
        field = self.fields["models"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, str(model)) for key, model in self.there.items()]

    def scope(self) -> list[AIModel] | None:
        """None = all models."""
        if self.cleaned_data["whole"]:
            return None
        return [self.there[key] for key in self.cleaned_data["models"]]

    def refuse(self, refusal: RuleBroken) -> None:
        """Put each problem beside its field."""
        for problem in refusal.problems:
            name = str(problem.where)
            known = name in self.fields
            self.add_error(
                name if known else "auditors", problem.what if known else f"{name}: {problem.what}"
            )


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it ends now"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
