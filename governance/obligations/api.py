"""What programs read of the requirements: where a model stands, in the order of a framework."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Router

from governance.inventory.models import AIModel
from governance.obligations.matrix import nist
from governance.obligations.matrix.profile import Profile
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require

router = Router(tags=["requirements"])


@router.get("/models/{uuid:model_id}/nist-profile", response=Profile)
def nist_profile(request: Request, model_id: UUID) -> Any:
    """The model's profile under NIST AI RMF: Govern, Map, Measure, Manage, each outcome with its evidence status.

    A status is computed from the evidence on file; the conclusion of a named person of the second line stands apart from it.
    """
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor).select_related("organisation"), pk=model_id)
        require(actor, "model.read", model)
        return nist.profile_of(model, timezone.localdate())
