"""Where browsers report what the content security policy stopped: counted and said in the log, and nothing kept.

A report names pages and scripts, which may hold ids; only the directive and the kind of what was stopped are used.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from governance.config import counters

LARGEST = 16 * 1024
KINDS = frozenset({"inline", "eval", "self", "data", "blob", "http", "https", "wasm-eval"})

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def csp(request: HttpRequest) -> HttpResponse:
    """A browser sends no cookie-bound form here, so there is nothing to forge; whatever is no report is dropped."""
    directive, stopped = _read(request.read(LARGEST))
    if directive:
        counters.VIOLATIONS.labels(directive).inc()
        log.warning("csp violation", extra={"fields": {"directive": directive, "stopped": stopped}})
    return HttpResponse(status=204)


def _read(body: bytes) -> tuple[str, str]:
    """Directive and kind of what was stopped; "" for a directive that is none of ours."""
    try:
        said: Any = json.loads(body)
        report: Any = said["csp-report"]
        directive = str(report.get("effective-directive") or report.get("violated-directive")).split(" ")[0]
        blocked = str(report.get("blocked-uri", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
    known = set(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
    named = directive.removesuffix("-elem").removesuffix("-attr")
    kind = blocked if blocked in KINDS else urlsplit(blocked).scheme
    return (named if named in known else "", kind if kind in KINDS else "other")
