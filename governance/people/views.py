"""Coming in, going out, and choosing a language or an organisation to work for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from governance.errors import NotFound
from governance.people import attempts, recognition, services


class SignIn(LoginView):
    template_name = "governance/people/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever failed too often is refused before the password is looked at. Raises TooMany."""
        attempts.refuse_too_many(self._counted())
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        attempts.note_failure(self._counted())
        return super().form_invalid(form)

    def _counted(self) -> attempts.Counted:
        return attempts.sign_in(self.request, self.request.POST.get("username", ""))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        attempts.forget(self._counted())
        wanted = self.request.session.pop("next", None)
        services.sign_in(self.request, user)
        response = redirect(wanted or self.get_success_url())
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:  # what was chosen at the door stays
            remember(response, user.language)
        return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def language(request: HttpRequest, code: str) -> HttpResponse:
    """Switch the language and go back to the page one came from. Changes nothing but a cookie."""
    if code not in dict(settings.LANGUAGES):
        raise NotFound
    response = HttpResponseRedirect(_back(request))
    remember(response, code)
    return response


@require_POST
def work_for(request: HttpRequest) -> HttpResponse:
    """Choose one of the organisations one belongs to. A choice that is not one's own changes nothing."""
    try:
        chosen = UUID(request.POST.get("organisation", ""))
    except ValueError as error:
        raise NotFound from error
    if request.user.is_authenticated and recognition.person(request.user, chosen).organisation_id == chosen:
        request.session[recognition.ORGANISATION_KEY] = str(chosen)
    return redirect(settings.LOGIN_REDIRECT_URL)


def remember(response: HttpResponse, code: str) -> None:
    translation.activate(code)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(came_from)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return reverse(settings.LOGIN_REDIRECT_URL)
