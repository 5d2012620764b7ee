"""What an administrator of an organisation does: people with their roles, and the tokens of its CI."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from governance.desk.welcome import send_invitation
from governance.errors import OutOfOrder
from governance.inventory.handing_over import ownerless
from governance.inventory.models import AIModel
from governance.people import services
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import ApiToken, Membership, Organisation, Role
from governance.people.rights import SCOPES, require

SCOPE_WORDS = {
    "models:read": _("read models"),
    "models:write": _("register models, versions and documents"),
    "windows:write": _("hand in data periods and start checks"),
    "approvals:request": _("ask the committee"),
    "gate:read": _("ask for the deployment permission"),
    "oversight:write": _("write into the log of human oversight"),
}


class InvitationForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses it, for example “CI of scoring”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=366, initial=90)


def _home(actor: Actor) -> Organisation:
    organisation: Organisation = found(Organisation.objects.visible_to(actor), pk=actor.organisation_id)
    require(actor, "member.invite", organisation)
    return organisation


@viewed
def people(request: Request) -> HttpResponse:
    organisation = _home(request.actor)
    members = Membership.objects.visible_to(request.actor).filter(organisation=organisation)
    members = members.select_related("user").order_by("ends_on", "user__name", "role")
    today = timezone.localdate()
    models = AIModel.objects.filter(organisation=organisation)
    context = {"members": members, "today": today, "ownerless": ownerless(models, today)}
    return render(request, "governance/desk/people.html", context)


@viewed
def invite(request: Request) -> HttpResponse:
    organisation = _home(request.actor)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request.actor, organisation, form)
        except OutOfOrder as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role is given. A new person gets a letter with a link."))
            return redirect("people")
    return render(request, "governance/desk/invite.html", {"form": form}, status=422 if form.errors else 200)


def _invite(actor: Actor, organisation: Organisation, form: forms.Form) -> None:
    with acting(actor, "member.invited", person=form.cleaned_data["email"].strip().lower()):
        membership, secret = services.invite(by=actor, organisation=organisation, **form.cleaned_data)
        if secret:
            send_invitation(organisation=organisation, to=membership.user, secret=secret)


@viewed
def tokens(request: Request) -> HttpResponse:
    organisation = _home(request.actor)
    issued = ApiToken.objects.visible_to(request.actor).filter(organisation=organisation)
    issued = issued.select_related("issued_by").order_by("-issued_at")
    for token in issued:
        token.may = [SCOPE_WORDS.get(scope, scope) for scope in token.scopes]
    context = {"tokens": issued, "now": timezone.now()}
    return render(request, "governance/desk/tokens.html", context)


@viewed
def issue(request: Request) -> HttpResponse:
    organisation = _home(request.actor)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token, secret = services.issue_token(by=request.actor, organisation=organisation, **form.cleaned_data)
        response = render(request, "governance/desk/token_issued.html", {"token": token, "secret": secret})
        response["Cache-Control"] = "no-store"
        return response
    status = 422 if form.errors else 200
    return render(request, "governance/desk/issue_token.html", {"form": form}, status=status)


@viewed
@require_POST
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    token = found(ApiToken.objects.visible_to(request.actor), pk=token_id)
    services.revoke_token(by=request.actor, token=token)
    return redirect("tokens")
