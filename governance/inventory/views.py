"""The pages of versions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory import services
from governance.inventory.forms import VersionForm, sent
from governance.inventory.models import ModelVersion
from governance.inventory.registering import crumbs, its_model
from governance.inventory.words import ArtefactFormat
from governance.people.door import Request, found, viewed
from governance.people.rights import require

FORMATS = [each for each in ArtefactFormat if each != ArtefactFormat.NONE]


@require_http_methods(["GET", "POST"])
@viewed
def add_version(request: Request, model_id: UUID) -> HttpResponse:
    model = its_model(request.actor, model_id)
    require(request.actor, "version.add", model)
    form = VersionForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        name = said["artefact"].name if said["artefact"] else ""
        try:
            version = services.add_version(by=request.actor, model=model, artefact_name=name, **said)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Version %(version)s is on file.") % {"version": version.label})
            return redirect("model", model.pk)
    context = {"form": form, "model": model, "formats": FORMATS, "crumbs": crumbs(model, _("New version"))}
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/add_version.html", context, status=status)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw_version(request: Request, version_id: UUID) -> HttpResponse:
    versions = ModelVersion.objects.visible_to(request.actor).select_related("model")
    version = found(versions, pk=version_id)
    require(request.actor, "version.withdraw", version.model)
    if request.method == "POST":
        services.withdraw_version(by=request.actor, version=version)
        messages.success(request, _("Version %(version)s is withdrawn.") % {"version": version.label})
        return redirect("model", version.model_id)
    context = {
        "version": version,
        "model": version.model,
        "crumbs": crumbs(version.model, _("Withdraw a version")),
    }
    return render(request, "governance/inventory/withdraw_version.html", context)
