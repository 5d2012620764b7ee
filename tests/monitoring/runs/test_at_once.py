"""Somebody asks for the checks while the schedule asks for the same ones: neither waits for ever, each is asked once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.ground import CHECKOUT
from tests.monitoring.runs.conftest import due_run

pytestmark = [pytest.mark.commits]


def test_a_row_that_refers_to_the_model_does_not_wait_for_whoever_asks(lender):
    """Inserting a run locks the key of its model: whoever asks for checks must not want that key for themselves."""
    things, run = due_run(lender, "drift")

    def asks() -> list[Run]:
        try:
            return runs.start(by=lender, model=things.model)
        finally:
            connections.close_all()

    with acting(Actor.system("test", things.model.organisation_id), "test.refers", quiet=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM governance_aimodel WHERE id = %s FOR KEY SHARE", [things.model.pk])
            assert cursor.fetchone()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(asks).result(timeout=20) == [run]


def test_no_lock_of_ours_takes_the_key_of_a_row():
    """FOR UPDATE makes every row that refers to this one wait, and two such waits are a deadlock."""
    wrong = [
        str(path.relative_to(CHECKOUT))
        for room in ("governance", "monitoring", "audits")
        for path in (CHECKOUT / room).rglob("*.py")
        if re.search(r"select_for_update\(\)", path.read_text())
    ]
    assert wrong == []
