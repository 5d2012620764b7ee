"""Databases are registered and tables named by an administrator; the password is sealed and nobody else sees anything."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audits.ledger.models import LedgerPayload
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.mlflow_link import sealing
from monitoring.sources import fetching, services
from monitoring.sources.models import DataSource, Feed, Fetch
from monitoring.sources.services import Database
from tests.factories import sign_in
from tests.monitoring.uploads.conftest import a_sender

pytestmark = pytest.mark.django_db
SECRET = "p4ssw0rd-of-the-warehouse"
PLACE = {"host": "db.bank.kz", "database": "scoring", "account": "senim", "password": SECRET}


@pytest.fixture
def source(bank, administrator) -> DataSource:
    """Nobody answers there; what is tested needs no server."""
    return services.register(
        by=administrator, organisation=bank, name="Warehouse", database=Database(**PLACE)
    )


@pytest.fixture
def feed(administrator, source, dataset) -> Feed:
    said = {"table": "decisions", "period_column": "day", "begins_on": date(2026, 10, 1)}
    return services.feed(by=administrator, source=source, dataset=dataset, **said)


def test_the_password_is_sealed_and_opens_for_this_database_alone(source, bank, administrator):
    other = services.register(
        by=administrator, organisation=bank, name="Other", database=Database(**{**PLACE, "database": "other"})
    )
    assert SECRET not in source.secret
    assert sealing.opened(source.pk, source.secret) == {"password": SECRET}
    with pytest.raises(sealing.KeyLost):
        sealing.opened(other.pk, source.secret)


def test_the_ledger_never_holds_it_not_even_sealed(source, administrator):
    with viewing(administrator):
        content = json.dumps([each.content for each in LedgerPayload.objects.all()])
    assert "Warehouse" in content and SECRET not in content and source.secret not in content


def test_no_page_shows_it_again(source, feed, administrator, client):
    sign_in(client, administrator)
    for page in ("/sources/", f"/sources/{source.pk}/", f"/feeds/{feed.pk}/"):
        shown = client.get(page).content.decode()
        assert "Warehouse" in shown and SECRET not in shown and source.secret not in shown
    refused = client.post("/sources/add/", {**PLACE, "name": "", "encryption": "verify-full", "port": "5432"})
    assert refused.status_code == 422 and SECRET not in refused.content.decode()


def test_ending_it_forgets_the_password_and_stops_its_feeds(source, feed, administrator, owner):
    ended = services.end(by=administrator, source=source)
    assert (ended.secret, ended.ended_at is not None) == ("", True)
    with pytest.raises(OutOfOrder):
        services.end(by=administrator, source=source)
    with pytest.raises(OutOfOrder):
        services.test(by=administrator, source=ended)
    with pytest.raises(OutOfOrder):
        fetching.ask(by=owner, feed=feed, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
    with viewing(owner):
        assert not Fetch.objects.exists()


def test_a_lost_key_is_said_and_nothing_breaks(source, administrator, home):
    for key in (home / "keys").iterdir():
        key.unlink()
    assert services.test(by=administrator, source=source) == "key_lost"


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"host": "/var/run/postgresql"}, "host"),
        ({"host": "a,b"}, "host"),
        ({"host": "db.bank.kz sslmode=disable"}, "host"),
        ({"port": 0}, "port"),
        ({"database": ""}, "database"),
        ({"account": "x" * 64}, "account"),
        ({"password": ""}, "password"),
        ({"encryption": "prefer"}, "encryption"),
        ({"authority": "no certificate"}, "authority"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(bank, administrator, said, where):
    with pytest.raises(RuleBroken) as refused:
        database = Database(**{**PLACE, **said})
        services.register(by=administrator, organisation=bank, name="Warehouse", database=database)
    assert [each.where for each in refused.value.problems] == [where]
    with viewing(administrator):
        assert not DataSource.objects.exists()


def test_in_production_nothing_goes_unencrypted(bank, administrator, settings):
    settings.PRODUCTION = True
    with pytest.raises(RuleBroken) as refused:
        bare = Database(**PLACE, encryption="disable")
        services.register(by=administrator, organisation=bank, name="Warehouse", database=bare)
    assert [each.where for each in refused.value.problems] == ["encryption"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"table": ""}, "table"),
        ({"schema": "x" * 64}, "schema"),
        ({"period_column": "a\nb"}, "period_column"),
        ({"columns": ["income"]}, "columns"),
        ({"columns": ["income", "sex", ""]}, "columns"),
    ],
)
def test_names_that_are_none_or_lack_what_the_dataset_needs_are_refused(
    administrator, source, dataset, said: dict[str, Any], where
):
    given = {"table": "decisions", "period_column": "day", "begins_on": date(2026, 10, 1), **said}
    with pytest.raises(RuleBroken) as refused:
        services.feed(by=administrator, source=source, dataset=dataset, **given)
    assert [each.where for each in refused.value.problems] == [where]


def test_only_an_administrator_registers_and_names_tables(bank, owner, validator, source, dataset, feed):
    for actor in (owner, validator):
        for ask in (
            lambda: services.register(by=actor, organisation=bank, name="x", database=Database(**PLACE)),  # noqa: B023
            lambda: services.test(by=actor, source=source),  # noqa: B023
            lambda: services.end(by=actor, source=source),  # noqa: B023
            lambda: services.end_feed(by=actor, feed=feed),  # noqa: B023
        ):
            with pytest.raises(NotAllowed):
                ask()
    with viewing(owner):
        assert DataSource.objects.standing().count() == Feed.objects.filter(ended_at=None).count() == 1


def test_a_database_is_registered_once_and_a_dataset_fed_once(bank, administrator, source, dataset, feed):
    with pytest.raises(OutOfOrder):
        services.register(by=administrator, organisation=bank, name="Again", database=Database(**PLACE))
    again = {"table": "others", "period_column": "day", "begins_on": date(2026, 10, 1)}
    with pytest.raises(OutOfOrder):
        services.feed(by=administrator, source=source, dataset=dataset, **again)
    services.end_feed(by=administrator, feed=feed)
    assert services.feed(by=administrator, source=source, dataset=dataset, **again).table == "others"


def test_another_organisation_gets_the_answers_of_missing_ones(source, feed, stranger, broker, owner):
    asked = fetching.ask(by=owner, feed=feed, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
    client, none = sign_in(Client(), stranger), "00000000-0000-4000-8000-000000000000"
    assert "Warehouse" not in client.get("/sources/").content.decode()
    for way, key in (("sources/{}/", source.pk), ("feeds/{}/", feed.pk)):
        theirs, missing = client.get("/" + way.format(key)), client.get("/" + way.format(none))
        assert (theirs.status_code, theirs.content) == (404, missing.content)
    for way in (f"/sources/{source.pk}/test/", f"/sources/{source.pk}/end/", f"/feeds/{feed.pk}/end/"):
        assert client.post(way).status_code == 404
    ci = a_sender(broker, stranger, "windows:write")
    assert ci.client.get(f"/api/v1/fetches/{asked.pk}", headers=ci.headers).status_code == 404
    days = {"starts_on": "2026-10-01", "ends_on": "2026-10-31"}
    address = f"/api/v1/feeds/{feed.pk}/fetches"
    answer = ci.client.post(address, days, content_type="application/json", headers=ci.headers)
    assert answer.status_code == 404
    with viewing(stranger):
        assert not DataSource.objects.exists() and not Feed.objects.exists() and not Fetch.objects.exists()


def test_the_forms_register_feed_ask_and_end(administrator, owner, dataset, client):
    sign_in(client, administrator)
    said = {**PLACE, "name": "Warehouse", "port": "5432", "encryption": "verify-full"}
    page = client.post("/sources/add/", said)["Location"]
    fed = {
        "dataset": dataset.pk,
        "schema": "public",
        "table": "decisions",
        "period_column": "day",
        "begins_on": "2026-10-01",
    }
    feed = client.post(page, fed)["Location"]
    assert "decisions" in client.get(page).content.decode()
    october = {"part": "current", "starts_on": "2026-10-01", "ends_on": "2026-10-31"}
    assert client.post(feed, {**october, "ends_on": "2026-09-01"}).status_code == 422
    assert client.post(feed, october).status_code == 302
    assert client.post(feed, october).status_code == 422
    assert "Fetched from databases" in client.get(f"/models/{dataset.model_id}/data/").content.decode()
    assert client.post(f"{page}end/").status_code == 302


def test_the_api_lists_asks_and_tells(bank, administrator, owner, feed):
    ci = a_sender(bank, administrator, "windows:write")
    listed = ci.client.get(f"/api/v1/models/{feed.model_id}/feeds", headers=ci.headers).json()
    assert [(each["table"], each["columns"]) for each in listed] == [("public.decisions", ["income", "sex"])]
    assert "db.bank.kz" not in json.dumps(listed)
    days = {"starts_on": "2026-10-01", "ends_on": "2026-10-31"}
    address = f"/api/v1/feeds/{feed.pk}/fetches"
    asked = ci.client.post(address, days, content_type="application/json", headers=ci.headers)
    assert (asked.status_code, asked.json()["status"]) == (202, "due")
    told = ci.client.get(f"/api/v1/fetches/{asked.json()['id']}", headers=ci.headers).json()
    assert told == asked.json()
    reader = a_sender(bank, administrator, "gate:read")
    assert reader.client.get(f"/api/v1/fetches/{told['id']}", headers=reader.headers).status_code == 403


def test_one_feed_costs_as_many_queries_as_three(client, administrator, source, dataset, feed, owner):
    sign_in(client, administrator)
    counts = []
    for names in ((), ("two", "three")):
        for name in names:
            more: Dataset = data.describe(
                by=owner, model=dataset.model, name=name, features=["income"], sensitive=["sex"]
            )
            said = {"table": name, "period_column": "day", "begins_on": date(2026, 10, 1)}
            services.feed(by=administrator, source=source, dataset=more, **said)
        for page in (f"/sources/{source.pk}/", "/sources/", f"/models/{dataset.model_id}/data/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
