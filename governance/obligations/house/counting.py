"""Which papers of the organisation count today, as evidence that each of its models inherits."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from governance.inventory.locks import locked
from governance.obligations.facts import DOCUMENT
from governance.obligations.house.kinds import APPROVAL
from governance.obligations.house.models import HouseRevision
from governance.obligations.models import Evidence, EvidenceVerdict
from governance.obligations.papers import Wanted, align, beginning, difference, kinds_of, summary_of
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation


def settle(*, by: Actor, organisation_id: UUID) -> bool:
    """Bring the evidence of the organisation in line with its papers. Returns whether anything was written."""
    return align(by=by, rows=_rows(organisation_id), wanted=_wanted(organisation_id))


def catch_up(organisation_id: UUID) -> None:
    """A paper counts from its own day on, and nobody acts on that day. When nothing is behind it only reads."""
    by = Actor.system("papers of the organisation", organisation_id)
    with viewing(by):
        if not difference(_rows(organisation_id), _wanted(organisation_id)):
            return
    with acting(by, "evidence.pulled"):
        locked(Organisation.objects.get(pk=organisation_id))
        settle(by=by, organisation_id=organisation_id)


def _rows(organisation_id: UUID) -> QuerySet[Evidence]:
    return Evidence.objects.filter(organisation_id=organisation_id, model=None, source=DOCUMENT)


def _wanted(organisation_id: UUID) -> Wanted:
    revisions = HouseRevision.objects.filter(organisation_id=organisation_id)
    return {
        (kind, revision.pk): _evidence(kind, revision)
        for revision in revisions.standing(timezone.localdate())
        for kind in _kinds(revision)
    }


def _kinds(revision: HouseRevision) -> Iterator[str]:
    yield from kinds_of(revision.kinds)
    if revision.signed_at is not None:
        yield APPROVAL


def _evidence(kind: str, revision: HouseRevision) -> Evidence:
    return Evidence(
        organisation_id=revision.organisation_id,
        kind=kind,
        verdict=EvidenceVerdict.ON_FILE,
        source=DOCUMENT,
        source_id=revision.pk,
        digest=revision.sha256,
        taken_at=beginning(revision.effective_on),
        valid_until=revision.valid_until,
        summary=summary_of(kind, revision.paper_id, revision),
    )
