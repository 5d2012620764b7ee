"""The figures of /metrics: what PostgreSQL knows of the work, what the disk has left, what the web has answered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, F, Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from governance.config import counters, readiness
from governance.obligations.models import DutySheet
from governance.people import pulse
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.post.models import Message
from monitoring.runs.models import Run, RunStatus

LEDGER_ROWS = (
    "SELECT coalesce(sum(n_live_tup), 0) FROM pg_stat_user_tables WHERE relname = 'audits_ledgerentry'"
)
NEVER = float("inf")


def written() -> tuple[bytes, str]:
    """The page and its content type."""
    register = CollectorRegistry()
    register.register(_OfTheRegister())
    return generate_latest(register) + generate_latest(counters.everywhere()), CONTENT_TYPE_LATEST


class _OfTheRegister(Collector):
    """Asked anew at each scrape. Without a database only what needs none is there, and `senim_up` is 0."""

    def collect(self) -> Iterator[Metric]:
        found = readiness.look()
        yield _gauge("senim_broker_up", "Whether the broker answers.", found.broker)
        yield _gauge("senim_walls_up", "Whether the walls of the database stand.", found.walls)
        disk = shutil.disk_usage(_existing(Path(settings.SENIM_HOME)))
        yield _gauge("senim_store_free_bytes", "Bytes free where the files are kept.", disk.free)
        try:
            with viewing(Actor.system("figures")):
                known = list(_known(timezone.now()))
        except Error:
            connection.close()
            yield _gauge("senim_up", "Whether the database answers.", 0)
            return
        yield _gauge("senim_up", "Whether the database answers.", 1)
        yield from known


def _known(now: datetime) -> Iterator[Metric]:
    yield from _runs(now)
    behind = DutySheet.objects.exclude(computed_at_revision=F("model__revision")).count()
    yield _gauge("senim_duties_behind", "Models whose requirements are not computed yet.", behind)
    waiting = Message.objects.undelivered()
    yield _gauge("senim_messages_undelivered", "Messages that wait for their delivery.", waiting.count())
    with connection.cursor() as cursor:
        cursor.execute(LEDGER_ROWS)
        yield _gauge(
            "senim_ledger_rows", "Entries of the ledger, as PostgreSQL estimates.", cursor.fetchone()[0]
        )
    yield _pulses(now)


def _runs(now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily("senim_runs", "Runs of checks by status.", labels=["status"])
    counted = dict(Run.objects.values_list("status").annotate(Count("pk")).order_by())
    for status in RunStatus.values:
        family.add_metric([status], counted.get(status, 0))
    yield family
    oldest = Run.objects.filter(status=RunStatus.DUE, due_at__lte=now).aggregate(at=Min("due_at"))["at"]
    age = (now - oldest).total_seconds() if oldest else 0
    yield _gauge("senim_oldest_due_run_seconds", "For how long the oldest due run has waited.", age)


def _pulses(now: datetime) -> Metric:
    family = GaugeMetricFamily(
        "senim_last_heard_seconds", "Seconds since each part was heard last.", labels=["part"]
    )
    heard = pulse.last_felt()
    for part in (*pulse.QUEUES, pulse.CLOCK):
        age = (now - heard[part]).total_seconds() if part in heard else NEVER
        family.add_metric([part], age)
    return family


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
