"""What CI reads of a file that was refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router

from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.refusals import report
from monitoring.refusals.models import RefusedFile

router = Router(tags=["data"])


@router.get("/refused/{uuid:refused_id}/broken-rows.csv", url_name="refused-rows")
def broken_rows(request: Request, refused_id: UUID) -> Any:
    """Every broken row of a refused file as CSV: the first thousand by name, then how many there are of each kind.

    The address stands as `report` in the problem (422) with which the file was refused. Kept for 30 days.
    """
    actor = request.actor
    with viewing(actor):
        refused = found(
            RefusedFile.objects.visible_to(actor).select_related("model", "dataset"), pk=refused_id
        )
        require(actor, "window.add", refused.model)
        return report.download(refused)
