"""The requirements of a model as they stood on a day, and how one of them came to stand where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from governance.inventory.models import AIModel
from governance.obligations.lines import LOOKS, Line, Piece
from governance.obligations.models import Framework
from governance.obligations.past.queries import Past, as_of
from governance.obligations.words import STATUSES
from governance.people.asked_day import AsOf
from governance.people.door import Request, found, viewed


class DayForm(forms.Form):
    as_of = forms.DateField(
        label=gettext_lazy("As of the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_as_of(self) -> object:
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext_lazy("This day has not come yet."))
        return day


@dataclass(frozen=True)
class Stood:
    """One requirement with what its status rested on then."""

    line: Line
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Chapter:
    framework: Framework
    stood: Sequence[Stood]


@require_GET
@viewed
def past(request: Request, model_id: UUID) -> HttpResponse:
    """`?as_of=` a day, today where none is given."""
    model: AIModel = found(AIModel.objects.visible_to(request.actor), pk=model_id)
    form = DayForm({"as_of": request.GET.get("as_of") or timezone.localdate().isoformat()})
    there = as_of(model, form.cleaned_data["as_of"]) if form.is_valid() else None
    context = {
        "model": model,
        "form": form,
        "past": there,
        "as_of": AsOf(there.day) if there else None,
        "reads_days": True,
        "chapters": _chapters(there, request) if there else [],
        "counts": _counts(there) if there else [],
        "crumbs": _crumbs(model),
    }
    return render(
        request, "governance/obligations/past.html", context, status=200 if form.is_valid() else 422
    )


def _chapters(there: Past, request: Request) -> list[Chapter]:
    """`?framework=` and `?status=` narrow them, as a number of the matrix does that leads here."""
    shown: dict[Framework, list[Stood]] = {}
    framework, status = request.GET.get("framework", ""), request.GET.get("status", "")
    for line in there.lines:
        fits = framework in ("", line.obligation.framework.key) and status in ("", line.duty.status)
        if line.is_asked and fits:
            stood = Stood(line, there.pieces_of(line))
            shown.setdefault(line.obligation.framework, []).append(stood)
    return [Chapter(framework, stood) for framework, stood in shown.items()]


def _counts(there: Past) -> list[tuple[str, object, int]]:
    tally = Counter(line.duty.status for line in there.lines if line.is_asked)
    return [(LOOKS.get(key, key), words, tally[key]) for key, words in STATUSES.items() if tally[key]]


def _crumbs(model: AIModel) -> list[tuple[str, str | None]]:
    return [
        (_("Models"), reverse("models")),
        (str(model), reverse("model", args=[model.pk])),
        (_("Requirements"), reverse("obligations:requirements", args=[model.pk])),
        (_("As they stood"), None),
    ]
