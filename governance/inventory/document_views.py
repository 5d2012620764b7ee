"""The pages of documents: handed in, read by a second person, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import RuleBroken
from governance.inventory import services
from governance.inventory.forms import DocumentForm, ReviewForm, WithdrawForm, sent
from governance.inventory.kinds import KINDS, names_of
from governance.inventory.models import AIModel, Document, Revision
from governance.inventory.registering import crumbs, its_model
from governance.inventory.reviewed import standing, state_of
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from governance.store.serving import download


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
    form = DocumentForm(*sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            revision = services.add_document(
                by=request.actor, model=model, document=document, file_name=said["file"].name, **said
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            words = _(
                "Revision %(number)s of “%(title)s” is handed in. It counts once a second person has accepted it."
            )
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
    people = ("uploaded_by", "reviewed_by", "withdrawn_by")
    revisions = list(Revision.objects.filter(document=its).select_related("model", *people))
    counting, today = standing(revisions, timezone.localdate()), timezone.localdate()
    context = {
        "model": its.model,
        "document": its,
        "kinds": names_of(counting or its),
        "counting": counting,
        "is_gone": all(each.withdrawn_at for each in revisions),
        "revisions": [(each, state_of(each, counting, today), _steps(request, each)) for each in revisions],
        "may_revise": may(request.actor, "document.add", its.model),
        "crumbs": crumbs(its.model, its.title),
    }
    return render(request, "governance/inventory/document.html", context)


def _steps(request: Request, revision: Revision) -> dict[str, bool]:
    """What the reader may do with a revision now."""
    return {
        "review": revision.awaits_review and may(request.actor, "document.review", revision),
        "withdraw": revision.withdrawn_at is None and may(request.actor, "revision.withdraw", revision),
    }


@require_http_methods(["GET", "POST"])
@viewed
def review_revision(request: Request, revision_id: UUID) -> HttpResponse:
    """A second person reads the file and accepts it, or sends it back."""
    revision = _revision(request, revision_id)
    require(request.actor, "document.review", revision)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.review_document(by=request.actor, revision=revision, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your review is on record."))
            return redirect("inventory:document", revision.document_id)
    context = {
        "form": form,
        "model": revision.model,
        "revision": revision,
        "kinds": names_of(revision),
        "crumbs": crumbs(revision.model, _("Review a document")),
    }
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/review_revision.html", context, status=status)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw_revision(request: Request, revision_id: UUID) -> HttpResponse:
    """Take a mistaken upload back."""
    revision = _revision(request, revision_id)
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
    before = standing(revision.document.revisions.filter(number__lt=revision.number), timezone.localdate())
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


def _revision(request: Request, key: UUID) -> Revision:
    rows: QuerySet[Revision] = Revision.objects.visible_to(request.actor)
    return found(rows.select_related("model__owner", "document", "uploaded_by"), pk=key)
