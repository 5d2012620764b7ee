"""Workers that take up errands of one organisation in the same moment get no more slots than there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from monitoring.decisions.models import Explained
from tests.monitoring.errands.test_shares import ERRANDS, ask, statuses, things_of
from tests.monitoring.runs.conftest import lender
from tests.monitoring.runs.test_claims import worker_of

__all__ = ["lender"]

pytestmark = [pytest.mark.commits]


def test_the_last_slot_is_given_once(lender, settings):
    settings.SENIM_RUN_SLOTS = 1
    asked = ask(lender, things_of(lender), *(f"A-{n}" for n in range(6)))

    def take(errand: Explained) -> bool:
        try:
            return ERRANDS.take(worker_of(lender), errand.pk) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, asked)) == 1
    assert sorted(statuses(lender)) == ["due"] * 5 + ["running"]
