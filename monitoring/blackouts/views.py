"""The page of the times at which the schedule asks nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require
from monitoring.blackouts import services
from monitoring.blackouts.forms import BlackoutForm, LiftForm
from monitoring.blackouts.models import Blackout


@require_http_methods(["GET", "POST"])
@viewed
def blackouts(request: Request) -> HttpResponse:
    """All blackouts that the reader may see, and for those who may declare one the form."""
    organisation = found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
    form = BlackoutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.actor, "blackout.declare", organisation)
        if form.is_valid() and _is_declared(request.actor, organisation, form):
            messages.success(request, _("The blackout is declared."))
            return redirect("blackouts:blackouts")
    context = {
        "form": form,
        "blackouts": Blackout.objects.visible_to(request.actor).select_related(
            "declared_by", "lifted_by", "organisation"
        ),
        "may_declare": may(request.actor, "blackout.declare", organisation),
        "own": organisation,
    }
    return render(request, "monitoring/blackouts/blackouts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@viewed
def lift(request: Request, blackout_id: UUID) -> HttpResponse:
    """End a blackout before its time, with a reason."""
    blackout = found(Blackout.objects.visible_to(request.actor), pk=blackout_id)
    require(request.actor, "blackout.declare", blackout)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.lift(by=request.actor, blackout=blackout, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The blackout is lifted."))
            return redirect("blackouts:blackouts")
    context = {"form": form, "blackout": blackout}
    return render(request, "monitoring/blackouts/lift.html", context, status=422 if form.errors else 200)


def _is_declared(actor: Actor, organisation: Organisation, form: BlackoutForm) -> bool:
    try:
        services.declare(by=actor, organisation=organisation, **form.cleaned_data)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    return True
