"""The account of the person who is signed in: name, language, mail, password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.people import services
from governance.people.door import Request, found, viewed
from governance.people.models import Membership, User
from governance.people.views import remember


class ProfileForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("Pages and messages come in this language, on every device."),
    )
    wants_mail = forms.BooleanField(
        label=gettext_lazy("Send my messages by e-mail, too"),
        required=False,
        help_text=gettext_lazy("Every message stands under “Messages” in any case."),
    )


class PasswordForm(forms.Form):
    """Errors of the service are shown beside its fields."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=gettext_lazy(
            "At least 12 characters. Several words that you remember are better than signs."
        ),
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "new" in said and "again" in said and said["new"] != said["again"]:
            self.add_error("again", _("The two passwords differ."))
        return said


@require_http_methods(["GET", "POST"])
@viewed
def profile(request: Request) -> HttpResponse:
    user: User = found(User.objects.all(), pk=request.actor.user_id)
    kept = {"name": user.name, "language": user.language, "wants_mail": user.wants_mail}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        user = services.change_profile(by=request.actor, **form.cleaned_data)
        response = redirect("profile")
        remember(response, user.language)
        with translation.override(user.language):
            messages.success(request, _("Your account is saved."))
        return response
    roles = Membership.objects.visible_to(request.actor).filter(user=user, ends_on=None).order_by("role")
    context = {"form": form, "account": user, "roles": roles}
    status = 422 if form.errors else 200
    return render(request, "governance/desk/profile.html", context, status=status)


@require_http_methods(["GET", "POST"])
@viewed
def password(request: Request) -> HttpResponse:
    """Choose a new password, knowing the present one. This session goes on, all others end."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            user = services.change_password(by=request.actor, old=said["old"], new=said["new"])
        except RuleBroken as refusal:
            for problem in refusal.problems:
                form.add_error(str(problem.where), str(problem.what))
        else:
            update_session_auth_hash(request, user)
            messages.success(
                request, _("The password is changed. Everywhere else you have to sign in again.")
            )
            return redirect("profile")
    status = 422 if form.errors else 200
    return render(request, "governance/desk/password.html", {"form": form}, status=status)
