"""The pages of audits: for those who let auditors in, and for the auditors."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audits.engagements import queries, services
from audits.engagements.forms import EndForm, EngagementForm
from audits.engagements.models import Engagement
from governance.errors import RuleBroken
from governance.inventory.models import AIModel
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require


@require_GET
@viewed
def engagements(request: Request) -> HttpResponse:
    """Audits of one's own organisation: planned, under way, ended."""
    organisation = _home(request.actor)
    require(request.actor, "engagement.see", organisation)
    rows = Engagement.objects.visible_to(request.actor).filter(organisation=organisation)
    shown = queries.shown(rows.prefetch_related("visits__user")[:100], request.actor, timezone.localdate())
    may_open = may(request.actor, "engagement.open", organisation)
    return render(request, "audits/engagements/engagements.html", {"shown": shown, "may_open": may_open})


@require_http_methods(["GET", "POST"])
@viewed
def open_one(request: Request) -> HttpResponse:
    """Name the auditors, the days and the models."""
    organisation = _home(request.actor)
    require(request.actor, "engagement.open", organisation)
    models = AIModel.objects.visible_to(request.actor).filter(organisation=organisation)
    today = {"starts_on": timezone.localdate(), "language": request.LANGUAGE_CODE[:2]}
    form = EngagementForm(request.POST or None, models=models, initial=today)
    if request.method == "POST" and form.is_valid():
        given = {
            key: form.cleaned_data[key]
            for key in ("auditors", "starts_on", "ends_on", "purpose", "firm", "language")
        }
        try:
            opened = services.open_engagement(
                by=request.actor, organisation=organisation, models=form.scope(), **given
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The audit is open. Each auditor gets a letter."))
            return redirect("engagements:engagement", opened.pk)
    context = {"form": form, "crumbs": _crumbs(_("Open an audit"))}
    return render(request, "audits/engagements/open.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@viewed
def engagement(request: Request, engagement_id: UUID) -> HttpResponse:
    """One audit: who comes, what they see, which packs they ordered. Sending the form ends it now."""
    rows = Engagement.objects.visible_to(request.actor).select_related("opened_by", "ended_by")
    one = found(rows.prefetch_related("visits__user"), pk=engagement_id)
    require(request.actor, "engagement.see", one)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.end_now(by=request.actor, engagement=one, reason=form.cleaned_data["reason"])
        messages.success(request, _("The audit has ended. The auditors see nothing any more."))
        return redirect("engagements:engagement", one.pk)
    shown = queries.shown([one], request.actor, timezone.localdate())[0]
    context = {"shown": shown, "form": form, "crumbs": _crumbs(one.number)}
    return render(request, "audits/engagements/engagement.html", context, status=422 if form.errors else 200)


@require_GET
@viewed
def visits(request: Request) -> HttpResponse:
    """What an auditor may see today: whose door is open, and behind the one they stand in, the models in scope."""
    actor = request.actor
    mine = (
        Engagement.objects.visible_to(actor).of(actor.user_id).filter(organisation_id=actor.organisation_id)
    )
    today = timezone.localdate()
    running = mine.running(today).prefetch_related("visits__user")
    context = {
        "doors": queries.doors(actor),
        "shown": queries.shown(running, actor, today),
        "models": AIModel.objects.visible_to(actor).filter(organisation_id=actor.organisation_id),
    }
    return render(request, "audits/engagements/visits.html", context)


def _home(actor: Actor) -> Organisation:
    organisation: Organisation = found(Organisation.objects.visible_to(actor), pk=actor.organisation_id)
    return organisation


def _crumbs(here: object) -> list[tuple[object, str | None]]:
    return [(_("Audits"), reverse("engagements:engagements")), (here, None)]
