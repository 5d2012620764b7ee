"""Gunicorn's settings: `gunicorn -c python:governance.config.gunicorn governance.config.wsgi:application`."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from typing import Any

from governance.config import logs
from governance.config.env import env

bind = f"{env().bind}:{env().port}"
workers = 2
threads = 4
# Each worker opens its own database connections: forking an open one would share it.
preload_app = False
max_requests = 5000
max_requests_jitter = 500
graceful_timeout = 10
# Longer than a client keeps an idle connection, so that it is never ended just as the client speaks again.
keepalive = 75
control_socket_disable = True
# Whose X-Forwarded-… to believe is Django's decision (SENIM_PROXIES); gunicorn itself reads none of them.
forwarded_allow_ips = ""
accesslog = None
logconfig_dict = logs.CONFIGURATION | {
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False}},
}

logging.captureWarnings(True)

# Each process counts in files of its own, which any of them adds up. Not in SENIM_HOME: several hosts may share that.
_counts = tempfile.mkdtemp(prefix="senim-counts-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts


def child_exit(server: object, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: object) -> None:
    shutil.rmtree(_counts, ignore_errors=True)
