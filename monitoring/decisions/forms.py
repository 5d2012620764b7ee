"""The form that asks why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel, ModelVersion


class CaseForm(RefusableForm):
    """Which decision, and by which version of the model."""

    case = forms.CharField(
        label=_("Number of the case"),
        max_length=120,
        help_text=_("As it stands in the data period: the decision that a person asks about."),
    )
    version = forms.ModelChoiceField(
        label=_("Version of the model"), queryset=ModelVersion.objects.none(), empty_label=None
    )

    def __init__(self, *given: Any, model: AIModel, **more: Any) -> None:
        super().__init__(*given, **more)
        standing = ModelVersion.objects.filter(model=model, withdrawn_at=None).order_by("-created_at")
        self.fields["version"].queryset = standing  # type: ignore[attr-defined]
