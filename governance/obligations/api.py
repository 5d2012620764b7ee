"""What programs read of the requirements: where a model stands, in the order of a framework."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Router

from governance.inventory.models import AIModel
from governance.obligations.matrix import nist
from governance.obligations.matrix.past import nist as past_nist
from governance.obligations.matrix.profile import Profile
from governance.people import asked_day
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require

router = Router(tags=["requirements"])


@router.get("/models/{uuid:model_id}/nist-profile", response=Profile)
def nist_profile(request: Request, model_id: UUID, as_of: date | None = None) -> Any:
    """The model's profile under NIST AI RMF: Govern, Map, Measure, Manage, each outcome with its evidence status.

    as_of: as it stood at the end of a day.

    A status is computed from the evidence on file; the conclusion of a named person of the second line stands apart from it.
    """
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor).select_related("organisation"), pk=model_id)
        require(actor, "model.read", model)
        day = asked_day.as_of(actor, as_of)
        return past_nist.profile_of(model, day) if day else nist.profile_of(model, timezone.localdate())
