"""Pages composed from all rooms: home, the list of models, one model."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from governance.desk.overview import lines
from governance.desk.record import record_of
from governance.desk.waiting import waiting_for
from governance.inventory.models import AIModel
from governance.people.actor import ALL
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may

PER_PAGE = 50


@viewed
def home(request: Request) -> HttpResponse:
    context = {"waiting": waiting_for(request.actor), "may_register": _may_register(request)}
    return render(request, "governance/desk/home.html", context)


@viewed
def models(request: Request) -> HttpResponse:
    known = (
        AIModel.objects.visible_to(request.actor)
        .select_related("organisation")
        .order_by("organisation_id", "number")
    )
    page = Paginator(known, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines(page.object_list, request.actor, timezone.now()),
        "across": request.actor.reads == ALL,
        "may_register": _may_register(request),
    }
    return render(request, "governance/desk/models.html", context)


@viewed
def model(request: Request, model_id: UUID) -> HttpResponse:
    chosen = found(
        AIModel.objects.visible_to(request.actor).select_related("owner", "organisation"), pk=model_id
    )
    return render(request, "governance/desk/model.html", record_of(chosen, request.actor))


def _may_register(request: Request) -> bool:
    own = request.actor.organisation_id
    home = Organisation.objects.visible_to(request.actor).filter(pk=own).first() if own else None
    return home is not None and may(request.actor, "model.register", home)
