"""The receipt of a data period as a download, and the program that checks it."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from audits.packs.making import VERIFIER
from audits.receipts import sealed
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.data.models import Window

SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


@require_safe
@viewed
def receipt(request: Request, window_id: UUID) -> HttpResponse:
    window = found(Window.objects.visible_to(request.actor).select_related("model"), pk=window_id)
    require(request.actor, "receipt.read", window.model)
    return as_file(window)


def as_file(window: Window) -> HttpResponse:
    """Raises OutOfOrder while it is not sealed."""
    written = json.dumps(sealed.receipt(window), ensure_ascii=False, sort_keys=True, indent=1)
    name = f"receipt-{str(window.pk)[:8]}.json"
    headers = {**SAFE, "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(written + "\n", content_type="application/json", headers=headers)


@require_safe
@viewed
def verifier(request: Request) -> HttpResponse:
    """The same file that travels in every evidence pack."""
    headers = {**SAFE, "Content-Disposition": 'attachment; filename="verify.py"'}
    return HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python", headers=headers)
