"""Pages of a participant: what it is asked for, the return filled in from the register, and what it has filed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import NotFound, RuleBroken
from governance.filing import queries, services, telling
from governance.filing.forms import PeriodForm, SignForm, WithdrawForm
from governance.filing.models import Campaign, Return
from governance.filing.occasion import Occasion
from governance.filing.preparing import Prepared, prepare
from governance.people.actor import ALL
from governance.people.door import Request, found, viewed
from governance.people.models import Kind, Organisation
from governance.people.rights import may, require


@require_GET
@viewed
def returns(request: Request) -> HttpResponse:
    """What the supervisor asks for, and everything that was filed."""
    home = _home(request)
    filed = Return.objects.visible_to(request.actor).defer("rows").select_related("campaign", "organisation")
    is_asked = home.kind == Kind.PARTICIPANT
    context = {
        "asked": queries.asked_of(home.pk, timezone.localdate()) if is_asked else [],
        "returns": filed,
        "across": request.actor.reads == ALL,
        "may_file": may(request.actor, "return.file", home),
        "may_report": may(request.actor, "board.report", home),
        "form": PeriodForm(),
    }
    return render(request, "governance/filing/returns.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def file(request: Request) -> HttpResponse:
    """Check the list that the register has filled in, and sign. What it is for stands in the query."""
    return _sign(request, _occasion(request))


@require_http_methods(["GET", "POST"])
@viewed
def correct(request: Request, return_id: UUID) -> HttpResponse:
    """The same for a return that was filed already; the former one is kept."""
    former = found(Return.objects.visible_to(request.actor), pk=return_id)
    require(request.actor, "return.file", former)
    return _sign(request, Occasion.correcting(former))


def _sign(request: Request, occasion: Occasion) -> HttpResponse:
    home = _home(request)
    require(request.actor, "return.file", home)
    prepared = prepare(home, occasion)
    initial = prepared.initial(request.actor.name)
    form = SignForm(request.POST if request.method == "POST" else None, prepared=prepared, initial=initial)
    signed = _signed(request, home, occasion, form) if form.is_valid() else None
    if signed is not None:
        words = _("The return is filed under %(number)s.") % {"number": signed.acknowledgement}
        messages.success(request, words)
        return redirect("returns:return", signed.pk)
    status = 422 if form.errors else 200
    return render(request, "governance/filing/file.html", _shown(prepared, form), status=status)


def _signed(request: Request, home: Organisation, occasion: Occasion, form: SignForm) -> Return | None:
    try:
        return services.file(by=request.actor, organisation=home, occasion=occasion, said=form.said)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return None


def _shown(prepared: Prepared, form: SignForm) -> dict[str, Any]:
    here = _("Correct the return") if prepared.occasion.corrects else _("File the return")
    return {
        "prepared": prepared,
        "occasion": prepared.occasion,
        "rows": telling.spoken(prepared.rows),
        "moved": telling.moved(prepared.changes),
        "form": form,
        "crumbs": [(_("Returns"), reverse("returns:returns")), (here, None)],
    }


@require_GET
@viewed
def filed(request: Request, return_id: UUID) -> HttpResponse:
    """One return as it was signed, with its receipt."""
    everything = Return.objects.visible_to(request.actor)
    shown = found(everything.select_related("campaign", "organisation", "corrects"), pk=return_id)
    context = {
        "filed": shown,
        "rows": telling.spoken(shown.rows),
        "correction": everything.filter(corrects=shown).first(),
        "may_file": may(request.actor, "return.file", shown) and shown.is_standing,
        "crumbs": [(_("Returns"), reverse("returns:returns")), (shown.number, None)],
    }
    return render(request, "governance/filing/return.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw(request: Request, return_id: UUID) -> HttpResponse:
    """Take a mistaken return back, with a reason."""
    mistaken = found(Return.objects.visible_to(request.actor), pk=return_id)
    require(request.actor, "return.file", mistaken)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.withdraw(by=request.actor, filed=mistaken, reason=form.cleaned_data["reason"])
        messages.success(request, _("The return is withdrawn; it stays on record."))
        return redirect("returns:return", mistaken.pk)
    context = {
        "filed": mistaken,
        "form": form,
        "crumbs": [(_("Returns"), reverse("returns:returns")), (mistaken.number, None)],
    }
    return render(request, "governance/filing/withdraw.html", context, status=422 if form.errors else 200)


def _home(request: Request) -> Organisation:
    return found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)


def _occasion(request: Request) -> Occasion:
    """A campaign, or a period of one's own. Raises NotFound for a query that names neither, RuleBroken."""
    if "campaign" in request.GET:
        asked = Campaign.objects.visible_to(request.actor)
        return Occasion.asked_by(found(asked, pk=request.GET["campaign"]))
    try:
        starts_on = date.fromisoformat(request.GET.get("starts_on", ""))
        ends_on = date.fromisoformat(request.GET.get("ends_on", ""))
    except ValueError as unreadable:
        raise NotFound from unreadable
    problems = services.problems_of_period(starts_on, ends_on)
    if problems:
        raise RuleBroken(problems=problems)
    return Occasion(starts_on, ends_on)
