"""The report of a refused file, as a download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.views.decorators.http import require_safe

from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.refusals import report
from monitoring.refusals.models import RefusedFile


@require_safe
@viewed
def broken_rows(request: Request, refused_id: UUID) -> Any:
    """For those who may hand in the mended file: it repeats values of the data."""
    refused = found(
        RefusedFile.objects.visible_to(request.actor).select_related("model", "dataset"), pk=refused_id
    )
    require(request.actor, "window.add", refused.model)
    return report.download(refused)
