"""The pages of findings: of one model, and of all models that a reader may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import RuleBroken
from governance.incidents.models import Incident
from governance.inventory.models import AIModel
from governance.inventory.past import as_they_stood
from governance.inventory.registering import crumbs, its_model
from governance.people.asked_day import AsOf, asked, carried
from governance.people.door import Request, found, viewed
from governance.people.models import Membership
from governance.people.rights import may
from monitoring.runs import handling, past
from monitoring.runs.finding_queries import Filter, Told, findings, shown, with_context
from monitoring.runs.forms import HandlingForm
from monitoring.runs.models import Finding, Plan

A_PAGE = 25


@require_GET
@viewed
def of_model(request: Request, model_id: UUID) -> HttpResponse:
    """What monitoring found about one model."""
    model = its_model(request.actor, model_id)
    chosen = _chosen(request)
    as_of = asked(request)
    if as_of:
        [model] = [then.model for then in as_they_stood([model], as_of)]
    context = {
        "model": model,
        "is_planned": Plan.objects.filter(model=model, ended_at=None).exists(),
        "crumbs": carried(crumbs(model, _("Findings")), as_of),
        **_page(request, chosen, model),
    }
    return render(request, "monitoring/runs/findings.html", context)


@require_GET
@viewed
def of_all(request: Request) -> HttpResponse:
    """What monitoring found about every model that the reader may see."""
    chosen = _chosen(request)
    context = {"is_planned": True, **_page(request, chosen)}
    return render(request, "monitoring/runs/findings.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def handle(request: Request, finding_id: UUID) -> HttpResponse:
    """One finding: what it is, who deals with it and until when; for those who answer for the model a form to say so."""
    seen = with_context(Finding.objects.visible_to(request.actor))
    finding: Finding = found(seen, pk=finding_id)
    form = _handling_form(request, finding)
    if request.method == "POST" and form.is_valid() and _is_handled(request, finding, form):
        messages.success(request, _("It is noted who deals with the finding."))
        return redirect("runs:finding", finding.pk)
    context = {
        "each": Told(finding, timezone.localdate()),
        "finding": finding,
        "model": finding.model,
        "form": form,
        "may_handle": finding.closed_at is None and may(request.actor, "finding.handle", finding.model),
        "crumbs": crumbs(finding.model, _("Finding")),
    }
    return render(request, "monitoring/runs/finding.html", context, status=422 if form.errors else 200)


def _handling_form(request: Request, finding: Finding) -> HandlingForm:
    here = Membership.objects.current(timezone.localdate()).filter(organisation_id=finding.organisation_id)
    staff = here.exclude(role="auditor").select_related("user").order_by("user__name")
    people = {str(each.user_id): each.user.name for each in staff}
    if finding.owner is not None:
        people.setdefault(str(finding.owner_id), finding.owner.name)
    open_now = Incident.objects.visible_to(request.actor).open().filter(model_id=finding.model_id)
    incidents = {str(each.pk): f"{each.number} {each.title}" for each in open_now}
    if finding.incident is not None:
        incidents.setdefault(str(finding.incident_id), f"{finding.incident.number} {finding.incident.title}")
    return HandlingForm(
        request.POST if request.method == "POST" else None,
        people=list(people.items()),
        incidents=list(incidents.items()),
        initial={"owner": finding.owner_id, "due_on": finding.due_on, "incident": finding.incident_id},
    )


def _is_handled(request: Request, finding: Finding, form: HandlingForm) -> bool:
    said = form.cleaned_data
    incidents = Incident.objects.visible_to(request.actor)
    incident = found(incidents, pk=said["incident"]) if said["incident"] else None
    try:
        handling.handle(
            by=request.actor,
            finding=finding,
            owner_id=UUID(said["owner"]),
            due_on=said["due_on"],
            incident=incident,
            reason=said["reason"],
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    return True


def _chosen(request: Request) -> Filter:
    return Filter.of(request.GET.get("state", ""), request.GET.get("severity", ""))


def _page(request: Request, chosen: Filter, model: AIModel | None = None) -> dict[str, Any]:
    as_of = asked(request)
    page = Paginator(_found(request, chosen, model, as_of), A_PAGE).get_page(request.GET.get("page"))
    told = shown(page.object_list, as_of.day if as_of else timezone.localdate())
    return {"page": page, "found": told, "chosen": chosen, "as_of": as_of}


def _found(request: Request, chosen: Filter, model: AIModel | None, as_of: AsOf | None) -> Any:
    if as_of:
        return past.findings(request.actor, chosen, as_of.end, model)
    listed = findings(request.actor, chosen)
    return listed.filter(model=model) if model else listed
