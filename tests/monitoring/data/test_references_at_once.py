"""Two people of the second line decide on the same reference at the same moment: one does, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from governance.errors import OutOfOrder
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Window
from tests.factories import REGISTER, found, join
from tests.monitoring.loans import a_dataset, a_model
from tests.monitoring.runs.conftest import a_period

REASON = "The portfolio was sold in May."


@pytest.mark.commits
def test_of_two_who_decide_at_once_one_is_refused(committing):
    bank = found(1, name="First Bank")
    owner = join(bank, "model_owner", email="owner@bank.example")
    second = [join(bank, "validator", email=f"validator{n}@bank.example") for n in (1, 2)]
    dataset = a_dataset(owner, a_model(owner))
    a_period(owner, dataset, "first", part="reference")
    newer = a_period(owner, dataset, "newer", part="reference")
    together = Barrier(2)

    def decides(actor: Actor, verb: Any) -> str:
        together.wait(20)
        try:
            return str(verb(by=actor, window=newer, reason=REASON).acceptance)
        except OutOfOrder:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        verbs = (data.accept_reference, data.decline_reference)
        both = sorted(pool.map(decides, second, verbs))
    assert both in (["accepted", "refused"], ["declined", "refused"])
    with viewing(REGISTER):
        assert Window.objects.get(pk=newer.pk).acceptance == both[0]
