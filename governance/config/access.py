"""One line in the log for each request, and its count: who, which kind of page, how it ended and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from governance.config import counters
from governance.people.actor import Actor

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


def seen(get_response: Next) -> Next:
    """Log and count. Neither the path nor the query is written down: the template of the path has to do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        seconds = time.perf_counter() - begun
        match = request.resolver_match
        route = f"/{match.route}" if match else ""
        counters.count(method=request.method or "", route=route, status=response.status_code, seconds=seconds)
        fields = {
            "method": request.method,
            "path": route,
            "status": response.status_code,
            "ms": round(seconds * 1000),
        }
        log.info("request", extra={"fields": fields | _who(request)})
        return response

    return middleware


def _who(request: HttpRequest) -> dict[str, Any]:
    """Only somebody who was recognised anyway: a log line is no reason to ask the database."""
    given = getattr(request, "actor", None)
    actor = given if type(given) is Actor else getattr(request, "known_actor", None)
    if actor is None or not actor.is_known:
        return {}
    return {"actor": actor.label, "organisation": str(actor.organisation_id or "")}
