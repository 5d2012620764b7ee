"""What surrounds each task: the request that rang goes with it, and one line in the log says how it ended."""

from __future__ import annotations

import logging
import time
import uuid
from contextvars import ContextVar
from typing import Any

from celery.signals import before_task_publish, task_failure, task_postrun, task_prerun

from governance.people import acting

HEADER = "senim_request"
RUNS = "monitoring.runs.tasks.work"
"""The task whose only argument is the id of a run."""

log = logging.getLogger(__name__)
_begun: ContextVar[float] = ContextVar("senim_task_begun", default=0.0)


@before_task_publish.connect
def say_who_rang(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    asked = acting.request_id.get()
    if headers is not None and asked:
        headers[HEADER] = asked


@task_prerun.connect
def remember_who_rang(task: Any = None, args: Any = (), **kwargs: Any) -> None:
    acting.request_id.set(str(getattr(task.request, HEADER, "") or "")[:64] or uuid.uuid4().hex)
    acting.run_at_work.set(str(args[0]) if task.name == RUNS and args else "")
    _begun.set(time.monotonic())


@task_postrun.connect
def say_how_it_went(task: Any = None, state: str = "", **kwargs: Any) -> None:
    ms = round((time.monotonic() - _begun.get()) * 1000)
    level = logging.INFO if acting.run_at_work.get() or state != "SUCCESS" else logging.DEBUG
    log.log(level, "task", extra={"fields": {"task": task.name, "state": state, "ms": ms}})
    acting.request_id.set("")
    acting.run_at_work.set("")


@task_failure.connect
def say_what_broke(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    if exception is not None:
        trouble = (type(exception), exception, exception.__traceback__)
        log.error("task failed", exc_info=trouble, extra={"fields": {"task": sender.name}})
