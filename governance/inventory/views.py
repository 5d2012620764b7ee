"""The pages of versions and documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import RuleBroken
from governance.inventory import services
from governance.inventory.forms import DocumentForm, VersionForm, WithdrawForm
from governance.inventory.kinds import KINDS
from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.inventory.registering import crumbs, its_model
from governance.inventory.words import ArtefactFormat
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from governance.store.serving import download

FORMATS = [each for each in ArtefactFormat if each != ArtefactFormat.NONE]


def _sent(request: Request) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@require_http_methods(["GET", "POST"])
@viewed
def add_version(request: Request, model_id: UUID) -> HttpResponse:
    model = its_model(request.actor, model_id)
    require(request.actor, "version.add", model)
    form = VersionForm(*_sent(request))
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


@require_http_methods(["GET", "POST"])
@viewed
def add_document(request: Request, model_id: UUID) -> HttpResponse:
    """A new document. `?kind=` ticks one kind beforehand: pages that ask for evidence link here with it."""
    model = its_model(request.actor, model_id)
    wanted = request.GET.get("kind", "").removeprefix("document:")
    initial = {"kinds": [wanted], "title": KINDS[wanted]} if wanted in KINDS else {}
    return _document_page(request, model, None, initial)


@require_http_methods(["GET", "POST"])
@viewed
def revise_document(request: Request, document_id: UUID) -> HttpResponse:
    """The next revision of a document."""
    documents = Document.objects.visible_to(request.actor).select_related("model__owner")
    document = found(documents, pk=document_id)
    return _document_page(
        request, document.model, document, {"title": document.title, "kinds": document.kinds}
    )


def _document_page(
    request: Request, model: AIModel, document: Document | None, initial: dict[str, Any]
) -> HttpResponse:
    require(request.actor, "document.add", model)
    form = DocumentForm(*_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            revision = services.add_document(
                by=request.actor, model=model, document=document, file_name=said["file"].name, **said
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            words = _("“%(title)s” is on file as revision %(number)s.")
            messages.success(request, words % {"title": said["title"], "number": revision.number})
            return redirect("model", model.pk)
    here = document.title if document else _("New document")
    context = {"form": form, "model": model, "document": document, "crumbs": crumbs(model, here)}
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/add_document.html", context, status=status)


@require_GET
@viewed
def document(request: Request, document_id: UUID) -> HttpResponse:
    """Every revision of a document, those that were withdrawn with the reason."""
    documents = Document.objects.visible_to(request.actor).select_related("model__owner")
    its = found(documents, pk=document_id)
    revisions = Revision.objects.filter(document=its).select_related("uploaded_by", "withdrawn_by", "model")
    standing = next((each for each in revisions if each.withdrawn_at is None), None)
    context = {
        "model": its.model,
        "document": its,
        "kinds": [KINDS[kind] for kind in its.kinds if kind in KINDS],
        "standing": standing,
        "revisions": [(each, may(request.actor, "revision.withdraw", each)) for each in revisions],
        "may_revise": may(request.actor, "document.add", its.model),
        "crumbs": crumbs(its.model, its.title),
    }
    return render(request, "governance/inventory/document.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw_revision(request: Request, revision_id: UUID) -> HttpResponse:
    """Take a mistaken upload back."""
    revisions = Revision.objects.visible_to(request.actor).select_related("model__owner", "document")
    revision = found(revisions, pk=revision_id)
    require(request.actor, "revision.withdraw", revision)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_revision(
                by=request.actor, revision=revision, reason=form.cleaned_data["reason"]
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            said = {"number": revision.number, "title": revision.document.title}
            messages.success(request, _("Revision %(number)s of “%(title)s” no longer counts.") % said)
            return redirect("inventory:document", revision.document_id)
    before = revision.document.revisions.standing().filter(number__lt=revision.number).first()
    context = {
        "form": form,
        "model": revision.model,
        "revision": revision,
        "before": before,
        "crumbs": crumbs(revision.model, _("Withdraw a revision")),
    }
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/withdraw_revision.html", context, status=status)


@viewed
def file(request: Request, revision_id: UUID) -> Any:
    """The stored file, verified, as a download: never shown inside our own pages."""
    revision = found(Revision.objects.visible_to(request.actor), pk=revision_id)
    return download(
        revision.organisation_id, revision.sha256, name=revision.file_name, media_type=revision.media_type
    )
