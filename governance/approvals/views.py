"""The committee's pages: what lies before it, and one request with everything that is decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.approvals import queries, reading, services
from governance.approvals.forms import ConditionForm, RecommendForm, VoteForm
from governance.approvals.models import ApprovalRequest
from governance.approvals.route import load
from governance.approvals.standing import grounds
from governance.approvals.words import environment, ground
from governance.errors import RuleBroken
from governance.people.actor import ALL, Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import may


@require_safe
@viewed
def committee(request: Request) -> HttpResponse:
    context = {
        "agenda": queries.agenda(request.actor),
        "quorum": load().committee.quorum,
        "across": request.actor.reads == ALL,
    }
    return render(request, "governance/approvals/committee.html", context)


@require_safe
@viewed
def request_page(request: Request, request_id: UUID) -> HttpResponse:
    return _page(request, _asked(request, request_id))


@require_POST
@viewed
def vote(request: Request, request_id: UUID) -> HttpResponse:
    asked = _asked(request, request_id)
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            services.vote(by=request.actor, request=asked, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your vote is on record."))
            return redirect("approvals:request", asked.pk)
    return _page(request, asked, vote_form=form)


@require_POST
@viewed
def recommend(request: Request, request_id: UUID) -> HttpResponse:
    asked = _asked(request, request_id)
    form = RecommendForm(request.POST)
    if form.is_valid():
        try:
            services.recommend(by=request.actor, request=asked, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your recommendation is before the committee."))
            return redirect("approvals:request", asked.pk)
    return _page(request, asked, recommend_form=form)


@require_POST
@viewed
def add_condition(request: Request, request_id: UUID) -> HttpResponse:
    asked = _asked(request, request_id)
    form = ConditionForm(request.POST)
    if form.is_valid():
        try:
            services.add_condition(by=request.actor, request=asked, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The condition is before the committee."))
            return redirect("approvals:request", asked.pk)
    return _page(request, asked, condition_form=form)


@require_POST
@viewed
def withdraw(request: Request, request_id: UUID) -> HttpResponse:
    asked = _asked(request, request_id)
    services.withdraw(by=request.actor, request=asked)
    messages.success(request, _("The request is withdrawn. You can ask anew."))
    return redirect("approvals:request", asked.pk)


def _asked(request: Request, request_id: UUID) -> ApprovalRequest:
    return found(queries.of(request.actor), pk=request_id)


def _page(request: Request, asked: ApprovalRequest, **forms: Any) -> HttpResponse:
    """The page of a request; forms that were sent and refused take the place of empty ones."""
    actor = request.actor
    changed = [ground(each) for each in grounds(asked.manifest, asked.version)] if asked.is_open else []
    context = {
        "asked": asked,
        "environment": environment(asked.environment),
        "manifest": asked.manifest,
        "reading": reading.read(asked.manifest),
        "timeline": queries.timeline(asked),
        "route": load(asked.route),
        "blocking": load(asked.route).blocking_ids,
        "changed": changed,
        "why_not": _why_not(actor, asked, bool(changed)),
        "may_withdraw": asked.is_open and may(actor, "approval.withdraw", asked),
        "vote_form": VoteForm(initial={"shown": asked.manifest_sha256}),
        "recommend_form": RecommendForm() if _may_speak(actor, "approval.recommend", asked) else None,
        "condition_form": ConditionForm() if _may_speak(actor, "approval.condition", asked) else None,
        "crumbs": [(_("Committee"), reverse("approvals:committee")), (asked.manifest["model"]["name"], "")],
        **forms,
    }
    return render(request, "governance/approvals/request.html", context)


def _may_speak(actor: Actor, right: str, asked: ApprovalRequest) -> bool:
    return asked.is_open and may(actor, right, asked)


def _why_not(actor: Actor, asked: ApprovalRequest, changed: bool) -> str:
    """Why this reader cannot vote on this request now; empty when they can."""
    if not asked.is_open:
        return _("This request is no longer open.")
    if changed:
        return _("What is decided on has changed, so nobody can vote on it any more.")
    if asked.requested_by_id == actor.user_id:
        return _("You asked for this approval yourself; others decide on it (four eyes).")
    if any(each.by_id == actor.user_id for each in asked.votes.all()):
        return _("You have already voted on this request.")
    if not may(actor, "approval.vote", asked):
        return _("Only members of the risk committee of this organisation vote.")
    return ""
