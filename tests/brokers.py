"""Which broker this process rings at: for a test alone, and then the one it had before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app


def talk_to(url: str) -> None:
    """Reading and writing: an address for writing that somebody has set outweighs the common one."""
    current_app.conf.broker_url = current_app.conf.broker_write_url = current_app.conf.broker_read_url = url
    current_app.amqp._producer_pool = None


@contextmanager
def talking_to(url: str) -> Iterator[None]:
    before = current_app.conf.broker_write_url
    talk_to(url)
    try:
        yield
    finally:
        talk_to(before)
