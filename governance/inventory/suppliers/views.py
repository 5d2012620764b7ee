"""The section of the registration that asks what stands behind a model."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.errors import OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.inventory.registering import crumbs, its_model
from governance.inventory.steps import steps
from governance.inventory.suppliers import services
from governance.inventory.suppliers.chain import SECTION, is_relevant
from governance.inventory.suppliers.forms import ComponentForm
from governance.inventory.suppliers.models import Component, Provider
from governance.inventory.suppliers.queries import chain_of
from governance.inventory.words import Status
from governance.people.door import Request, found, viewed
from governance.people.rights import require


@require_GET
@viewed
def chain(request: Request, model_id: UUID) -> HttpResponse:
    """Everything from outside that the model stands on, with what follows from the answers already in it."""
    model = _edited(request, model_id)
    context = {
        "model": model,
        "section": SECTION,
        "chain": chain_of(model),
        "is_asked": is_relevant(model),
        "steps": steps(model, SECTION.slug),
        "crumbs": crumbs(model, SECTION.title),
    }
    return render(request, "governance/inventory/suppliers.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def add(request: Request, model_id: UUID) -> HttpResponse:
    model = _edited(request, model_id)
    form = ComponentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        supplier = form.cleaned_data["supplier"]
        try:
            row = services.add_component(
                by=request.actor,
                model=model,
                component=form.component(),
                supplier=supplier,
                details=form.details(),
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(name)s” is on record.") % {"name": row})
            return redirect("inventory:suppliers", model.pk)
    return _form_page(request, model, form, None)


@require_http_methods(["GET", "POST"])
@viewed
def change(request: Request, component_id: UUID) -> HttpResponse:
    row = _its_component(request, component_id)
    form = ComponentForm(request.POST if request.method == "POST" else None, component=row)
    if request.method == "POST" and form.is_valid():
        supplier = form.cleaned_data["supplier"]
        try:
            services.change_component(
                by=request.actor,
                component=row,
                fields=form.component(),
                supplier=supplier,
                details=form.details(),
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(name)s” is on record.") % {"name": form.cleaned_data["name"]})
            return redirect("inventory:suppliers", row.model_id)
    return _form_page(request, row.model, form, row)


@require_POST
@viewed
def remove(request: Request, component_id: UUID) -> HttpResponse:
    row = _its_component(request, component_id)
    services.remove_component(by=request.actor, component=row)
    messages.success(request, _("“%(name)s” is no longer listed.") % {"name": row})
    return redirect("inventory:suppliers", row.model_id)


def _form_page(request: Request, model: AIModel, form: ComponentForm, row: Component | None) -> HttpResponse:
    title = row or _("Add a component")
    context = {
        "form": form,
        "model": model,
        "component": row,
        "title": title,
        "known": Provider.objects.visible_to(request.actor).filter(organisation_id=model.organisation_id),
        "crumbs": [*crumbs(model, SECTION.title)[:-1], (title, None)],
    }
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/component.html", context, status=status)


def _edited(request: Request, model_id: UUID) -> AIModel:
    model = its_model(request.actor, model_id)
    require(request.actor, "model.edit", model)
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))
    return model


def _its_component(request: Request, component_id: UUID) -> Component:
    rows = Component.objects.visible_to(request.actor).standing()
    row: Component = found(rows.select_related("model__owner", "provider"), pk=component_id)
    require(request.actor, "model.edit", row.model)
    return row
