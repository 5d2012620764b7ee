"""Pages of accepted gaps and waivers: grant one, end one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.models import AIModel
from governance.obligations import queries
from governance.obligations.apart import caution
from governance.obligations.lines import Piece
from governance.obligations.waiving import services as waiving
from governance.obligations.waiving.forms import EndWaiverForm, WaiveForm
from governance.obligations.waiving.models import Excuse, Waiver
from governance.people.door import Request, found, viewed
from governance.people.models import Membership
from governance.people.rights import require


@require_http_methods(["GET", "POST"])
@viewed
def waive(request: Request, model_id: UUID, key: str) -> HttpResponse:
    """Accept the gap of a norm of law for a time, or waive what is voluntary."""
    model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
    line = queries.line_of(model, key)
    require(request.actor, "duty.waive", model)
    sent = request.POST if request.method == "POST" else None
    is_law = waiving.kind_of(line.obligation) == Excuse.ACCEPTED_GAP
    form = WaiveForm(sent, people=_people(model), controls=None if is_law else _controls(model))
    if form.is_valid():
        try:
            waiving.waive(by=request.actor, model=model, obligation_key=key, terms=form.terms())
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It is on record, and lapses by itself."))
            return redirect("obligations:requirement", model.pk, key)
    context = {
        "model": model,
        "line": line,
        "form": form,
        "is_law": is_law,
        "caution": caution(line.obligation.framework),
        "crumbs": _crumbs(model, line.obligation.ref, key),
    }
    return render(request, "governance/obligations/waive.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@viewed
def end(request: Request, waiver_id: UUID) -> HttpResponse:
    """End a waiver or an accepted gap before its day."""
    waiver = found(Waiver.objects.visible_to(request.actor).select_related("model"), pk=waiver_id)
    require(request.actor, "duty.waive", waiver.model)
    form = EndWaiverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        waiving.end_waiver(by=request.actor, waiver=waiver, reason=form.cleaned_data["reason"])
        messages.success(request, _("It has ended."))
        return redirect("obligations:requirement", waiver.model_id, waiver.obligation_key)
    line = queries.line_of(waiver.model, waiver.obligation_key)
    context = {
        "model": waiver.model,
        "waiver": waiver,
        "line": line,
        "form": form,
        "caution": caution(line.obligation.framework),
        "crumbs": _crumbs(waiver.model, line.obligation.ref, waiver.obligation_key),
    }
    return render(
        request, "governance/obligations/end_waiver.html", context, status=422 if form.errors else 200
    )


def _people(model: AIModel) -> list[tuple[str, str]]:
    """Whoever works in the model's organisation today, by name."""
    members = Membership.objects.filter(organisation_id=model.organisation_id)
    rows = members.current(timezone.localdate()).exclude(role="auditor").select_related("user")
    return sorted({(str(row.user_id), row.user.name) for row in rows}, key=lambda each: each[1])


def _controls(model: AIModel) -> list[tuple[str, str]]:
    """Evidence that a control works, as a person reads it."""
    shown = [(each, Piece(each, True).name) for each in waiving.controls_of(model)]
    return [
        (str(each.pk), f"{name}, {date_format(timezone.localtime(each.taken_at), 'SHORT_DATE_FORMAT')}")
        for each, name in shown
    ]


def _crumbs(model: AIModel, ref: str, key: str) -> list[tuple[str, str | None]]:
    return [
        (_("Models"), reverse("models")),
        (str(model), reverse("model", args=[model.pk])),
        (_("Requirements"), reverse("obligations:requirements", args=[model.pk])),
        (ref, reverse("obligations:requirement", args=[model.pk, key])),
        (_("Accept for a time"), None),
    ]
