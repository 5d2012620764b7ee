"""The pages of this room: how rows are protected, on which basis they are here, how they are erased early or kept longer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.registering import crumbs
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.data.models import Dataset, Window
from monitoring.shielding import services
from monitoring.shielding.forms import ErasureForm, GroundsForm, KeepingForm, ProtectionForm
from monitoring.shielding.rules import Grounds, proposed

REFUSED = 422


@require_http_methods(["GET", "POST"])
@viewed
def protect(request: Request, dataset_id: UUID) -> HttpResponse:
    """Whether the rows of a dataset are personal data or a bank secret, and which columns are taken in all the same."""
    dataset = found(Dataset.objects.visible_to(request.actor).select_related("model"), pk=dataset_id)
    require(request.actor, "dataset.describe", dataset.model)
    initial = {
        "personal": dataset.personal,
        "bank_secret": dataset.bank_secret,
        "protection_reason": dataset.protection_reason,
        "looks_personal": "\n".join(dataset.looks_personal_lines),
    }
    form = ProtectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.protect(by=request.actor, dataset=dataset, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("The protection of the rows of %(name)s is set.") % {"name": dataset.name}
            )
            return redirect("data:data", dataset.model_id)
    more = {"dataset": dataset, "careful": proposed(dataset.model)}
    return _asked(request, dataset.model, form, _("Protection of the rows"), "protect.html", more)


@require_http_methods(["GET", "POST"])
@viewed
def erase(request: Request, window_id: UUID) -> HttpResponse:
    """Ask for the reason, then have the rows of a data period erased before their date."""
    window = _its_window(request.actor, window_id, "window.erase")
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.erase(by=request.actor, window=window, reason=form.cleaned_data["reason"])
        messages.success(
            request, _("The rows of %(name)s are erased within minutes.") % {"name": window.name}
        )
        return redirect("data:data", window.model_id)
    return _asked(request, window.model, form, _("Erase the rows"), "erase.html", {"window": window})


@require_http_methods(["GET", "POST"])
@viewed
def ground(request: Request, window_id: UUID) -> HttpResponse:
    """Say afterwards on which basis rows are here, and until when."""
    window = _its_window(request.actor, window_id, "window.ground")
    form = GroundsForm(request.POST if request.method == "POST" else None, dataset=window.dataset)
    if request.method == "POST" and form.is_valid():
        try:
            services.ground(by=request.actor, window=window, grounds=Grounds.of(**form.cleaned_data))
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("The basis of the rows of %(name)s is on file.") % {"name": window.name}
            )
            return redirect("data:data", window.model_id)
    return _asked(request, window.model, form, _("Basis of the rows"), "ground.html", {"window": window})


@require_http_methods(["GET", "POST"])
@viewed
def keep(request: Request, window_id: UUID) -> HttpResponse:
    """The second line puts the day of erasure off, and says why."""
    window = _its_window(request.actor, window_id, "window.keep_longer")
    form = KeepingForm(
        request.POST if request.method == "POST" else None, initial={"keep_until": window.keep_until}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_longer(by=request.actor, window=window, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The rows of %(name)s are kept longer.") % {"name": window.name})
            return redirect("data:data", window.model_id)
    return _asked(request, window.model, form, _("Keep the rows longer"), "keep.html", {"window": window})


def _its_window(actor: Actor, window_id: UUID, right: str) -> Window:
    """Raises NotFound, and NotAllowed for whoever has not this right."""
    window: Window = found(Window.objects.visible_to(actor).select_related("model", "dataset"), pk=window_id)
    require(actor, right, window.model)
    return window


def _asked(
    request: Request, model: Any, form: Any, title: str, template: str, more: dict[str, Any]
) -> HttpResponse:
    context = {"form": form, "model": model, "title": title, "crumbs": crumbs(model, title), **more}
    return render(
        request, f"monitoring/shielding/{template}", context, status=REFUSED if form.errors else 200
    )
