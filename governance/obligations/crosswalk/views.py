"""The pages of the crosswalk: every group with its progress, one group to confirm, one confirmation to take back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import NotFound, RuleBroken
from governance.obligations.crosswalk import queries, services
from governance.obligations.crosswalk.forms import ConfirmForm, RevokeForm
from governance.obligations.crosswalk.models import Confirmation
from governance.obligations.crosswalk.themes import Theme, edition, themes
from governance.obligations.lines import kind_name
from governance.obligations.models import Obligation
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require


@require_GET
@viewed
def crosswalk(request: Request) -> HttpResponse:
    """Every group that concerns the organisation, and how many of its members are confirmed."""
    home = _home(request.actor)
    context = {
        "groups": queries.progress(home.pk),
        "edition": edition(),
        "may_confirm": may(request.actor, "crosswalk.confirm", home),
        "crumbs": [(_("Crosswalk"), None)],
    }
    return render(request, "governance/obligations/crosswalk.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def group(request: Request, group: str) -> HttpResponse:
    """One group: which requirements the proposed piece is to answer; a POST confirms those that are ticked."""
    home = _home(request.actor)
    theme = themes().get(group)
    if theme is None:
        raise NotFound
    may_confirm = may(request.actor, "crosswalk.confirm", home)
    members = queries.members_of(home.pk, theme)
    waiting = [each for each in members if each.confirmation is None]
    form = ConfirmForm(request.POST if request.method == "POST" else None, open_members=waiting)
    if request.method == "POST":
        require(request.actor, "crosswalk.confirm", home)
        if form.is_valid() and _confirmed(request, home, theme, form):
            return redirect("obligations:crosswalk-group", theme.id)
    context = {
        "theme": theme,
        "kinds": [kind_name(kind) for kind in theme.evidence],
        "waiting": waiting,
        "confirmed": [each for each in members if each.confirmation is not None],
        "form": form if may_confirm else None,
        "may_confirm": may_confirm,
        "crumbs": _crumbs(theme.title),
    }
    status = 422 if form.errors else 200
    return render(request, "governance/obligations/crosswalk_group.html", context, status=status)


def _confirmed(request: Request, home: Organisation, theme: Theme, form: ConfirmForm) -> bool:
    try:
        made = services.confirm(
            by=request.actor, organisation=home, group=theme.id, members=form.cleaned_data["members"]
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    said = ngettext("%(count)s requirement is confirmed.", "%(count)s requirements are confirmed.", len(made))
    messages.success(request, said % {"count": len(made)})
    return True


@require_http_methods(["GET", "POST"])
@viewed
def revoke(request: Request, confirmation_id: UUID) -> HttpResponse:
    """Take a confirmation back, with a reason."""
    its = found(Confirmation.objects.visible_to(request.actor).standing(), pk=confirmation_id)
    require(request.actor, "crosswalk.confirm", its)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke(by=request.actor, confirmation=its, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The confirmation is taken back."))
            return redirect("obligations:crosswalk-group", its.group)
    context = {
        "form": form,
        "confirmation": its,
        "obligation": Obligation.objects.filter(key=its.member).order_by("-framework__edition").first(),
        "crumbs": _crumbs(_("Take a confirmation back")),
    }
    status = 422 if form.errors else 200
    return render(request, "governance/obligations/revoke_confirmation.html", context, status=status)


def _home(actor: Actor) -> Organisation:
    """The organisation one works for. Raises NotFound."""
    home: Organisation = found(Organisation.objects.visible_to(actor), pk=actor.organisation_id)
    return home


def _crumbs(here: str) -> list[tuple[str, str | None]]:
    return [(_("Crosswalk"), reverse("obligations:crosswalk")), (here, None)]
