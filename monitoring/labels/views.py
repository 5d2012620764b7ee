"""The page of the outcomes of a data period: how much is known, what came when, and the form that takes in more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.registering import crumbs
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from monitoring.data.models import Window
from monitoring.labels import queries, services
from monitoring.labels.forms import LabelsForm, WithdrawalForm
from monitoring.labels.models import Labels
from monitoring.labels.rules import problems_of
from monitoring.refusals import services as refusals

REFUSED = 422


@require_http_methods(["GET", "POST"])
@viewed
def labels(request: Request, window_id: UUID) -> HttpResponse:
    """Outcomes that do not fit the data period are refused with every row named."""
    window = found(Window.objects.visible_to(request.actor).select_related("model", "dataset"), pk=window_id)
    more: dict[str, Any] = {}
    form = LabelsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            with refusals.noted(request.actor):
                taken = services.add(by=request.actor, window=window, file=file, file_name=file.name)
        except RuleBroken as refusal:
            form.refuse(refusal)
            more = refusals.report_of(refusal)
        else:
            messages.success(request, _taken_in(taken.fresh))
            return redirect("labels:labels", window.pk)
    context = {
        "window": window,
        "model": window.model,
        "form": form,
        "known": queries.known(window),
        "deliveries": queries.deliveries(window),
        "hindrances": problems_of(window),
        "may_add": may(request.actor, "labels.add", window.model),
        "may_withdraw": may(request.actor, "labels.withdraw", window.model),
        "crumbs": crumbs(window.model, _("Outcomes")),
        **more,
    }
    return render(request, "monitoring/labels/labels.html", context, status=REFUSED if form.errors else 200)


def _taken_in(fresh: int) -> str:
    said = ngettext(
        "The outcome of %(count)s row became known. The checks that need it are asked by themselves.",
        "The outcomes of %(count)s rows became known. The checks that need them are asked by themselves.",
        fresh,
    )
    return said % {"count": fresh}


@require_http_methods(["GET", "POST"])
@viewed
def withdraw(request: Request, labels_id: UUID) -> HttpResponse:
    """Ask for the reason, then withdraw the latest outcomes of a data period."""
    rows = Labels.objects.visible_to(request.actor).select_related("model", "window")
    delivered = found(rows, pk=labels_id)
    require(request.actor, "labels.withdraw", delivered.model)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.withdraw(by=request.actor, labels=delivered, reason=form.cleaned_data["reason"])
        messages.success(request, _("The outcomes are withdrawn."))
        return redirect("labels:labels", delivered.window_id)
    context = {
        "form": form,
        "delivered": delivered,
        "model": delivered.model,
        "crumbs": crumbs(delivered.model, _("Withdraw outcomes")),
    }
    return render(request, "monitoring/labels/withdraw.html", context, status=REFUSED if form.errors else 200)
