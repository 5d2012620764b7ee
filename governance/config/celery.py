"""The Celery application: the doorbell. PostgreSQL owns the truth of every job."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.config.settings")

app = Celery("senim", include=["governance.config.sweep", "governance.post.tasks", "monitoring.runs.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_init.connect
def look_before_working(**kwargs: Any) -> None:
    """The walls must stand; the checks worker imports the science libraries once, before it forks."""
    from django.db import connections

    from governance.config.env import env
    from governance.config.walls import refuse_if_weak

    refuse_if_weak()
    connections.close_all()
    if env().preload:
        from monitoring.engines.preload import preload

        preload()
