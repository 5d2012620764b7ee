"""Senim's Celery application before a broker that delivers every message three times: `celery -A tests.chaos.thrice …`."""

from __future__ import annotations

from typing import Any

from governance.config.celery import app

TIMES = 3
_once = app.send_task


def send_task(name: str, *args: Any, **kwargs: Any) -> Any:
    """One message, and copies of it with the same id: what a broker does that has lost a receipt."""
    sent = _once(name, *args, **kwargs)
    for _again in range(TIMES - 1):
        _once(name, *args, **{**kwargs, "task_id": sent.id})
    return sent


app.send_task = send_task
