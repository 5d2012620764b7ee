"""Pages on which documents are written from outlines, with the facts of all rooms filled in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.desk.facts import facts_of
from governance.errors import NotFound, RuleBroken
from governance.inventory import keeping
from governance.inventory.keeping import OlderCopy
from governance.inventory.models import AIModel, Document
from governance.inventory.outlines import services
from governance.inventory.outlines.forms import DraftForm
from governance.inventory.outlines.models import Draft
from governance.inventory.outlines.outline import outlines
from governance.inventory.registering import crumbs
from governance.people.door import Request, found, viewed
from governance.people.rights import require

TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/octet-stream",
    "pdf": "application/pdf",
}


@require_http_methods(["GET", "POST"])
@viewed
def choose(request: Request, model_id: UUID) -> HttpResponse:
    """The outlines, those being written and those handed in already. Sending one begins it; `?kind=` puts one first."""
    models = AIModel.objects.visible_to(request.actor).select_related("owner", "organisation")
    model = found(models, pk=model_id)
    require(request.actor, "document.add", model)
    if request.method == "POST":
        language = request.POST.get("language", "")
        draft = services.begin(
            by=request.actor,
            model=model,
            kind=request.POST.get("outline", ""),
            language=language,
            facts=_spoken(model, language),
        )
        return redirect("draft", draft.pk)
    context = {
        "model": model,
        "choices": _choices(model, first=request.GET.get("kind", "")),
        "languages": settings.LANGUAGES,
        "spoken": (get_language() or "kk")[:2],
        "crumbs": crumbs(model, _("Write a document")),
    }
    return render(request, "governance/desk/outlines.html", context)


def _spoken(model: AIModel, language: str) -> Any:
    with translation.override(language if language in dict(settings.LANGUAGES) else "kk"):
        return facts_of(model)


def _choices(model: AIModel, first: str) -> list[dict[str, Any]]:
    open_drafts = Draft.objects.unfinished().filter(model=model).select_related("begun_by")
    titles = {document.title: document for document in Document.objects.filter(model=model)}
    return [
        {
            "outline": each,
            "is_first": kind == first,
            "drafts": [draft for draft in open_drafts if draft.outline == kind],
            "documents": [titles[title] for title in each.title.values() if title in titles],
        }
        for kind, each in sorted(outlines().items(), key=lambda each: each[0] != first)
    ]


@require_http_methods(["GET", "POST"])
@viewed
def draft(request: Request, draft_id: UUID) -> HttpResponse:
    """All sections of one document; what is typed is kept, and `then=hand-in` hands the document in."""
    its = _its_draft(request, draft_id)
    if keeping.asked(request):
        return _keep(request, its)
    form = DraftForm(request.POST if request.method == "POST" else None, draft=its)
    if request.method == "POST" and form.is_valid():
        try:
            its = services.save(
                by=request.actor, draft=its, texts=form.cleaned_data, over=request.POST.get("seen", "")
            )
            if request.POST.get("then") != "hand-in":
                messages.success(request, _("Saved. It stays a draft until you hand it in."))
                return redirect("draft", its.pk)
            return _handed_in(request, its)
        except OlderCopy as refusal:
            return _page(request, _its_draft(request, draft_id), form, older=refusal, status=refusal.status)
        except RuleBroken as refusal:
            form.refuse(refusal)
    return _page(request, its, form)


def _handed_in(request: Request, its: Draft) -> HttpResponse:
    format = request.POST.get("format", "md")
    revision = services.hand_in(
        by=request.actor, draft=its, format=format if format in services.FORMATS else "md"
    )
    words = _("“%(title)s” is on file as revision %(number)s.")
    messages.success(request, words % {"title": revision.title, "number": revision.number})
    return redirect("inventory:document", revision.document_id)


def _keep(request: Request, its: Draft) -> HttpResponse:
    if keeping.asked(request) == keeping.CHECK:
        return keeping.ready()
    form = DraftForm(request.POST, draft=its)
    form.is_valid()
    try:
        its = services.save(
            by=request.actor, draft=its, texts=form.cleaned_data, over=request.POST.get("seen", "")
        )
    except OlderCopy:
        return keeping.older()
    left = [str(form[name].label) for name in form.errors if name in form.fields]
    return keeping.kept(seen=services.fingerprint(its), left=left)


def _page(request: Request, its: Draft, form: DraftForm, **more: Any) -> HttpResponse:
    outline, status = services.outline_of(its), more.pop("status", 200)
    written = form.written()
    context = {
        "draft": its,
        "model": its.model,
        "outline": outline,
        "form": form,
        "written": written,
        "left": sum(not is_written for _field, part, is_written in written if part.required),
        "seen": services.fingerprint(its),
        "spoken": dict(settings.LANGUAGES)[its.language],
        "crumbs": [
            *crumbs(its.model, "")[:-1],
            (_("Write a document"), reverse("outlines", args=[its.model_id])),
            (outline.title, None),
        ],
        **more,
    }
    return render(request, "governance/desk/draft.html", context, status=422 if form.errors else status)


@require_GET
@viewed
def file(request: Request, draft_id: UUID) -> HttpResponse:
    """The document as it stands, as a download. `?format=` gives it for Word or as a PDF."""
    its = _its_draft(request, draft_id)
    format = request.GET.get("format", "md")
    if format not in services.FORMATS:
        raise NotFound
    return HttpResponse(
        services.content(its, format),
        content_type=TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="{services.file_name(its, format)}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
@viewed
def discard(request: Request, draft_id: UUID) -> HttpResponse:
    its = services.discard(by=request.actor, draft=_its_draft(request, draft_id))
    messages.success(request, _("The draft is thrown away."))
    return redirect("outlines", its.model_id)


def _its_draft(request: Request, draft_id: UUID) -> Draft:
    drafts = Draft.objects.visible_to(request.actor).unfinished()
    its: Draft = found(drafts.select_related("model__owner"), pk=draft_id)
    require(request.actor, "document.add", its.model)
    return its
