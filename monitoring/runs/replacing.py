"""Which versions a decision of the committee has put out of use everywhere, and which descriptions of data have ended: what
was found of them is settled by that.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from governance.approvals.models import Authorisation, AuthorisationState
from governance.inventory.models import ModelVersion
from monitoring.data.models import Dataset
from monitoring.runs.models import FindingQuerySet


def replaced(found: FindingQuerySet) -> Iterator[tuple[UUID, Authorisation]]:
    """Each version with an open finding that was replaced, with the permission of the version that took its place."""
    ids = found.open().exclude(version=None).values("version_id")
    versions = list(ModelVersion.objects.filter(pk__in=ids, withdrawn_at=None))
    if not versions:
        return
    standing = Authorisation.objects.filter(
        model__in={version.model_id for version in versions},
        state__in=[AuthorisationState.ACTIVE, AuthorisationState.SUSPENDED],
        expires_at__gt=timezone.now(),
    ).select_related("version")
    permissions = list(standing.order_by("starts_at"))
    for version in versions:
        successor = successor_of(version, [each for each in permissions if each.model_id == version.model_id])
        if successor is not None:
            yield version.pk, successor


def ended_datasets(found: FindingQuerySet) -> Iterator[tuple[UUID, int | None]]:
    """Each ended dataset with an open finding, with the version that took its place; None where it was retired."""
    ids = found.open().exclude(dataset=None).values("dataset_id")
    ended = Dataset.objects.filter(pk__in=ids).exclude(ended_at=None)
    yield from ended.values_list("pk", "successor__version")


def successor_of(version: ModelVersion, permissions: list[Authorisation]) -> Authorisation | None:
    """The first permission of a later version, if later versions may run everywhere where this one may; else None.

    permissions: those of the model that run or may run again; a suspended one takes nobody's place.
    """
    active = [each for each in permissions if each.state == AuthorisationState.ACTIVE]
    later = [each for each in active if each.version.created_at > version.created_at]
    taken = {each.environment: each.starts_at for each in later}
    own = [each for each in permissions if each.version_id == version.pk]
    stays = any(each.environment not in taken or taken[each.environment] < each.starts_at for each in own)
    return later[0] if later and not stays else None
