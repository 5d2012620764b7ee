"""The bell after a commit: who writes is told at once that it is done, whether or not the broker lives."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from kombu.exceptions import OperationalError as BrokerAway

from governance.config import sweep
from tests.brokers import talking_to


@pytest.fixture
def no_broker(tmp_path):
    with talking_to(f"redis+socket://{tmp_path}/nobody.sock"):
        yield


def test_nobody_waits_for_a_broker_that_is_away(no_broker):
    sweep.ring(uuid4())  # whatever is imported at the first ring is there now
    began = time.monotonic()
    sweep.ring(uuid4())

    assert time.monotonic() - began < 1.0
    with pytest.raises(BrokerAway):  # so it was away indeed
        sweep.sweep_all.delay()
