"""The page on which the second line decides whether a newer reference counts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import NotFound, RuleBroken
from governance.inventory.registering import crumbs
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.data import references, services
from monitoring.data.acceptance import Acceptance
from monitoring.data.ended import refuse_ended
from monitoring.data.forms import AcceptanceForm
from monitoring.data.models import Part, Window

REFUSED = 422


@require_http_methods(["GET", "POST"])
@viewed
def decide_reference(request: Request, window_id: UUID) -> HttpResponse:
    """Show what waits beside what counts now, and take the decision with its reason."""
    window = _its_reference(request.actor, window_id)
    form = AcceptanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _decided(request.actor, window, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("data:data", window.model_id)
    now = references.of_dataset(window.dataset_id)
    context = {
        "form": form,
        "window": window,
        "model": window.model,
        "now": now,
        "stays": now is not None and references.would_stay(now, window),
        "crumbs": crumbs(window.model, _("New reference")),
    }
    status = REFUSED if form.errors else 200
    return render(request, "monitoring/data/decide_reference.html", context, status=status)


def _decided(actor: Actor, window: Window, verdict: str, reason: str) -> str:
    if verdict == Acceptance.ACCEPTED:
        services.accept_reference(by=actor, window=window, reason=reason)
        return _("The data period %(name)s is accepted as a reference.") % {"name": window.name}
    services.decline_reference(by=actor, window=window, reason=reason)
    return _("The data period %(name)s is declined as the reference.") % {"name": window.name}


def _its_reference(actor: Actor, window_id: UUID) -> Window:
    """Raises NotFound, NotAllowed, OutOfOrder."""
    seen = Window.objects.visible_to(actor).select_related("model", "dataset", "uploaded_by", "corrects")
    window: Window = found(seen, pk=window_id)
    if window.part != Part.REFERENCE:
        raise NotFound
    require(actor, "reference.decide", window)
    refuse_ended(window.dataset)
    services.refuse_not_waiting(window)
    return window
