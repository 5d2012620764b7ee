"""Who deals with a finding, until when, and of which incident it is part. What was found is closed by nobody by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.incidents.models import Incident
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Membership
from governance.people.rights import require
from monitoring.runs.models import Finding


def handle(
    *, by: Actor, finding: Finding, owner_id: UUID, due_on: date, incident: Incident | None, reason: str
) -> Finding:
    """Say who deals with an open finding, until when, and what incident it belongs to. Raises NotAllowed, OutOfOrder,
    RuleBroken."""
    with acting(by, "finding.handled", reason=reason.strip()):
        finding = Finding.objects.select_for_update(of=("self",)).select_related("model").get(pk=finding.pk)
        require(by, "finding.handle", finding.model)
        if finding.closed_at is not None:
            raise OutOfOrder(_("This finding is closed."))
        problems = list(_problems(finding, owner_id, due_on, incident, reason.strip()))
        if problems:
            raise RuleBroken(_("Nothing was changed."), problems)
        if owner_id != finding.owner_id:
            finding.told_at = None
        if due_on != finding.due_on:
            finding.reminded_at = None
        finding.owner_id, finding.due_on, finding.incident = owner_id, due_on, incident
        finding.save(update_fields=["owner", "due_on", "incident", "told_at", "reminded_at"])
        return finding


def pass_on(*, by: Actor, model: AIModel, to: UUID, reason: str) -> int:
    """Give the open findings that the owner of a model holds to its next owner; what colleagues hold stays with them.

    model: about to be handed over, which its row does not tell yet. Returns how many. Raises NotAllowed.
    """
    with acting(by, "finding.passed_on", reason=reason):
        stored = AIModel.objects.select_for_update(no_key=True).get(pk=model.pk)
        require(by, "finding.pass_on", stored)
        held = Finding.objects.open().filter(model_id=stored.pk, owner_id=stored.owner_id)
        return held.update(owner_id=to, told_at=None)


def _problems(
    finding: Finding, owner_id: UUID, due_on: date, incident: Incident | None, reason: str
) -> Iterator[Problem]:
    if not reason:
        yield Problem("reason", _("Say why."))
    here = Membership.objects.current(timezone.localdate()).filter(organisation_id=finding.organisation_id)
    here = here.exclude(role="auditor")
    if owner_id != finding.owner_id and not here.filter(user_id=owner_id).exists():
        yield Problem("owner", _("This person does not belong to the organisation."))
    if due_on != finding.due_on and due_on < timezone.localdate():
        yield Problem("due_on", _("This lies in the past."))
    if incident is not None and incident.model_id != finding.model_id:
        yield Problem("incident", _("This incident is about another model."))
    if finding.incident_id and incident is None:
        yield Problem("incident", _("A finding stays part of its incident."))
