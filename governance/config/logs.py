"""Logs: one line of JSON an event, with who and which request, and nothing that anybody typed or sent.

A path is named by its template: real ones hold ids, and those of invitations a secret. An exception is named by its
type and the places it passed; its message is left out, because databases and parsers quote values in theirs.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from governance.people import acting

QUOTING = ("django.request", "django.security", "django.server", "celery.app.trace", "gunicorn.error")
"""Loggers whose warnings quote what was asked for or sent: what they say is written without it."""

Trouble = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class JsonLines(logging.Formatter):
    """`extra={"fields": {…}}` adds fields to a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        line |= {"request": acting.request_id.get(), "run": acting.run_at_work.get(), **actor_fields()}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line |= exception_fields(record.exc_info)
        return json.dumps({key: value for key, value in line.items() if value != ""}, ensure_ascii=False)


def message_of(record: logging.LogRecord) -> str:
    if not record.name.startswith(QUOTING) or record.levelno < logging.WARNING:
        return record.getMessage()
    if record.msg == "%s: %s" and isinstance(record.args, tuple):  # "Internal Server Error: /path"
        return str(record.args[0])
    return str(record.msg)


def actor_fields() -> dict[str, str]:
    """Kind and id of who reads or writes, and for which organisation; never a name."""
    actor = acting.current_actor()
    if actor is None:
        return {}
    return {"actor": actor.label, "organisation": str(actor.organisation_id or "")}


def exception_fields(trouble: Trouble) -> dict[str, Any]:
    kind, error, _places = trouble
    if kind is None or error is None:
        return {}
    return {"exception": _names(error), "places": list(_places_of(error))}


def _names(error: BaseException) -> str:
    """`IntegrityError from UniqueViolation`"""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < 5:
        names.append(type(seen).__name__)
        seen = seen.__cause__ or seen.__context__
    return " from ".join(names)


def _places_of(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "governance.config.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # What these say of a task includes its arguments and errors; `doorbell` says what we want to know.
        "celery.app.trace": {"level": "CRITICAL"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.worker.job": {"level": "WARNING"},
    },
}
"""For Django and the workers; gunicorn takes the same formatter."""
