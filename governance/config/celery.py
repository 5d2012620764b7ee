"""The Celery application: the doorbell. PostgreSQL owns the truth of every job."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init, worker_ready

PR_SET_PDEATHSIG = 1
IMPORTED_BY = os.getpid()
"""The worker, in itself and in the pool processes that it forks."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.config.settings")

app = Celery(
    "senim",
    include=[
        "governance.config.sweep",
        "governance.config.pulse",
        "governance.post.tasks",
        "audits.packs.tasks",
        "monitoring.runs.tasks",
        "monitoring.arrivals.tasks",
        "monitoring.recomputing.tasks",
        "monitoring.decisions.tasks",
        "monitoring.evidently_reports.tasks",
        "monitoring.mlflow_link.tasks",
        "monitoring.sources.tasks",
    ],
)
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def log_as_everywhere(**kwargs: Any) -> None:
    """That there is a receiver keeps Celery from setting up logs of its own."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(True)


@worker_init.connect
def look_before_working(**kwargs: Any) -> None:
    """The walls must stand; the checks worker imports the science libraries once, before it forks, and tries its sandbox."""
    from django.db import connections

    from governance.config import loaded
    from governance.config.env import env
    from governance.config.walls import refuse_if_weak
    from monitoring.checks import REFUSED, plugins
    from monitoring.engines import spilling
    from monitoring.engines.preload import preload, quieten
    from monitoring.runs import claims, isolation

    refuse_if_weak()
    plugins.tell(REFUSED)
    connections.close_all()
    quieten()
    if env().preload:
        let_go_when_silent(claims.LEASE.seconds)
        spilling.sweep()
        isolation.sandbox.start()  # it imports while we do
        preload()
        isolation.keep()
    loaded.set_aside()


def let_go_when_silent(seconds: int) -> None:
    """A worker that stands still in mid-transaction loses it, with all that it has locked, no later than its lease."""
    from django.db import connections

    options = connections["default"].settings_dict["OPTIONS"]
    ours = f"-c idle_in_transaction_session_timeout={seconds}s"
    options["options"] = f"{options.get('options', '')} {ours}".strip()


@worker_ready.connect
def say_that_we_live(sender: Any = None, **kwargs: Any) -> None:
    """At once, not only at the clock's next round."""
    from django.db import connections

    from governance.people import pulse

    pulse.felt(*sender.app.amqp.queues.consume_from)
    connections.close_all()  # pool processes that are forked later must not share it


@worker_process_init.connect
def end_with_the_parent(**kwargs: Any) -> None:
    """A pool process must not outlive a worker that was killed: nobody would ever give it work or end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != IMPORTED_BY:  # it died before we asked
            os._exit(143)
