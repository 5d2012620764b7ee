"""The page that says why: each flag of a model with the answers that set it, and the requirements that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.why.queries import FlagLine, lines_of
from governance.people.door import Request, found, viewed
from governance.people.rights import may


@dataclass(frozen=True)
class Part:
    """Flags that stand alike: those that hold, or those that wait for an answer."""

    anchor: str
    title: str
    lead: str
    lines: Sequence[FlagLine]


@require_GET
@viewed
def flags(request: Request, model_id: UUID) -> HttpResponse:
    """What holds, what is open, and, folded, what does not hold."""
    models = AIModel.objects.visible_to(request.actor).select_related("organisation", "owner")
    model: AIModel = found(models, pk=model_id)
    lines = lines_of(model)
    context = {
        "model": model,
        "parts": _parts(lines),
        "off": [line for line in lines if line.value is False],
        "may_edit": model.status != Status.WITHDRAWN and may(request.actor, "model.edit", model),
        "crumbs": _crumbs(model),
    }
    return render(request, "governance/obligations/why/flags.html", context)


def _parts(lines: Sequence[FlagLine]) -> list[Part]:
    holds = [line for line in lines if line.value]
    open_ones = [line for line in lines if line.value is None]
    parts = [
        Part(
            "open",
            _("Not answered yet"),
            _("Until they are answered, the requirements behind them are asked for."),
            open_ones,
        ),
        Part("holds", _("What holds"), _("Each with the answers that set it."), holds),
    ]
    return [part for part in parts if part.lines]


def _crumbs(model: AIModel) -> list[tuple[str, str | None]]:
    return [
        (_("Models"), reverse("models")),
        (str(model), reverse("model", args=[model.pk])),
        (_("Requirements"), reverse("obligations:requirements", args=[model.pk])),
        (_("Why they apply"), None),
    ]
