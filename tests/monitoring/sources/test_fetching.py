"""A period is fetched from a real PostgreSQL, read only, and handed in like any file; what fails says why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import psycopg
import pyarrow.parquet as pq
import pytest

from audits.ledger import services as ledger
from audits.packs import verify
from governance import store
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data.models import Dataset, Window
from monitoring.shielding import services as shielding
from monitoring.sources import fetching, reading, services
from monitoring.sources.models import Fetch
from tests.factories import sign_in
from tests.monitoring.sources.conftest import database_of

pytestmark = pytest.mark.django_db


def kept(window: Window) -> list[dict]:
    return pq.read_table(store.path(window.organisation_id, window.sha256)).to_pylist()


def reads(owner: Actor, dataset: Dataset, *columns: str) -> None:
    """A version of the model reads these columns, so that they are stored."""
    with viewing(owner):
        model = AIModel.objects.get(pk=dataset.model_id)
    inventory.add_version(by=owner, model=model, label="1.0", features=columns)


def test_the_rows_of_the_period_become_a_data_period_with_their_types(feeds, fetches, owner, dataset):
    reads(owner, dataset, "amount", "ok", "day")
    done = fetches(feeds(columns=["income", "sex", "amount", "ok", "day"]))

    assert (done.status, done.trouble, done.rows) == ("done", "", 3100)
    window = done.window
    assert (window.name, window.rows) == ("2026-10-01 – 2026-10-31", 3100)
    assert (window.starts_on, window.ends_on) == (date(2026, 10, 1), date(2026, 10, 31))
    assert {each["name"]: each["type"] for each in window.columns} == {
        "income": "int64",
        "sex": "string",
        "amount": "double",
        "ok": "bool",
        "day": "date32[day]",
    }
    days = [row["day"] for row in kept(window)]
    assert (min(days), max(days), days == sorted(days)) == (date(2026, 10, 1), date(2026, 10, 31), True)


def test_the_fetch_says_what_was_asked_when_and_what_came(feeds, fetches, owner):
    done = fetches(feeds())

    assert done.query == (
        'SELECT "income", "sex" FROM "public"."decisions" WHERE "day" >= \'2026-10-01\'::date AND "day" < '
        '\'2026-11-01\'::date ORDER BY "day", "income", "sex"'
    )
    assert (
        done.digest == done.window.source_sha256
        and done.window.source_name == "Warehouse – public.decisions.parquet"
    )
    assert done.begun_at <= done.ended_at and done.asked_by_id == owner.user_id


def test_a_moment_belongs_to_the_day_that_it_is_in_almaty(feeds, fetches):
    done = fetches(feeds(period_column="at"), "2026-09-02", "2026-09-02")
    assert [row["income"] for row in kept(done.window)] == list(range(24, 48))


def test_a_name_is_a_name_whatever_it_says(feeds, fetches):
    assert fetches(feeds("odd; DROP TABLE decisions")).rows == 3100


def test_only_reading_is_possible(feeds, fetches, warehouse):
    """The account may write there; the transaction may not."""
    done = fetches(feeds("meddling"))
    assert (done.status, done.trouble) == ("failed", "server_error")
    with psycopg.connect(warehouse.superuser) as connection:
        assert connection.execute("SELECT count(*) FROM dirty").fetchone() == (2,)


@pytest.mark.parametrize(
    ("table", "said", "trouble"),
    [
        ("nothing", {}, "no_table"),
        ("decisions", {"schema": "nowhere"}, "no_table"),
        ("hidden", {}, "not_allowed"),
        ("decisions", {"columns": ["income", "sex", "shoe_size"]}, "no_column"),
        ("decisions", {"columns": ["income", "sex", "tags"]}, "wrong_type"),
        ("decisions", {"period_column": "income"}, "wrong_period"),
    ],
)
def test_what_cannot_be_fetched_says_why_and_leaves_nothing(feeds, fetches, owner, table, said, trouble):
    done = fetches(feeds(table, **said))
    assert (done.status, done.trouble, done.window) == ("failed", trouble, None)
    with viewing(owner):
        assert not Window.objects.exists()


def test_a_date_that_never_comes_is_no_value(feeds, fetches):
    done = fetches(feeds("endless", columns=["income", "sex", "day"]), "2026-10-01", "9999-12-30")
    assert (done.status, done.trouble) == ("failed", "refused")


def test_broken_rows_are_refused_like_those_of_a_file_and_named(feeds, fetches, client, owner):
    feed = feeds("dirty")
    done = fetches(feed)
    assert (done.status, done.trouble) == ("failed", "refused")
    assert done.refused.counts == {"not_numeric": 2}
    page = sign_in(client, owner).get(f"/feeds/{feed.pk}/").content.decode()
    assert f"/refused/{done.refused_id}/broken-rows.csv" in page
    assert "Rows arrived, and they are no data period of this dataset." in page


def test_a_period_without_rows_is_no_data_period(feeds, fetches):
    assert fetches(feeds(), "2020-01-01", "2020-01-31").trouble == "refused"


def test_a_slow_query_is_given_up(feeds, fetches, monkeypatch):
    monkeypatch.setattr(reading, "STATEMENT_SECONDS", 1)
    assert fetches(feeds("slow")).trouble == "timed_out"


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ({"password": "another"}, "sign_in_refused"),
        ({"database": "nowhere"}, "sign_in_refused"),
        ({"port": 9}, "no_answer"),
        ({"host": "db.bank.invalid"}, "unknown_host"),
        ({"host": "169.254.169.254"}, "refused_address"),
        ({"host": "localhost"}, "tls"),
        ({"authority": ""}, "tls"),
        ({"port": "bare"}, "no_tls"),
    ],
)
def test_a_test_of_the_connection_says_what_is_wrong(bank, administrator, warehouse, said, trouble):
    """localhost: the certificate is for another name. Without the authority nobody vouches for it."""
    said = {key: warehouse.bare_port if value == "bare" else value for key, value in said.items()}
    source = services.register(
        by=administrator, organisation=bank, name="Other", database=database_of(warehouse, **said)
    )
    assert services.test(by=administrator, source=source) == trouble


def test_the_connection_works_encrypted_and_verified_and_less_only_by_name(
    bank, administrator, source, warehouse
):
    assert services.test(by=administrator, source=source) == ""
    for encryption in ("require", "disable"):
        services.end(by=administrator, source=source)
        said = database_of(warehouse, encryption=encryption, authority="")
        source = services.register(by=administrator, organisation=bank, name="Less", database=said)
        assert services.test(by=administrator, source=source) == ""


def test_in_production_this_very_machine_is_not_a_database(administrator, source, settings):
    settings.PRODUCTION = True
    assert services.test(by=administrator, source=source) == "refused_address"


def test_a_second_delivery_changes_nothing(feeds, fetches, owner):
    done = fetches(feeds())
    fetching.work(done.organisation_id, done.pk)
    with viewing(owner):
        assert Window.objects.count() == 1 and Fetch.objects.get().fence == 1


def test_a_worker_that_was_given_up_writes_nothing(feeds, owner, tmp_path):
    asked = fetching.ask(by=owner, feed=feeds(), starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
    worker = Actor.system("data source reader", asked.organisation_id)
    slow = fetching._claimed(worker, asked.pk)
    with acting(worker, "test.arranged"):
        Fetch.objects.update(expires_at="2026-01-01T00:00Z")
    fetching.work(asked.organisation_id, asked.pk)

    fetching._fetch(replace(worker, user_id=owner.user_id), slow, tmp_path)
    fetching._failed(replace(worker, user_id=owner.user_id), slow, "timed_out")

    with viewing(owner):
        assert Window.objects.count() == 1
        assert (Fetch.objects.get().status, Fetch.objects.get().fence) == ("done", 2)


def test_a_period_is_asked_for_once_and_by_those_who_may(feeds, owner, validator, dataset):
    feed = feeds()
    october = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}
    with pytest.raises(NotAllowed):
        fetching.ask(by=validator, feed=feed, **october)
    with pytest.raises(RuleBroken):
        fetching.ask(by=owner, feed=feed, starts_on=date(2026, 10, 2), ends_on=date(2026, 10, 1))
    asked = fetching.ask(by=owner, feed=feed, **october)
    with pytest.raises(OutOfOrder):
        fetching.ask(by=owner, feed=feed, **october)
    fetching.work(asked.organisation_id, asked.pk)
    with pytest.raises(OutOfOrder):
        fetching.ask(by=owner, feed=feed, **october)
    with viewing(owner):
        assert Fetch.objects.count() == 1


def test_its_receipt_proves_the_data_period_and_the_fetch(feeds, fetches, client, owner, bank, tmp_path):
    done = fetches(feeds())
    ledger.catch_up(bank.pk)
    said = sign_in(client, owner).get(f"/windows/{done.window_id}/receipt/").json()
    tables = [json.loads(each["entry"])[8] for each in said["entries"]]
    assert tables[0] == "monitoring_window" and set(tables[1:]) == {"monitoring_fetch"}
    last = json.loads(said["entries"][-1]["content"])["changes"]
    assert last["query"][1] == done.query and last["rows"][1] == 3100 and last["digest"][1] == done.digest
    place = tmp_path / "receipt.json"
    place.write_text(json.dumps(said))
    assert verify.check_receipt(place, None) == 0


def test_the_same_rows_come_in_the_same_order(feeds, fetches, owner, dataset):
    reads(owner, dataset, "day")
    feed = feeds(columns=["income", "sex", "day"])
    first = fetches(feed)
    again = fetches(feed, part="reference", starts_on="2026-10-01", ends_on="2026-10-30")
    assert kept(again.window) == [row for row in kept(first.window) if row["day"] < date(2026, 10, 31)]


def test_rows_that_became_protected_are_asked_of_no_server(feeds, owner, dataset, warehouse):
    """Neither a new fetch nor one that was waiting when the dataset was said to hold personal data."""
    october = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}
    feed = feeds()
    waiting = fetching.ask(by=owner, feed=feed, **october)
    shielding.protect(by=owner, dataset=dataset, personal=True, bank_secret=False)
    fetching.work(waiting.organisation_id, waiting.pk)
    with viewing(owner):
        done = Fetch.objects.get()
        assert (done.status, done.trouble, done.query, Window.objects.count()) == (
            "failed",
            "not_taken",
            "",
            0,
        )
    with pytest.raises(OutOfOrder, match="not fetched"):
        fetching.ask(by=owner, feed=feed, **october)
