"""Whether the broker answers, asked over a connection of its own, within a second."""

from __future__ import annotations

from celery import current_app
from kombu.exceptions import OperationalError

PATIENCE = 1


def answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE) as asked:
            asked.ensure_connection(max_retries=1, timeout=PATIENCE, interval_start=0)
            return bool(asked.connected)
    except (OSError, OperationalError):
        return False
