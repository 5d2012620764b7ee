"""The pages of findings: of one model, and of all models that a reader may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.inventory.models import AIModel
from governance.inventory.past import as_they_stood
from governance.inventory.registering import crumbs, its_model
from governance.people.asked_day import AsOf, asked, carried
from governance.people.door import Request, viewed
from monitoring.runs import past
from monitoring.runs.finding_queries import Filter, findings, shown
from monitoring.runs.models import Plan

A_PAGE = 25


@require_GET
@viewed
def of_model(request: Request, model_id: UUID) -> HttpResponse:
    """What monitoring found about one model."""
    model = its_model(request.actor, model_id)
    chosen = _chosen(request)
    as_of = asked(request)
    if as_of:
        [model] = [then.model for then in as_they_stood([model], as_of)]
    context = {
        "model": model,
        "is_planned": Plan.objects.filter(model=model, ended_at=None).exists(),
        "crumbs": carried(crumbs(model, _("Findings")), as_of),
        **_page(request, chosen, model),
    }
    return render(request, "monitoring/runs/findings.html", context)


@require_GET
@viewed
def of_all(request: Request) -> HttpResponse:
    """What monitoring found about every model that the reader may see."""
    chosen = _chosen(request)
    context = {"is_planned": True, **_page(request, chosen)}
    return render(request, "monitoring/runs/findings.html", context)


def _chosen(request: Request) -> Filter:
    return Filter.of(request.GET.get("state", ""), request.GET.get("severity", ""))


def _page(request: Request, chosen: Filter, model: AIModel | None = None) -> dict[str, Any]:
    as_of = asked(request)
    page = Paginator(_found(request, chosen, model, as_of), A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "found": shown(page.object_list), "chosen": chosen, "as_of": as_of}


def _found(request: Request, chosen: Filter, model: AIModel | None, as_of: AsOf | None) -> Any:
    if as_of:
        return past.findings(request.actor, chosen, as_of.end, model)
    found = findings(request.actor, chosen)
    return found.filter(model=model) if model else found
