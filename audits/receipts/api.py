"""What the sender of a data period gets in hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router

from audits.receipts.views import as_file
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.models import Window

router = Router(tags=["data"])


@router.get("/windows/{uuid:window_id}/receipt", response=dict[str, Any])
def receipt(request: Request, window_id: UUID) -> Any:
    """Digest, rows, time and place in the signed ledger, checked offline by `python verify.py receipt.json [the file]`.

    409 until the ledger's next head is signed, which takes seconds.
    """
    actor = request.actor
    with viewing(actor):
        window = found(Window.objects.visible_to(actor).select_related("model"), pk=window_id)
        require(actor, "receipt.read", window.model)
        return as_file(window)
