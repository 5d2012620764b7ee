"""Where a figure of the register is measured: a database of its own, and how often something is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import quantiles

from django.db import connections

from governance.config.env import env
from tests import database

ASKED = 100


@contextmanager
def a_database_of_its_own(name: str) -> Iterator[None]:
    """Migrated and with the catalogue loaded; the register's own, if there is one, stays as it is."""
    cluster = env().servers.database()
    before = connections["default"].settings_dict["NAME"]
    with database.clone(cluster, database.template(cluster), f"senim_bench_{name}") as there:
        _point_at(there)
        try:
            yield
        finally:
            _point_at(before)


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def p95(act: Callable[[], object], times: int = ASKED) -> float:
    """In milliseconds, after three that are not measured."""
    taken = []
    for n in range(-3, times):
        begun = time.perf_counter()
        act()
        if n >= 0:
            taken.append(1000 * (time.perf_counter() - begun))
    return quantiles(taken, n=20)[-1]
