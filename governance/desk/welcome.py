"""The pages of people who cannot sign in yet: a forgotten password, a first one."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, RuleBroken
from governance.people import attempts, recognition, services
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation, User
from governance.post import services as post


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not somebody has this address. Raises TooMany."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        counted = attempts.letter(request, form.cleaned_data["email"])
        attempts.refuse_too_many(counted)
        attempts.note_failure(counted)
        send_link(form.cleaned_data["email"].strip().lower())
        return redirect("password-reset-done")
    return render(request, "governance/people/password_reset.html", {"form": form})


def send_link(email: str) -> None:
    """Write the mail with the link, if the address is one of ours and its person belongs to an organisation."""
    with viewing(Actor.nobody(), person=email):
        user = User.objects.filter(email=email, is_active=True).first()
    organisation_id = recognition.person(user).organisation_id if user else None
    if user is None or organisation_id is None:
        return
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = reverse("password-reset-confirm", args=[uid, default_token_generator.make_token(user)])
    with acting(Actor.system("front door", organisation_id), "password.link_sent"):
        post.send(
            organisation_id=organisation_id, to=user, key="password_link", context={}, link=link, shown=False
        )


def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "governance/people/password_reset_done.html")


def choose(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    user = _recognised(uidb64, token)
    if user is None:
        return render(request, "governance/people/password_reset_confirm.html", {"validlink": False})
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(user=user, password=form.cleaned_data["new_password1"])
        return redirect("password-reset-complete")
    return render(request, "governance/people/password_reset_confirm.html", {"form": form, "validlink": True})


def _recognised(uidb64: str, token: str) -> User | None:
    try:
        user = recognition.Backend().get_user(urlsafe_base64_decode(uidb64).decode())
    except (ValueError, forms.ValidationError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None


def done(request: HttpRequest) -> HttpResponse:
    return render(request, "governance/people/password_reset_complete.html")


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """An invited person chooses a first password and is inside."""
    try:
        user, organisation = services.invited(secret=secret)
    except NotFound:
        return render(request, "governance/people/invitation_closed.html", status=404)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_in(
                request, services.accept(secret=secret, password=form.cleaned_data["new_password1"])
            )
            return redirect(settings.LOGIN_REDIRECT_URL)
        except RuleBroken as refusal:
            form.add_error("new_password1", [str(problem.what) for problem in refusal.problems])
    shown = {"email": user.email, "organisation_name": organisation.name}
    return render(request, "governance/people/invitation.html", {"form": form, "invitation": shown})


def send_invitation(*, organisation: Organisation, to: User, secret: str) -> None:
    """Write the mail that lets a new person in. Call it inside the `acting` that invited them."""
    post.send(
        organisation_id=organisation.pk,
        to=to,
        key="invitation",
        context={"organisation": organisation},
        link=reverse("invitation", args=[secret]),
        shown=False,
    )
