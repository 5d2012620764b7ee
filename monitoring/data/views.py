"""The pages of a model's data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.registering import crumbs, its_model
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from monitoring.data import queries, services
from monitoring.data.forms import DatasetForm, WindowForm
from monitoring.data.models import Dataset, Window

REFUSED = 422


@require_http_methods(["GET", "POST"])
@viewed
def model_data(request: Request, model_id: UUID) -> HttpResponse:
    """All datasets of a model with their data periods, and the form that describes another one."""
    model = its_model(request.actor, model_id)
    form = DatasetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            dataset = services.describe(by=request.actor, model=model, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The dataset %(name)s is described.") % {"name": dataset.name})
            return redirect("data:data", model.pk)
    context = {
        "model": model,
        "form": form,
        "described": queries.datasets_of(model),
        "may_describe": may(request.actor, "dataset.describe", model),
        "may_add": may(request.actor, "window.add", model),
        "may_withdraw": may(request.actor, "window.withdraw", model),
        "crumbs": crumbs(model, _("Data")),
    }
    return render(request, "monitoring/data/data.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "POST"])
@viewed
def add_window(request: Request, dataset_id: UUID) -> HttpResponse:
    """Upload one data period. A file that breaks a rule is refused with every row and column named."""
    dataset = found(Dataset.objects.visible_to(request.actor).select_related("model"), pk=dataset_id)
    require(request.actor, "window.add", dataset.model)
    form = WindowForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            window = services.add_window(
                by=request.actor, dataset=dataset, file_name=said["file"].name, **said
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _taken_in(window))
            return redirect("data:data", dataset.model_id)
    context: dict[str, Any] = {
        "form": form,
        "dataset": dataset,
        "model": dataset.model,
        "crumbs": crumbs(dataset.model, _("New data period")),
    }
    return render(request, "monitoring/data/add_window.html", context, status=REFUSED if form.errors else 200)


def _taken_in(window: Window) -> str:
    said = _("The data period %(name)s is taken in: %(rows)s rows, %(columns)s columns.")
    return said % {"name": window.name, "rows": window.rows, "columns": len(window.columns)}


@require_http_methods(["GET", "POST"])
@viewed
def withdraw_window(request: Request, window_id: UUID) -> HttpResponse:
    """Ask, then withdraw a data period."""
    window = found(Window.objects.visible_to(request.actor).select_related("model", "dataset"), pk=window_id)
    require(request.actor, "window.withdraw", window.model)
    if request.method == "POST":
        services.withdraw_window(by=request.actor, window=window)
        messages.success(request, _("The data period %(name)s is withdrawn.") % {"name": window.name})
        return redirect("data:data", window.model_id)
    context = {
        "window": window,
        "model": window.model,
        "crumbs": crumbs(window.model, _("Withdraw a data period")),
    }
    return render(request, "monitoring/data/withdraw_window.html", context)
