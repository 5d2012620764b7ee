"""The pages of the organisation's papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.errors import RuleBroken
from governance.inventory.forms import ReviewForm, WithdrawForm, sent
from governance.inventory.kinds import KINDS, names_of
from governance.inventory.reviewed import standing, state_of
from governance.obligations.house import queries, services
from governance.obligations.house.forms import HousePaperForm
from governance.obligations.house.kinds import asked
from governance.obligations.house.models import HousePaper, HouseRevision
from governance.people.actor import ALL
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require
from governance.store.serving import download

FOLDER = "governance/obligations/house"


@require_GET
@viewed
def papers(request: Request) -> HttpResponse:
    """What the organisation hands in once for all of its models."""
    home = its_home(request)
    context = {
        "papers": queries.papers(request.actor),
        "across": request.actor.reads == ALL,
        "may_add": may(request.actor, "house_paper.add", home),
    }
    return render(request, f"{FOLDER}/papers.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def add(request: Request) -> HttpResponse:
    """A new paper. `?kind=` ticks one kind beforehand: pages that ask for evidence link here with it."""
    wanted = request.GET.get("kind", "").removeprefix("document:")
    initial = {"kinds": [wanted], "title": KINDS[wanted]} if wanted in KINDS else {}
    return _paper_page(request, its_home(request), None, initial)


@require_http_methods(["GET", "POST"])
@viewed
def revise(request: Request, paper_id: UUID) -> HttpResponse:
    """The next revision of a paper."""
    paper = found(HousePaper.objects.visible_to(request.actor).select_related("organisation"), pk=paper_id)
    last = paper.revisions.order_by("-number")[0]
    return _paper_page(request, paper.organisation, paper, {"title": paper.title, "kinds": last.kinds})


def _paper_page(
    request: Request, home: Organisation, paper: HousePaper | None, initial: dict[str, Any]
) -> HttpResponse:
    require(request.actor, "house_paper.add", home)
    form = HousePaperForm(*sent(request), initial=initial, asked=asked())
    if form.is_valid():
        try:
            revision = services.hand_in(by=request.actor, organisation=home, said=form.said, paper=paper)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It is handed in. It counts once a second person has accepted it."))
            return redirect("house:paper", revision.paper_id)
    here = paper.title if paper else _("New paper")
    context = {"form": form, "paper": paper, "home": home, "crumbs": crumbs(here)}
    return render(request, f"{FOLDER}/add.html", context, status=422 if form.errors else 200)


@require_GET
@viewed
def paper(request: Request, paper_id: UUID) -> HttpResponse:
    """Every revision of a paper, with what became of it."""
    its = found(HousePaper.objects.visible_to(request.actor).select_related("organisation"), pk=paper_id)
    people = ("uploaded_by", "reviewed_by", "signed_by", "withdrawn_by")
    revisions = list(its.revisions.select_related(*people))
    today = timezone.localdate()
    counting = standing(revisions, today)
    context = {
        "paper": its,
        "kinds": names_of(counting or revisions[0]),
        "revisions": [(each, state_of(each, counting, today), _steps(request, each)) for each in revisions],
        "may_add": may(request.actor, "house_paper.add", its.organisation),
        "crumbs": crumbs(its.title),
    }
    return render(request, f"{FOLDER}/paper.html", context)


def _steps(request: Request, revision: HouseRevision) -> dict[str, bool]:
    """What the reader may do with a revision now."""
    return {
        "review": revision.awaits_review and may(request.actor, "house_paper.review", revision),
        "sign": services.may_be_signed(revision) and may(request.actor, "house_paper.sign", revision),
        "withdraw": revision.withdrawn_at is None and may(request.actor, "house_paper.withdraw", revision),
    }


@require_http_methods(["GET", "POST"])
@viewed
def review(request: Request, house_revision_id: UUID) -> HttpResponse:
    """A second person reads the file and accepts it, or sends it back."""
    revision = _revision(request, house_revision_id)
    require(request.actor, "house_paper.review", revision)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.review(by=request.actor, revision=revision, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your review is on record."))
            return redirect("house:paper", revision.paper_id)
    context = {
        "form": form,
        "revision": revision,
        "kinds": names_of(revision),
        "crumbs": crumbs(revision.paper.title),
    }
    return render(request, f"{FOLDER}/review.html", context, status=422 if form.errors else 200)


@require_POST
@viewed
def sign(request: Request, house_revision_id: UUID) -> HttpResponse:
    """A member of the committee approves what the paper says."""
    revision = _revision(request, house_revision_id)
    require(request.actor, "house_paper.sign", revision)
    services.sign(by=request.actor, revision=revision)
    messages.success(request, _("Your approval is on record."))
    return redirect("house:paper", revision.paper_id)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw(request: Request, house_revision_id: UUID) -> HttpResponse:
    """Take a paper back that was handed in by mistake."""
    revision = _revision(request, house_revision_id)
    require(request.actor, "house_paper.withdraw", revision)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.withdraw(by=request.actor, revision=revision, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The revision no longer counts."))
            return redirect("house:paper", revision.paper_id)
    context = {"form": form, "revision": revision, "crumbs": crumbs(_("Withdraw a revision"))}
    return render(request, f"{FOLDER}/withdraw.html", context, status=422 if form.errors else 200)


@viewed
def file(request: Request, house_revision_id: UUID) -> Any:
    """The stored file, verified, as a download: never shown inside our own pages."""
    revision = _revision(request, house_revision_id)
    return download(
        revision.organisation_id, revision.sha256, name=revision.file_name, media_type=revision.media_type
    )


def _revision(request: Request, key: UUID) -> HouseRevision:
    rows: QuerySet[HouseRevision] = HouseRevision.objects.visible_to(request.actor)
    return found(rows.select_related("paper", "organisation", "uploaded_by"), pk=key)


def its_home(request: Request) -> Organisation:
    return found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)


def crumbs(here: str) -> list[tuple[str, str | None]]:
    return [(_("Papers of the organisation"), reverse("house:papers")), (here, None)]
