"""What a program reads of the matrix: models by frameworks, today or as of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Router, Schema

from governance.obligations.matrix import queries
from governance.obligations.matrix.choosing import chosen as chosen_in
from governance.obligations.matrix.models import STATUSES
from governance.people.acting import viewing
from governance.people.door import Request
from governance.people.rights import require

router = Router(tags=["requirements"])
AT_ONCE = 100


class CellOut(Schema):
    """edition: "" where the record does not tell it. requirements: number by evidence status."""

    edition: str
    requirements: dict[str, int]


class RowOut(Schema):
    """name: null where the log does not tell the name of that day. frameworks: null where no counts are kept."""

    id: UUID
    number: str
    name: str | None
    frameworks: dict[str, CellOut] | None


class MatrixOut(Schema):
    """without_counts: models of which there are no counts, or none that cover all on record. totals: by framework."""

    as_of: date
    count: int
    without_counts: int
    page: int
    totals: dict[str, dict[str, int]]
    models: list[RowOut]


@router.get("/matrix", response=MatrixOut)
def matrix(
    request: Request,
    as_of: date | None = None,
    organisation: str = "",
    framework: str = "",
    words: str = "",
    page: Annotated[int, Field(ge=1)] = 1,
) -> Any:
    """Registered models under the frameworks that are on for them, 100 a page, as they stand or stood on a day."""
    with viewing(request.actor):
        require(request.actor, "model.read", None)
        chosen = chosen_in(request)
        totals = queries.totals(chosen)
        shown = queries.in_order(queries.shown(chosen))[(page - 1) * AT_ONCE : page * AT_ONCE]
        return MatrixOut(
            as_of=as_of or timezone.localdate(),
            count=totals.models,
            without_counts=totals.behind,
            page=page,
            totals={key: _asked(counted) for key, counted in totals.by_framework.items()},
            models=[_row(row) for row in queries.rows(shown, chosen)],
        )


def _row(row: Any) -> RowOut:
    frameworks = None
    if row.sheet:
        frameworks = {
            key: CellOut(edition=row.sheet.editions.get(key, ""), requirements=_asked(counts))
            for key, counts in row.sheet.counts.items()
        }
    return RowOut(
        id=row.model.pk,
        number=row.model.number,
        name=row.model.name if row.is_known else None,
        frameworks=frameworks,
    )


def _asked(counts: Any) -> dict[str, int]:
    """What asks nothing of a model is not counted."""
    return {status: counts[status] for status in STATUSES if counts.get(status)}
