"""Pages of the supervisor: ask the market for returns, and see who has filed. Others get "not found"."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import NotFound, RuleBroken
from governance.filing import campaigns as services
from governance.filing import queries
from governance.filing.forms import CampaignForm
from governance.filing.models import Campaign, Return
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may


def _refuse_strangers(actor: Actor) -> None:
    if not may(actor, "campaign.read", None):
        raise NotFound


@require_GET
@viewed
def campaigns(request: Request) -> HttpResponse:
    """Every campaign, with how many have filed, and the list of those that are overdue."""
    _refuse_strangers(request.actor)
    asked = list(Campaign.objects.visible_to(request.actor))
    progress = queries.progress(asked, timezone.localdate())
    unasked = Return.objects.visible_to(request.actor).filter(campaign=None).defer("rows")
    context = {
        "progress": progress,
        "overdue": [
            (each.campaign, answer) for each in progress if each.campaign.is_open for answer in each.overdue
        ],
        "unasked": unasked.select_related("organisation")[:50],
    }
    return render(request, "governance/filing/campaigns.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def open_campaign(request: Request) -> HttpResponse:
    """Ask every participant for a return."""
    _refuse_strangers(request.actor)
    form = CampaignForm(request.POST if request.method == "POST" else None)
    opened = _opened(request, form) if form.is_valid() else None
    if opened is not None:
        messages.success(request, _("The campaign is open: every participant sees it now."))
        return redirect("returns:campaign", opened.pk)
    context = {
        "form": form,
        "crumbs": [(_("Campaigns"), reverse("returns:campaigns")), (_("Open a campaign"), None)],
    }
    status = 422 if form.errors else 200
    return render(request, "governance/filing/open_campaign.html", context, status=status)


def _opened(request: Request, form: CampaignForm) -> Campaign | None:
    home = Organisation.objects.visible_to(request.actor)
    sent = form.cleaned_data
    try:
        return services.open_campaign(
            by=request.actor,
            organisation=found(home, pk=request.actor.organisation_id),
            titles=form.titles,
            **{name: sent[name] for name in ("starts_on", "ends_on", "due_on", "edition")},
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return None


@require_GET
@viewed
def campaign(request: Request, campaign_id: UUID) -> HttpResponse:
    """One campaign: who has filed, in time or late, and who has not."""
    _refuse_strangers(request.actor)
    asked = found(Campaign.objects.visible_to(request.actor), pk=campaign_id)
    [progress] = queries.progress([asked], timezone.localdate())
    context = {
        "campaign": asked,
        "progress": progress,
        "may_close": may(request.actor, "campaign.open", asked) and asked.is_open,
        "crumbs": [(_("Campaigns"), reverse("returns:campaigns")), (asked.title, None)],
    }
    return render(request, "governance/filing/campaign.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def close(request: Request, campaign_id: UUID) -> HttpResponse:
    """Take no more returns for a campaign."""
    _refuse_strangers(request.actor)
    asked = found(Campaign.objects.visible_to(request.actor), pk=campaign_id)
    if request.method == "POST":
        services.close_campaign(by=request.actor, campaign=asked)
        messages.success(request, _("The campaign is closed. What was filed can still be corrected."))
        return redirect("returns:campaign", asked.pk)
    [progress] = queries.progress([asked], timezone.localdate())
    context = {
        "campaign": asked,
        "progress": progress,
        "crumbs": [
            (_("Campaigns"), reverse("returns:campaigns")),
            (asked.title, reverse("returns:campaign", args=[asked.pk])),
            (_("Close the campaign"), None),
        ],
    }
    return render(request, "governance/filing/close_campaign.html", context)
