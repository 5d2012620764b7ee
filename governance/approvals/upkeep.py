"""Looks over permissions: one whose content has changed by the written list is void. News is pulled up by revision.

When no model has changed it asks one query and writes nothing. What it writes raises the revision of the model, so the
revision is read again after the last write, in the same transaction and under the lock of the model.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from governance.approvals import announcing, deciding
from governance.approvals.dossier import APPROVAL
from governance.approvals.models import Authorisation, AuthorisationState, PermissionSheet
from governance.approvals.standing import grounds
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.people.actor import Actor


def catch_up(organisation_id: UUID, now: datetime) -> None:
    """Look over every model of one organisation that has changed while a permission of it runs."""
    by = Actor.system("permissions", organisation_id)
    with viewing(by):
        late = list(_late(organisation_id, now))
    for model in late:
        _look_over(by, model, now)


def _late(organisation_id: UUID, now: datetime) -> list[AIModel]:
    running = Authorisation.objects.filter(state=AuthorisationState.ACTIVE, expires_at__gt=now)
    behind = Q(permission_sheet=None) | ~Q(permission_sheet__computed_at_revision=F("revision"))
    models = AIModel.objects.filter(organisation_id=organisation_id, pk__in=running.values("model_id"))
    return list(models.filter(behind))


def _look_over(by: Actor, model: AIModel, now: datetime) -> None:
    with acting(by, "permissions.looked_over"):
        model = locked(model)
        running = Authorisation.objects.select_for_update(of=("self",), no_key=True).filter(
            model=model, state=AuthorisationState.ACTIVE, expires_at__gt=now
        )
        for authorisation in running.select_related(
            "version__model__owner", "decision__request", "lift__request"
        ):
            _judge(by, authorisation, now)
        model.refresh_from_db(fields=["revision"])
        PermissionSheet.objects.update_or_create(
            model=model,
            defaults={
                "organisation_id": model.organisation_id,
                "computed_at_revision": model.revision,
                "computed_at": now,
            },
        )


def _judge(by: Actor, authorisation: Authorisation, now: datetime) -> None:
    found = grounds(authorisation.rests_on.request.manifest, authorisation.version)
    if not found:
        return
    with acting(by, "authorisation.voided", reason=", ".join(each["key"] for each in found)):
        deciding.end(authorisation, found, now)
        for piece in _approvals(authorisation):
            obligations.revoke(by=by, evidence=piece, reason="authorisation void")
        announcing.voided(authorisation)


def _approvals(authorisation: Authorisation) -> QuerySet[Evidence]:
    """What the decision, and a lift, left as evidence."""
    decisions = [authorisation.decision_id, authorisation.lift_id]
    found: QuerySet[Evidence] = Evidence.objects.standing().filter(kind=APPROVAL, source_id__in=decisions)
    return found
