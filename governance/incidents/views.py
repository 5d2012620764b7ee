"""Pages that show: all incidents, and one with its clocks, its timeline and what to do next."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.incidents import queries, telling
from governance.inventory.models import AIModel
from governance.people.actor import ALL
from governance.people.door import Request, found, viewed
from governance.people.rights import may

PER_PAGE = 50


@require_safe
@viewed
def incidents(request: Request) -> HttpResponse:
    """A participant's own; a supervisor's of all participants. With ?model= those of one model."""
    actor, asked = request.actor, request.GET.get("model", "")
    model = found(AIModel.objects.visible_to(actor), pk=asked) if asked else None
    page = Paginator(queries.incidents(actor, model=model), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": queries.lines(page.object_list),
        "model": model,
        "across": actor.reads == ALL,
        "may_open": model is not None and may(actor, "incident.open", model),
    }
    return render(request, "governance/incidents/incidents.html", context)


@require_safe
@viewed
def incident(request: Request, incident_id: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    chosen = found(queries.of(actor), pk=incident_id)
    model = chosen.model
    context = {
        "incident": chosen,
        "model": model,
        "title": telling.title(chosen),
        "description": telling.description(chosen),
        "notices": [queries.clocked(each, now) for each in chosen.notices.all()],
        "timeline": queries.timeline(chosen),
        "stopped": queries.stopped(model),
        "running": queries.running(model),
        "may_handle": may(actor, "incident.handle", model) and not chosen.is_closed,
        "may_tell": may(actor, "notice.give", model),
        "rights": {
            name: may(actor, right, model)
            for name, right in (
                ("may_suspend", "permission.suspend"),
                ("may_ask_lift", "permission.ask_lift"),
                ("may_release", "permission.release"),
            )
        },
        "crumbs": [
            (_("Incidents"), reverse("incidents:incidents")),
            (chosen.number, ""),
        ],
    }
    return render(request, "governance/incidents/incident.html", context)
