"""The pages of one decision: which one is meant, and what it rests on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import RuleBroken
from governance.inventory.registering import crumbs
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.data.models import Window
from monitoring.decisions import services
from monitoring.decisions.forms import CaseForm
from monitoring.decisions.models import Explained
from monitoring.decisions.queries import Told


@require_http_methods(["GET", "POST"])
@viewed
def ask(request: Request, window_id: UUID) -> HttpResponse:
    """Ask about one case of a data period."""
    window = found(Window.objects.visible_to(request.actor).select_related("model", "dataset"), pk=window_id)
    require(request.actor, "decision.explain", window.model)
    form = CaseForm(request.POST if request.method == "POST" else None, model=window.model)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask(by=request.actor, window=window, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("decisions:decision", asked.pk)
    context = {
        "window": window,
        "model": window.model,
        "form": form,
        "crumbs": crumbs(window.model, _("One decision")),
    }
    return render(request, "monitoring/decisions/ask.html", context, status=422 if form.errors else 200)


@require_GET
@viewed
def decision(request: Request, explained_id: UUID) -> HttpResponse:
    """The contributions to one decision, or how far they are."""
    asked = _its_decision(request.actor, explained_id)
    context = {
        "told": Told(asked),
        "asked": asked,
        "model": asked.model,
        "crumbs": crumbs(asked.model, _("One decision")),
    }
    return render(request, "monitoring/decisions/decision.html", context)


@require_GET
@viewed
def progress(request: Request, explained_id: UUID) -> HttpResponse:
    """Asked for again until it is answered; then the page that asked is loaded again."""
    asked = _its_decision(request.actor, explained_id)
    response = render(request, "monitoring/decisions/_progress.html", {"asked": asked})
    if asked.is_finished:
        response["HX-Refresh"] = "true"
    return response


def _its_decision(actor: Actor, explained_id: UUID) -> Explained:
    rows = Explained.objects.visible_to(actor).select_related("model", "version", "window", "requested_by")
    asked: Explained = found(rows, pk=explained_id)
    require(actor, "decision.explain", asked.model)
    return asked
