"""One database of a bank for all tests of this room, and what is registered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.sources import fetching, services
from monitoring.sources.models import DataSource, Feed, Fetch
from tests.monitoring.loans import a_model
from tests.monitoring.sources.warehouse import PASSWORD, READER, Warehouse
from tests.monitoring.sources.warehouse import warehouse as running


@pytest.fixture(scope="session")
def warehouse() -> Iterator[Warehouse]:
    with running() as found:
        yield found


@pytest.fixture
def dataset(owner) -> Dataset:
    return data.describe(
        by=owner,
        model=a_model(owner),
        name="Loans",
        features=["income"],
        sensitive=["sex"],
        expected_every_days=30,
    )


def database_of(warehouse: Warehouse, **said: Any) -> services.Database:
    there = {
        "host": "127.0.0.1",
        "port": warehouse.port,
        "database": "postgres",
        "account": READER,
        "password": PASSWORD,
        "authority": warehouse.authority,
    }
    return services.Database(**{**there, **said})


@pytest.fixture
def source(bank, administrator, warehouse) -> DataSource:
    return services.register(
        by=administrator, organisation=bank, name="Warehouse", database=database_of(warehouse)
    )


@pytest.fixture
def feeds(administrator, source, dataset) -> Callable[..., Feed]:
    def feed(table: str = "decisions", **said: Any) -> Feed:
        given = {"period_column": "day", "begins_on": date(2026, 9, 1), **said}
        return services.feed(by=administrator, source=source, dataset=dataset, table=table, **given)

    return feed


@pytest.fixture
def fetches(owner) -> Callable[..., Fetch]:
    """Ask for October and fetch it, as the worker does when it is rung for."""

    def fetch(feed: Feed, starts_on: str = "2026-10-01", ends_on: str = "2026-10-31", **said: Any) -> Fetch:
        days = {"starts_on": date.fromisoformat(starts_on), "ends_on": date.fromisoformat(ends_on)}
        asked = fetching.ask(by=owner, feed=feed, **days, **said)
        fetching.work(asked.organisation_id, asked.pk)
        with viewing(owner):
            done: Fetch = Fetch.objects.select_related("window", "refused").get(pk=asked.pk)
        return done

    return fetch
