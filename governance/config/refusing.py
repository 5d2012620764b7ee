"""How a refusal looks: a page for people, an RFC 9457 problem for programs. Both say the same."""

from __future__ import annotations

import errno
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from governance.errors import NoRoom, NotAllowed, NotFound, Refusal, SignInNeeded, TooLarge, TooMany

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a file finds no room."""
DISK_FULL = "53100"
"""What PostgreSQL says then."""

PARTS = ("HX-Request", "X-Senim-Keep")
"""Sent with what is only a part of a page: no place to come back to after signing in."""


def page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, SignInNeeded):
        if not any(name in request.headers for name in PARTS):
            request.session["next"] = request.get_full_path()
        return redirect("sign-in")
    if isinstance(refusal, NotFound):
        return not_found(request)
    if isinstance(refusal, NotAllowed):
        return forbidden(request)
    if isinstance(refusal, TooMany):
        shown = render_to_string("429.html", {"minutes": refusal.minutes})
        return _to_wait(HttpResponse(shown, status=429), refusal)
    return HttpResponse(
        render_to_string("refused.html", {"refusal": refusal}, request=request), status=refusal.status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes whoever asks and whatever for: no name, no form, no id, no path."""
    if request.path.startswith("/api/"):
        return problem(NotFound())
    return HttpResponse(render_to_string("404.html"), status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    """Before anybody knows who asks: nothing of the body was read."""
    if request.path.startswith("/api/"):
        return problem(TooLarge())
    most = {"file": settings.SENIM_LARGEST_UPLOAD >> 20, "text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20}
    return HttpResponse(render_to_string("413.html", most), status=TooLarge.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The text beside a file is only measured while it is read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("403.html"), status=403)


def _to_wait(response: HttpResponse, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.wait)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def refusal_in(error: BaseException | None) -> Refusal | None:
    """The refusal that a breakdown is in truth: a full disk says so, wherever it was met."""
    full = isinstance(error, OSError) and error.errno in FULL
    full = full or getattr(getattr(error, "__cause__", None), "sqlstate", "") == DISK_FULL
    return NoRoom() if full else None


def broken(request: HttpRequest) -> HttpResponse:
    """In three languages at once: nothing is known here but that something broke.

    A body that finds no room on the disk is met before any view, so it is known here and nowhere else.
    """
    refusal = refusal_in(sys.exc_info()[1])
    if refusal is not None:
        return HttpResponse(render_to_string("507.html"), status=refusal.status)
    return HttpResponse(render_to_string("500.html"), status=500)


def problem(refusal: Refusal) -> HttpResponse:
    """RFC 9457: what kind of problem, in words, and each thing that is wrong with where it stands."""
    body: dict[str, Any] = {
        "type": f"urn:senim:problem:{refusal.code}",
        "title": str(refusal.title),
        "status": refusal.status,
        "detail": str(refusal),
    }
    if refusal.problems:
        body["problems"] = [{"where": str(each.where), "what": str(each.what)} for each in refusal.problems]
    body |= refusal.more
    answer = JsonResponse(body, status=refusal.status, content_type="application/problem+json")
    return _to_wait(answer, refusal)


def unreadable(errors: list[dict[str, Any]]) -> JsonResponse:
    """A request whose shape is not that of the API: which field, and what is wrong with it."""
    problems = [
        {"where": ".".join(str(part) for part in each.get("loc", ())), "what": str(each.get("msg", ""))}
        for each in errors
    ]
    body = {
        "type": "urn:senim:problem:unreadable",
        "title": _("The request does not have the shape that the API describes"),
        "status": 422,
        "detail": _("See the description of the API."),
        "problems": problems,
    }
    return JsonResponse(body, status=422, content_type="application/problem+json")
