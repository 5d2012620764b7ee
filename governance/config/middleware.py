"""Around every request: its id, who asks, and how a refusal looks."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from governance.config import refusing
from governance.errors import Refusal
from governance.people import acting, recognition
from governance.people.actor import Actor
from monitoring.data.body import STREAMED

Next = Callable[[HttpRequest], HttpResponse]
AROUND_A_FILE = 1 << 20
"""Bytes of a form beside its file."""
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(get_response: Next) -> Next:
    """Take the id a proxy gave, or make one; the ledger keeps it with every write of this request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = acting.request_id.set(given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex)
        try:
            response = get_response(request)
            response["X-Request-ID"] = acting.request_id.get()
            return response
        finally:
            acting.request_id.reset(token)

    return middleware


def size(get_response: Next) -> Next:
    """Refuse a body that says that it is too large before it is read: an upload would be put on the disk first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        with_files = request.content_type == "multipart/form-data"
        is_streamed = with_files or request.content_type in STREAMED
        most = settings.SENIM_LARGEST_UPLOAD if is_streamed else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if said.isdecimal() and int(said) > most + AROUND_A_FILE * with_files:
            return refusing.too_large(request)
        return get_response(request)

    return middleware


def who_asks(get_response: Next) -> Next:
    """Put the actor on the request; looked up when first needed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return Actor.nobody()
    chosen = request.session.get(recognition.ORGANISATION_KEY)
    actor = recognition.person(request.user, uuid.UUID(chosen) if chosen else None)
    request.known_actor = actor  # type: ignore[attr-defined]
    return actor


def refusals(get_response: Next) -> Next:
    """One place where a refusal becomes a page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusing.page(request, exception) if isinstance(exception, Refusal) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
