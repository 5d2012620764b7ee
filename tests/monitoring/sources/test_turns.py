"""Of one organisation one period is fetched at a time, by workers that checks and letters never wait for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from celery import current_app
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.mlflow_link import services as mlflow_link
from monitoring.sources import fetching, services
from monitoring.sources.models import DataSource, Feed, Fetch
from tests.monitoring.sources.test_pace import clerk

pytestmark = pytest.mark.django_db
OCTOBER = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}


def feed_of(administrator: Actor, source: DataSource, dataset: Dataset) -> Feed:
    day = {"period_column": "day", "begins_on": date(2026, 9, 1)}
    return services.feed(by=administrator, source=source, dataset=dataset, table="decisions", **day)


@pytest.fixture
def two(owner, administrator, dataset, feeds) -> list[Fetch]:
    """Two datasets, each with a table, each with a period that is asked for."""
    other = data.describe(
        by=owner, model=dataset.model, name="Others", features=["income"], sensitive=["sex"]
    )
    mine = feeds()
    fed = mine, feed_of(administrator, mine.source, other)
    return [fetching.ask(by=owner, feed=feed, **OCTOBER) for feed in fed]


def rung(owner: Actor) -> list[object]:
    with viewing(owner):
        return list(Fetch.objects.exclude(rung_at=None).values_list("pk", flat=True))


def test_the_oldest_is_rung_for_and_the_next_when_it_is_done(owner, two):
    one, other = two
    fetching.catch_up(one.organisation_id)
    assert rung(owner) == [one.pk]
    fetching.catch_up(one.organisation_id)
    assert rung(owner) == [one.pk], "its bell is on its way"
    fetching.work(one.organisation_id, one.pk)
    assert rung(owner) == [other.pk]


def test_a_second_one_is_not_begun_while_one_is_fetched(owner, two):
    one, other = two
    worker = clerk(one)
    assert fetching._claimed(worker, one.pk)
    fetching.work(other.organisation_id, other.pk)
    with viewing(owner):
        assert Fetch.objects.get(pk=other.pk).status == "due"
    with acting(worker, "test.time_passed"):
        Fetch.objects.filter(pk=one.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    fetching.work(other.organisation_id, other.pk)
    with viewing(owner):
        assert Fetch.objects.get(pk=other.pk).status == "done", "a dead worker is in nobody's way"


def test_a_lease_of_a_clock_that_was_set_back_is_not_waited_for(two):
    one, _other = two
    worker = clerk(one)
    held = fetching._claimed(worker, one.pk)
    with acting(worker, "test.time_passed"):
        Fetch.objects.filter(pk=one.pk).update(expires_at=timezone.now() + timedelta(hours=1))
    assert fetching._claimed(worker, one.pk).fence == held.fence + 1
    assert not fetching._renew(worker, held, timedelta(seconds=20)), "it has passed to another worker"


def test_what_waits_for_servers_of_others_has_workers_of_its_own():
    router = current_app.amqp.router
    queues = {
        task: router.route({}, task)["queue"].name
        for task in (fetching.TASK, mlflow_link.TASK, "governance.config.sweep.sweep")
    }
    assert list(queues.values()) == ["outside", "outside", "default"]
