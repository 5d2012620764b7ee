"""What CI does with a description that was wrong: replace it by a corrected one, retire it, read its versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.data.api import DatasetOut, DescriptionIn
from monitoring.data.models import Dataset
from monitoring.editions import queries, services
from monitoring.editions.services import Edition

router = Router(tags=["data"])


class CorrectionIn(DescriptionIn):
    """The whole description as it is from now on; only personal, bank_secret and protection_reason stay where left out."""

    reason: str


class RetirementIn(Schema):
    reason: str


class EditionOut(DatasetOut):
    """checks_going_on: planned as before; checks_ended: plans that ended. feed_ended: no table feeds it any more."""

    checks_going_on: list[str]
    checks_ended: list[str]
    feed_ended: bool

    @classmethod
    def of(cls, edition: Edition) -> EditionOut:
        said = DatasetOut.from_orm(edition.dataset).model_dump()
        return cls(
            **said,
            checks_going_on=list(edition.checks.going_on),
            checks_ended=list(edition.checks.ended),
            feed_ended=edition.was_fed,
        )


@router.get("/datasets/{uuid:dataset_id}/versions", response=list[DatasetOut])
def versions(request: Request, dataset_id: UUID) -> Any:
    """All versions of a dataset, the last first: what each said, and why it ended."""
    actor = request.actor
    with viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor).select_related("model"), pk=dataset_id)
        require(actor, "run.read", dataset.model)
        return [DatasetOut.from_orm(each.dataset) for each in queries.versions_of(dataset)]


@router.post("/datasets/{uuid:dataset_id}/versions", response={201: EditionOut})
def correct(request: Request, dataset_id: UUID, body: CorrectionIn) -> Any:
    """Describe the data anew in place of a wrong description. Data are handed in again; plans that fit go on.

    409 where this version does not stand any more, because it was corrected or retired meanwhile.
    """
    actor = request.actor
    with viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor), pk=dataset_id)
        return Status(201, EditionOut.of(services.correct(by=actor, dataset=dataset, **body.model_dump())))


@router.post("/datasets/{uuid:dataset_id}/retire", response=EditionOut)
def retire(request: Request, dataset_id: UUID, body: RetirementIn) -> Any:
    """End a dataset that no other takes the place of: nothing is taken in or asked of it any more."""
    actor = request.actor
    with viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor), pk=dataset_id)
        return EditionOut.of(services.retire(by=actor, dataset=dataset, reason=body.reason))
