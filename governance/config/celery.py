"""The Celery application: the doorbell. PostgreSQL owns the truth of every job."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

PR_SET_PDEATHSIG = 1

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.config.settings")

app = Celery("senim", include=["governance.config.sweep", "governance.post.tasks", "monitoring.runs.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_init.connect
def look_before_working(**kwargs: Any) -> None:
    """The walls must stand; the checks worker imports the science libraries once, before it forks."""
    from django.db import connections

    from governance.config.env import env
    from governance.config.walls import refuse_if_weak
    from monitoring.engines.preload import preload, quieten

    refuse_if_weak()
    connections.close_all()
    quieten()
    if env().preload:
        preload()


@worker_process_init.connect
def end_with_the_parent(**kwargs: Any) -> None:
    """A pool process must not outlive a worker that was killed: nobody would ever give it work or end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
