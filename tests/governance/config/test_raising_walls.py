"""Walls are raised in one transaction that locks every table; Senim may serve meanwhile."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections, transaction

from governance.config import walls
from governance.people.isolation import isolated_models

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"


def test_walls_that_meet_a_reader_crosswise_are_raised_again(committing, monkeypatch):
    """The reader has the last table and wants the first; who waits longer is ended, which is us."""
    first, last = (isolated_models()[at]._meta.db_table for at in (0, -1))
    attempts: list[str] = []
    install = walls._install

    def counted(using: str) -> None:
        attempts.append(using)
        install(using)

    def raised() -> None:
        try:
            walls.raise_walls()
        finally:
            connections.close_all()

    monkeypatch.setattr(walls, "_install", counted)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{last}"')
            done = pool.submit(raised)
            until = time.monotonic() + 30
            while time.monotonic() < until:
                cursor.execute(WAITING, [last])
                if cursor.fetchone() != (0,):
                    break
                time.sleep(0.02)
            cursor.execute(f'SELECT count(*) FROM "{first}"')
        done.result(timeout=60)
    assert attempts == ["owner", "owner"] and walls.weaknesses() == []
