"""Pages composed from all rooms: home, the list of models, one model."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from governance.desk import past
from governance.desk.overview import lines
from governance.desk.record import record_of
from governance.desk.waiting import waiting_for
from governance.inventory.models import AIModel
from governance.inventory.past import existed, registered
from governance.obligations.matrix.models import STATUSES
from governance.obligations.matrix.past import queries as past_standings
from governance.obligations.matrix.words import tallies
from governance.people.actor import ALL
from governance.people.asked_day import AsOf, asked
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may

PER_PAGE = 50


@viewed
def home(request: Request) -> HttpResponse:
    as_of = asked(request)
    if as_of:
        return _home_then(request, as_of)
    context = {"waiting": waiting_for(request.actor), "may_register": _may_register(request)}
    return render(request, "governance/desk/home.html", context)


def _home_then(request: Request, as_of: AsOf) -> HttpResponse:
    """What waited for a person is not kept; how many models stood in which status is."""
    known = AIModel.objects.visible_to(request.actor)
    totals = Counter[str]()
    for _organisation, _framework, *numbers in past_standings.summed(registered(known, as_of), as_of):
        totals.update(dict(zip(STATUSES, numbers, strict=True)))
    context = {
        "as_of": as_of,
        "models": past.counts_of_models(known, as_of),
        "requirements": tallies(totals),
    }
    return render(request, "governance/desk/home_as_of.html", context)


@viewed
def models(request: Request) -> HttpResponse:
    known = (
        AIModel.objects.visible_to(request.actor)
        .select_related("organisation")
        .order_by("organisation_id", "number")
    )
    as_of = asked(request)
    if as_of:
        known = existed(known, as_of)
    page = Paginator(known, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "as_of": as_of,
        "lines": past.lines(page.object_list, as_of)
        if as_of
        else lines(page.object_list, request.actor, timezone.now()),
        "across": request.actor.reads == ALL,
        "may_register": as_of is None and _may_register(request),
    }
    return render(request, "governance/desk/models.html", context)


@viewed
def model(request: Request, model_id: UUID) -> HttpResponse:
    chosen = found(
        AIModel.objects.visible_to(request.actor).select_related("owner", "organisation"), pk=model_id
    )
    as_of = asked(request)
    if as_of:
        return render(
            request, "governance/desk/model_as_of.html", past.record_of(chosen, request.actor, as_of)
        )
    return render(request, "governance/desk/model.html", record_of(chosen, request.actor))


def _may_register(request: Request) -> bool:
    own = request.actor.organisation_id
    home = Organisation.objects.visible_to(request.actor).filter(pk=own).first() if own else None
    return home is not None and may(request.actor, "model.register", home)
