"""What programs do with the databases of their firm: have a period fetched, and see what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.sources import fetching
from monitoring.sources.models import Feed, Fetch

router = Router(tags=["data"])


class FeedOut(Schema):
    """Which table gives a dataset its data periods. Nothing secret is told, the address neither."""

    id: UUID
    dataset_id: UUID
    dataset: str
    source: str
    table: str
    columns: list[str]
    period_column: str
    begins_on: date

    @classmethod
    def of(cls, feed: Feed) -> FeedOut:
        return cls(
            id=feed.pk,
            dataset_id=feed.dataset_id,
            dataset=feed.dataset.name,
            source=feed.source.name,
            table=str(feed),
            columns=feed.columns,
            period_column=feed.period_column,
            begins_on=feed.begins_on,
        )


class FetchIn(Schema):
    starts_on: date
    ends_on: date
    part: str = "current"


class FetchOut(Schema):
    """status: due, running, done or failed. trouble: why it failed. digest: of the rows as they were handed in."""

    id: UUID
    feed_id: UUID
    status: str
    starts_on: date
    ends_on: date
    part: str
    trouble: str
    query: str
    rows: int | None
    digest: str
    window_id: UUID | None
    asked_at: datetime
    ended_at: datetime | None


@router.get("/models/{uuid:model_id}/feeds", response=list[FeedOut])
def feeds(request: Request, model_id: UUID) -> Any:
    """Tables from which this model's data periods are fetched."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        require(actor, "receipt.read", model)
        standing = Feed.objects.standing().filter(model=model).select_related("source", "dataset")
        return [FeedOut.of(each) for each in standing]


@router.post("/feeds/{uuid:feed_id}/fetches", response={202: FetchOut})
def fetch(request: Request, feed_id: UUID, body: FetchIn) -> Any:
    """Have one period fetched by a worker. Ask `/fetches/{id}` what came of it."""
    actor = request.actor
    with viewing(actor):
        feed = found(Feed.objects.visible_to(actor).select_related("model"), pk=feed_id)
        asked = fetching.ask(by=actor, feed=feed, **body.model_dump())
        return Status(202, FetchOut.from_orm(asked))


@router.get("/fetches/{uuid:fetch_id}", response=FetchOut)
def fetched(request: Request, fetch_id: UUID) -> Any:
    """What came of a fetch: the query, the rows and their digest, or why there are none."""
    actor = request.actor
    with viewing(actor):
        asked = found(Fetch.objects.visible_to(actor).select_related("model"), pk=fetch_id)
        require(actor, "receipt.read", asked.model)
        return FetchOut.from_orm(asked)
