"""The bell after a commit: who writes is told at once that it is done, whether or not the broker lives."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from celery import current_app

from governance.config import sweep


@pytest.fixture
def no_broker(tmp_path):
    former = current_app.conf.broker_url
    current_app.conf.broker_url = f"redis+socket://{tmp_path}/nobody.sock"
    current_app.amqp._producer_pool = None
    yield
    current_app.conf.broker_url = former
    current_app.amqp._producer_pool = None


def test_nobody_waits_for_a_broker_that_is_away(no_broker, caplog):
    sweep.ring(uuid4())  # whatever is imported at the first ring is there now
    began = time.monotonic()
    sweep.ring(uuid4())

    assert time.monotonic() - began < 1.0
    assert "the broker does not answer; the next round will catch up" in caplog.text
