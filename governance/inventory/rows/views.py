"""The pages of every list: its rows, a form for one of them, and the end of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.errors import OutOfOrder, RuleBroken
from governance.inventory import answers
from governance.inventory.models import AIModel
from governance.inventory.registering import crumbs, following, its_model
from governance.inventory.rows import services
from governance.inventory.rows.forms import RowForm
from governance.inventory.rows.lists import OF_SLUG, REGIMES, RowList
from governance.inventory.rows.models import Row
from governance.inventory.rows.queries import shown
from governance.inventory.steps import steps
from governance.inventory.words import Status
from governance.people.door import Request, found, viewed
from governance.people.rights import require


@require_GET
@viewed
def page(request: Request, model_id: UUID, slug: str) -> HttpResponse:
    """The rows of one list that stand, and those that ended."""
    listed = OF_SLUG[slug]
    model = _open(request, its_model(request.actor, model_id), listed)
    is_step = listed.section is not REGIMES
    context = {
        "model": model,
        "shown": shown(model, listed),
        "section": listed.section,
        "is_asked": not is_step or answers.is_relevant(listed.section, answers.of(model)),
        "steps": steps(model, slug) if is_step else (),
        "add_url": reverse(f"inventory:add-{slug}", args=[model.pk]),
        "change_address": f"inventory:{slug}-row",
        "onward": _onward(model, listed),
        "crumbs": crumbs(model, listed.title),
    }
    return render(request, "governance/inventory/rows/page.html", context)


def _onward(model: AIModel, listed: RowList) -> str:
    """The next step of a registration that is under way; otherwise back to where the list is shown."""
    if listed.section is REGIMES:
        return reverse("model", args=[model.pk])
    step = following(model, listed.section) if model.is_draft else None
    if step is None:
        return reverse("inventory:check-answers", args=[model.pk])
    return reverse("inventory:edit", args=[model.pk, step.slug])


@require_http_methods(["GET", "POST"])
@viewed
def add(request: Request, model_id: UUID, slug: str) -> HttpResponse:
    listed = OF_SLUG[slug]
    model = _open(request, its_model(request.actor, model_id), listed)
    form = RowForm(_sent(request), listed=listed, model=model)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add(by=request.actor, model=model, to=listed, fields=form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(name)s” is on record.") % {"name": row})
            return redirect(f"inventory:{slug}", model.pk)
    return _form_page(request, model, listed, form, None)


@require_http_methods(["GET", "POST"])
@viewed
def change(request: Request, slug: str, **key: UUID) -> HttpResponse:
    listed = OF_SLUG[slug]
    row = _its_row(request, key, listed)
    form = RowForm(_sent(request), listed=listed, model=row.model, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.change(by=request.actor, row=row, fields=form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(name)s” is on record.") % {"name": row})
            return redirect(f"inventory:{slug}", row.model_id)
    return _form_page(request, row.model, listed, form, row)


@require_POST
@viewed
def end(request: Request, slug: str, **key: UUID) -> HttpResponse:
    row = _its_row(request, key, OF_SLUG[slug])
    services.end(by=request.actor, row=row)
    messages.success(request, _("“%(name)s” has ended. It stays on record.") % {"name": row})
    return redirect(f"inventory:{slug}", row.model_id)


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _form_page(
    request: Request, model: AIModel, listed: RowList, form: RowForm, row: Row | None
) -> HttpResponse:
    title = str(row) if row else listed.add
    back = reverse(f"inventory:{listed.slug}", args=[model.pk])
    context = {
        "form": form,
        "model": model,
        "title": title,
        "listed": listed,
        "back": back,
        "end_url": reverse(f"inventory:end-{listed.slug}-row", args=[row.pk]) if row else "",
        "crumbs": [*crumbs(model, listed.title)[:-1], (listed.title, back), (title, None)],
    }
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/rows/form.html", context, status=status)


def _open(request: Request, model: AIModel, listed: RowList) -> AIModel:
    require(request.actor, listed.right, model)
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))
    return model


def _its_row(request: Request, key: dict[str, UUID], listed: RowList) -> Row:
    rows = listed.table.objects.visible_to(request.actor).standing()
    row: Row = found(rows.select_related("model__owner"), pk=key[listed.key])
    require(request.actor, listed.right, row.model)
    return row
