"""The page of a model's key figures: what was measured, whether it keeps its limit, and what it was before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.desk.figure_forms import KpiForm, ValueForm, spoken
from governance.errors import RuleBroken
from governance.inventory.figures import queries, services
from governance.inventory.figures.models import Kpi
from governance.inventory.figures.services import Feed
from governance.inventory.models import AIModel
from governance.inventory.registering import crumbs, its_model
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from monitoring.runs.key_figures import offered


@require_GET
@viewed
def key_figures(request: Request, model_id: UUID) -> HttpResponse:
    """Every current figure with its values."""
    model = its_model(request.actor, model_id)
    lines = queries.lines([model])
    context = {
        "model": model,
        "lines": [(line, _source(line.kpi)) for line in lines],
        "may_enter": may(request.actor, "kpi.enter", model) and model.withdrawn_at is None,
        "crumbs": crumbs(model, _("Key figures")),
    }
    return render(request, "governance/desk/key_figures.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def new_figure(request: Request, model_id: UUID) -> HttpResponse:
    """Name a figure to watch, with its limits."""
    model = its_model(request.actor, model_id)
    require(request.actor, "kpi.enter", model)
    sent = request.POST if request.method == "POST" else None
    form = KpiForm(sent, model=model, feeds=offered(model))
    if form.is_valid() and _set(request, model, form):
        return redirect("key-figures", model.pk)
    return _form(request, model, form, _("Watch a figure"))


def _set(request: Request, model: AIModel, form: KpiForm) -> bool:
    try:
        services.set_kpi(by=request.actor, model=model, **form.said)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("The figure is watched from now on."))
    return True


@require_http_methods(["GET", "POST"])
@viewed
def enter_value(request: Request, kpi_id: UUID) -> HttpResponse:
    """Write down a value that a person measured."""
    kpi = _its_kpi(request, kpi_id)
    form = ValueForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _entered(request, kpi, form):
        return redirect("key-figures", kpi.model_id)
    return _form(request, kpi.model, form, kpi.name)


def _entered(request: Request, kpi: Kpi, form: ValueForm) -> bool:
    try:
        services.enter(by=request.actor, kpi=kpi, **form.cleaned_data)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("The value is on record."))
    return True


@require_http_methods(["GET", "POST"])
@viewed
def end_figure(request: Request, kpi_id: UUID) -> HttpResponse:
    """Watch it no more."""
    kpi = _its_kpi(request, kpi_id)
    if request.method == "POST":
        services.end_kpi(by=request.actor, kpi=kpi)
        messages.success(request, _("The figure is watched no more; its values stay on record."))
        return redirect("key-figures", kpi.model_id)
    context = {"kpi": kpi, "model": kpi.model, "crumbs": _way(kpi.model, kpi.name)}
    return render(request, "governance/desk/end_figure.html", context)


def _its_kpi(request: Request, kpi_id: UUID) -> Kpi:
    """Raises NotFound, NotAllowed."""
    kpi: Kpi = found(Kpi.objects.visible_to(request.actor).select_related("model"), pk=kpi_id)
    require(request.actor, "kpi.enter", kpi.model)
    return kpi


def _form(request: Request, model: AIModel, form: Any, title: str) -> HttpResponse:
    context = {"model": model, "form": form, "title": title, "crumbs": _way(model, title)}
    return render(request, "governance/desk/figure_form.html", context, status=422 if form.errors else 200)


def _way(model: AIModel, here: str) -> list[tuple[object, str | None]]:
    way = crumbs(model, here)
    return [*way[:-1], (_("Key figures"), reverse("key-figures", args=[model.pk])), way[-1]]


def _source(kpi: Kpi) -> str:
    return "" if kpi.is_entered else spoken(Feed(kpi.check_key, kpi.metric, kpi.subject))
