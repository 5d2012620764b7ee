"""The page of what a participant declares, beside what the register measured."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.inventory.registering import crumbs, its_model
from governance.people.door import Request, viewed
from monitoring.declaring import queries
from monitoring.declaring.models import Declared


@require_GET
@viewed
def declared(request: Request, model_id: UUID) -> HttpResponse:
    """Every declared figure that stands."""
    model = its_model(request.actor, model_id)
    there = Declared.objects.visible_to(request.actor).filter(model=model).standing()
    context = {
        "model": model,
        "pairs": queries.compared(there),
        "crumbs": crumbs(model, _("Declared figures")),
    }
    return render(request, "monitoring/declaring/declared.html", context)
