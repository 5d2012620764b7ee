"""Whether anybody else waits: of every kind that stands in line, and nothing more is told of them."""

from __future__ import annotations

import pytest
from django.db import connection

from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.arrivals.models import Arrival
from monitoring.decisions.models import Explained
from monitoring.runs.lookup import in_line, is_alone
from tests.monitoring.errands.test_shares import ask, things_of
from tests.monitoring.runs.test_claims import worker_of

pytestmark = pytest.mark.django_db


def finished(owner: Actor, kind: type, **values: object) -> None:
    with acting(worker_of(owner), "test.finished"):
        kind._default_manager.update(**values)


def test_an_errand_of_another_organisation_counts_until_it_is_answered(owner, stranger):
    assert is_alone(owner.organisation_id)
    things = things_of(stranger)
    ask(stranger, things, "A-1")
    assert not is_alone(owner.organisation_id) and is_alone(stranger.organisation_id)
    finished(stranger, Explained, status="done")
    assert is_alone(owner.organisation_id)


def test_a_data_period_that_nobody_has_looked_through_counts(owner, stranger):
    things = things_of(stranger)
    window = things.windows["current"]
    with acting(worker_of(stranger), "arrival.noticed"):
        Arrival.objects.create(
            organisation_id=window.organisation_id, model_id=window.model_id, window=window
        )
    assert not is_alone(owner.organisation_id)
    finished(stranger, Arrival, looked_at="2026-01-01T00:00Z")
    assert is_alone(owner.organisation_id)


def test_it_looks_at_every_kind_and_answers_yes_or_no():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, prorettype::regtype::text FROM pg_proc WHERE proname = 'senim_is_alone'"
        )
        [(source, kind)] = cursor.fetchall()
    tables = {each._meta.db_table for each in in_line()}
    assert len(tables) >= 4 and all(f'"{table}"' in source for table in {*tables, "monitoring_run"})
    assert kind == "boolean"
