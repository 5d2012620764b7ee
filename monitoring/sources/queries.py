"""What the pages of this room and the findings ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from governance.inventory.models import AIModel
from governance.people.actor import Actor
from monitoring.data.models import Dataset
from monitoring.sources.models import DataSource, Feed, Fetch
from monitoring.sources.words import FetchStatus

MOST_FETCHES = 30


@dataclass(frozen=True)
class Failing:
    """A feed whose last fetch failed. times: how many in a row, counted up to nine."""

    feed: Feed
    fetch: Fetch
    times: int


@dataclass(frozen=True)
class Line:
    """A feed with its last fetch, where there is one. status: a key of the status component."""

    feed: Feed
    last: Fetch | None

    @property
    def status(self) -> str:
        return self.last.status if self.last else "due"


def sources_of(actor: Actor) -> list[DataSource]:
    """Of the actor's own organisation, the standing ones first, each with `fed`: how many datasets it feeds."""
    mine = DataSource.objects.visible_to(actor).filter(organisation_id=actor.organisation_id)
    fed = Count("feeds", filter=Q(feeds__ended_at=None, feeds__id__isnull=False))
    return list(mine.annotate(fed=fed).order_by("ended_at", "name"))


def lines_of(feeds: Sequence[Feed]) -> list[Line]:
    """One query more, however many there are."""
    newest = Fetch.objects.filter(feed__in=feeds).order_by("feed_id", "-asked_at").distinct("feed_id")
    last = {each.feed_id: each for each in newest}
    return [Line(each, last.get(each.pk)) for each in feeds]


def feeds_of_source(source: DataSource) -> list[Line]:
    feeds = Feed.objects.filter(source=source, ended_at=None).select_related("model", "dataset")
    return lines_of(list(feeds))


def feeds_of_model(model: AIModel) -> list[Line]:
    feeds = Feed.objects.filter(model=model, ended_at=None, source__ended_at=None)
    return lines_of(list(feeds.select_related("source", "dataset")))


def fetches_of(feed: Feed) -> list[Fetch]:
    """The latest first."""
    joined = Fetch.objects.filter(feed=feed).select_related("asked_by", "window", "refused")
    return list(joined[:MOST_FETCHES])


def datasets_to_feed(actor: Actor, organisation_id: UUID) -> Sequence[Dataset]:
    """Those that nothing feeds yet."""
    known = Dataset.objects.visible_to(actor).standing()
    known = known.filter(organisation_id=organisation_id, model__withdrawn_at=None)
    fed = Feed.objects.filter(ended_at=None).values("dataset_id")
    return list(known.exclude(pk__in=fed).select_related("model").order_by("model__number", "name"))


def failing(organisation_id: UUID) -> list[Failing]:
    """Standing feeds whose last fetch failed: for the findings."""
    ended = Fetch.objects.filter(feed=OuterRef("pk")).exclude(ended_at=None).order_by("-ended_at")
    standing = Feed.objects.standing().filter(organisation_id=organisation_id)
    feeds = standing.annotate(last=Subquery(ended.values("status")[:1])).filter(last=FetchStatus.FAILED)
    return [_failing(feed) for feed in feeds.select_related("source")]


def _failing(feed: Feed) -> Failing:
    ended = list(Fetch.objects.filter(feed=feed).exclude(ended_at=None).order_by("-ended_at")[:9])
    times = next(
        (at for at, each in enumerate(ended) if each.status != FetchStatus.FAILED),
        len(ended),
    )
    return Failing(feed, ended[0], times)
