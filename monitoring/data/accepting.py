"""The second line accepts or declines a newer reference: by it a finding of drift could be made to end."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.acceptance import Acceptance
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset, Window


def accept_reference(*, by: Actor, window: Window, reason: str) -> Window:
    """It counts from now on. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason = _given(reason)
    with acting(by, "reference.accepted", reason=reason):
        return _decided(by, window, Acceptance.ACCEPTED, reason)


def decline_reference(*, by: Actor, window: Window, reason: str) -> Window:
    """It never counts and stays on file. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason = _given(reason)
    with acting(by, "reference.declined", reason=reason):
        return _decided(by, window, Acceptance.DECLINED, reason)


def refuse_not_waiting(window: Window) -> None:
    """Raises OutOfOrder."""
    if not window.awaits_acceptance:
        raise OutOfOrder(_("This data period does not wait to be accepted as the reference."))


def _decided(by: Actor, window: Window, acceptance: Acceptance, reason: str) -> Window:
    """The right is judged and the row changed under the lock of its model: of two who decide at once the second is refused."""
    model = AIModel.objects.select_for_update(no_key=True).get(pk=window.model_id)
    window = Window.objects.select_for_update(of=("self",), no_key=True).get(pk=window.pk)
    window.model = model
    require(by, "reference.decide", window)
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("The model is withdrawn."))
    refuse_ended(Dataset.objects.get(pk=window.dataset_id))
    refuse_not_waiting(window)
    window.acceptance, window.decision_reason = acceptance, reason
    window.decided_by_id, window.decided_at = by.person, timezone.now()
    window.save(update_fields=["acceptance", "decision_reason", "decided_by", "decided_at"])
    return window


def _given(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    return reason.strip()
