"""The page on which the second line says why a check does not apply, or that it applies after all."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from governance.errors import NotFound
from governance.inventory.forms import RefusableForm
from governance.inventory.registering import crumbs
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.checks import CHECKS
from monitoring.data.models import Dataset
from monitoring.runs import plans, services, set_aside
from monitoring.runs.models import Plan


class ReasonForm(RefusableForm):
    """Why the check does not apply, or why it does after all."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Auditors read it, with your name and the date."),
    )


@require_http_methods(["GET", "POST"])
@viewed
def not_applicable(request: Request, dataset_id: UUID, check_key: str) -> HttpResponse:
    """Accept a reason, or take the one that stands back."""
    dataset = found(Dataset.objects.visible_to(request.actor).select_related("model"), pk=dataset_id)
    require(request.actor, "check.not_applicable", dataset.model)
    check = CHECKS.get(check_key)
    if check is None or not plans.waits_for_a_reason(check, dataset):
        raise NotFound
    accepted = set_aside.standing(dataset, check_key)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if accepted:
            services.end_not_applicable(by=request.actor, accepted=accepted, reason=reason)
            messages.success(request, _("The check is asked for again."))
        else:
            plan = Plan.objects.filter(dataset=dataset, check_key=check_key, ended_at=None).first()
            plan = plan or services.set_plan(by=request.actor, dataset=dataset, check_key=check_key)
            services.accept_not_applicable(by=request.actor, plan=plan, reason=reason)
            messages.success(request, _("The reason is recorded."))
        return redirect("runs:checks", dataset.model_id)
    context = {
        "form": form,
        "accepted": accepted,
        "check": check,
        "dataset": dataset,
        "model": dataset.model,
        "crumbs": crumbs(dataset.model, check.title),
    }
    return render(request, "monitoring/runs/not_applicable.html", context, status=422 if form.errors else 200)
