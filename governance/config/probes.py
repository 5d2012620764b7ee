"""Questions of machines: does it live, can it serve, and how much of what. Answered before sessions, hosts and redirects.

`/healthz/live`: this process answers. `/healthz` and `/healthz/ready`: database and walls; a silent broker is said and
does not take the web away, because losing it loses nothing. `/metrics`: figures for Prometheus. A stranger learns one
word; the rest is for who shows SENIM_METRICS_TOKEN or, where none is set, asks from this machine past no proxy.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from governance.config import readiness

Next = Callable[[HttpRequest], HttpResponse]

THROUGH_A_PROXY = (
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Real-Ip",
    "Forwarded",
    "Via",
)


def probes(get_response: Next) -> Next:
    answers = {"/healthz": ready, "/healthz/ready": ready, "/healthz/live": live, "/metrics": figures}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        if answer is None:
            return get_response(request)
        response = answer(request) if request.method in ("GET", "HEAD") else HttpResponse(status=405)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    found = readiness.look()
    status = 200 if found.can_serve else 503
    if is_ours(request):
        return JsonResponse(found.details, status=status)
    return HttpResponse(f"{found.word}\n", status=status, content_type="text/plain")


def figures(request: HttpRequest) -> HttpResponse:
    if not is_ours(request):
        return HttpResponse("forbidden\n", status=403, content_type="text/plain")
    from governance.config import figures

    content, content_type = figures.written()
    return HttpResponse(content, content_type=content_type)


def is_ours(request: HttpRequest) -> bool:
    """Whether whoever asks may know how Senim fares."""
    expected: str | None = settings.SENIM_METRICS_TOKEN
    if expected:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {expected}".encode())
    return _is_local(request.META.get("REMOTE_ADDR", "")) and not any(
        name in request.headers for name in THROUGH_A_PROXY
    )


def _is_local(address: str) -> bool:
    """An empty address is a socket of this machine's."""
    try:
        return not address or ip_address(address).is_loopback
    except ValueError:
        return False
