"""How a refusal looks in three languages: what happened, what to do, and nothing of what was asked for."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import translation

from governance.config import refusing
from governance.errors import NotAllowed, OutOfOrder, RuleBroken, TooMany, Unavailable

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


def broken(request):
    raise ZeroDivisionError("a secret in the message")


def refuses(refusal):
    def view(request):
        raise refusal

    return view


urlpatterns = [
    path("403/", refuses(NotAllowed())),
    path("409/", refuses(OutOfOrder("The step was taken already."))),
    path("422/", refuses(RuleBroken())),
    path("429/", refuses(TooMany(wait=61))),
    path("503/", refuses(Unavailable())),
    path("500/", broken),
    path("ok/", lambda request: HttpResponse("ok")),
    path("", include("governance.config.urls")),
]
handler404, handler403, handler500 = refusing.not_found, refusing.forbidden, refusing.broken


@pytest.fixture
def visitor(owner) -> Client:
    from tests.factories import sign_in

    return sign_in(Client(raise_request_exception=False), owner)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("status", "title"),
    [
        (403, "Your role does not allow this"),
        (404, "There is no such page for you"),
        (409, "This step does not fit the present state"),
        (422, "What was handed in does not keep a rule"),
        (429, "Too many attempts"),
        (503, "A part of Senim does not answer at the moment"),
    ],
)
def test_a_refusal_is_a_whole_page_in_the_readers_language(visitor, language, status, title):
    visitor.cookies[configured.LANGUAGE_COOKIE_NAME] = language
    with override_settings(ROOT_URLCONF=__name__):
        answer = visitor.get(f"/{status}/")

    page = answer.content.decode()
    with translation.override(language):
        assert translation.gettext(title) in page
    assert answer.status_code == status and f'<html lang="{language}">' in page
    assert f"/{status}/" not in page.replace("/language/", "") and "Traceback" not in page
    assert 'href="/"' in page  # a way out


def test_what_broke_is_told_in_three_languages_at_once_and_without_the_error(visitor):
    with override_settings(ROOT_URLCONF=__name__):
        answer = visitor.get("/500/")

    page = answer.content.decode()
    assert answer.status_code == 500
    assert all(f'<section lang="{language}">' in page for language in LANGUAGES)
    assert "secret" not in page and "ZeroDivision" not in page


def test_the_wait_is_rounded_up_and_said_to_programs_as_well(visitor):
    with override_settings(ROOT_URLCONF=__name__):
        answer = visitor.get("/429/")

    assert (answer.status_code, answer["Retry-After"]) == (429, "61")
    assert "Wait 2 minutes and try again." in answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_expired_is_told_in_the_readers_language(language):
    client = Client(enforce_csrf_checks=True)
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = language

    answer = client.post("/sign-in/", {"username": "x"})

    with translation.override(language):
        assert translation.gettext("The form has expired") in answer.content.decode()
    assert answer.status_code == 403


def test_the_page_of_what_broke_asks_for_nothing():
    """No session, no database, no translation: each of them may be what broke."""
    with translation.override(None):
        answer = refusing.broken(RequestFactory().get("/"))

    assert answer.status_code == 500 and b"{%" not in answer.content and b"{{" not in answer.content
