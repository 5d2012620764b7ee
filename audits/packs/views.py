"""The page of a model's evidence packs, and the file itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audits.engagements.queries import engagement_of
from audits.packs import services
from audits.packs.making import name_of
from audits.packs.models import Pack
from governance.errors import NotFound
from governance.inventory.registering import crumbs, its_model
from governance.people.actor import Actor
from governance.people.asked_day import asked
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from governance.store.serving import download


@require_http_methods(["GET", "POST"])
@viewed
def packs(request: Request, model_id: UUID) -> HttpResponse:
    """The packs of a model, the newest first; sending the form orders another one."""
    model = its_model(request.actor, model_id)
    require(request.actor, "pack.order", model)
    if request.method == "POST":
        visit = engagement_of(request.actor, model, timezone.localdate())
        services.order(by=request.actor, model=model, engagement=visit, day=asked(request))
        messages.success(request, _("The pack is being made. You get a message when it is ready."))
        return redirect("packs:packs", model.pk)
    made = Pack.objects.visible_to(request.actor).filter(model=model)
    context = {
        "model": model,
        "reads_days": True,
        "day": asked(request),
        "packs": made.select_related("requested_by", "engagement")[:50],
        "may_order": may(request.actor, "pack.order", model),
        "crumbs": crumbs(model, _("Evidence packs")),
    }
    return render(request, "audits/packs/packs.html", context)


@require_GET
@viewed
def progress(request: Request, pack_id: UUID) -> HttpResponse:
    """One pack of the list, asked for again until it is settled."""
    return render(request, "audits/packs/_pack.html", {"pack": _its_pack(request.actor, pack_id)})


@require_GET
@viewed
def file(request: Request, pack_id: UUID) -> Any:
    """The finished pack, verified, as a download."""
    pack = _its_pack(request.actor, pack_id)
    if not pack.is_done or pack.as_of is None:
        raise NotFound
    name = f"{name_of(pack.model, pack.as_of)}.zip"
    return download(pack.organisation_id, pack.sha256, name=name, media_type="application/zip")


def _its_pack(actor: Actor, pack_id: UUID) -> Pack:
    """Raises NotFound, NotAllowed."""
    packs = Pack.objects.visible_to(actor).select_related("model", "requested_by", "engagement")
    pack: Pack = found(packs, pk=pack_id)
    require(actor, "pack.order", pack.model)
    return pack
