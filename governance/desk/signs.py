"""How the parts of the installation fare: each with a status, what is known, and what to do next.

Silence is never health: a part that was not heard says since when, and what is not done because of it.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from governance.desk import broker
from governance.people import pulse
from monitoring.mlflow_link.models import Connector
from monitoring.runs import isolation
from monitoring.runs import words as isolations
from monitoring.runs.claims import LEASE
from monitoring.runs.models import RunLease
from monitoring.sandbox.levels import SANDBOXES
from monitoring.sources.models import Fetch

SILENCE = timedelta(seconds=90)
LITTLE_SPACE = 2 * 1024**3
LITTLE_SHARE = 0.10
LAST_BACKUP = timedelta(days=2)


@dataclass(frozen=True)
class Sign:
    """status: a key of the status component; part: of what; words: what is known; todo: what to do next, or ""."""

    status: str
    part: str
    words: str
    todo: str = ""


def of_the_installation(now: datetime) -> list[Sign]:
    """Inside `viewing` of Senim itself: leases of all organisations count as signs of the workers."""
    heard = _heard(now)
    return [
        _broker(),
        *_workers(heard, now),
        _clock(heard, now),
        *_isolation(),
        _disk(),
        _keys(),
        _mail(),
        _backup(heard, now),
    ]


def _heard(now: datetime) -> dict[str, datetime]:
    """A worker that is busy for long answers no bell, but holds a lease."""
    heard = pulse.last_felt()
    busy = RunLease.objects.filter(run__status="running", expires_at__gt=now).aggregate(at=Max("expires_at"))
    if busy["at"]:
        renewed = busy["at"] - LEASE
        heard["checks"] = max(renewed, heard.get("checks", renewed))
    if Fetch.objects.held().exists() or Connector.objects.held(now).exists():
        heard["outside"] = now
    return heard


def _broker() -> Sign:
    if broker.answers():
        return Sign("in_order", _("Broker"), _("It answers."))
    return Sign(
        "attention",
        _("Broker"),
        _("It does not answer. What is to be done waits in the database and nothing is lost."),
        _("Start Valkey, or look into its log."),
    )


def _workers(heard: Mapping[str, datetime], now: datetime) -> Iterator[Sign]:
    parts = {
        "default": (
            _("Worker of requirements and letters"),
            _("Requirements are not computed and letters are not sent."),
        ),
        "checks": (_("Worker of checks"), _("Checks are not run.")),
        "outside": (
            _("Worker of connections"),
            _("Databases and MLflow servers of organisations are not read."),
        ),
    }
    for queue, (part, consequence) in parts.items():
        yield _worker(part, consequence, heard.get(queue), now)


def _worker(part: str, consequence: str, at: datetime | None, now: datetime) -> Sign:
    todo = _("Start it, or look into its log.")
    if at is None:
        return Sign("not_run", part, _("It has never answered.") + " " + consequence, todo)
    if now - at > SILENCE:
        words = _("It has not answered since %(at)s.") % {"at": moment(at)}
        return Sign("not_run", part, f"{words} {consequence}", todo)
    return Sign("in_order", part, _("It answered at %(at)s.") % {"at": moment(at)})


def _clock(heard: Mapping[str, datetime], now: datetime) -> Sign:
    """The clock speaks through the workers: when none answers, nobody can tell whether it ticks."""
    part, at = _("Clock"), heard.get(pulse.CLOCK)
    if at is not None and now - at <= SILENCE:
        return Sign("in_order", part, _("It ticked at %(at)s.") % {"at": moment(at)})
    if not any(now - heard[queue] <= SILENCE for queue in pulse.QUEUES if queue in heard):
        return Sign(
            "unknown",
            part,
            _("No worker answers, so it cannot be seen whether the clock ticks."),
            _("Start the workers first."),
        )
    words = _("It has not ticked since %(at)s.") % {"at": moment(at)} if at else _("It has never ticked.")
    return Sign(
        "attention",
        part,
        f"{words} " + _("What is due by date is not started by itself."),
        _("Start the clock (Celery beat)."),
    )


def _isolation() -> Iterator[Sign]:
    """What each worker of checks found when it last started."""
    part, found = _("Sandbox for the files of models"), isolation.kept()
    if not found:
        todo = _("It is tried when the worker of checks starts.")
        yield Sign("unknown", part, _("It has not been tried yet."), todo)
    for each in found:
        words = _("%(host)s, tried at %(at)s: %(how)s.") % {
            "host": each.host,
            "at": moment(each.at),
            "how": isolations.isolation(each.level) if each.level else _("the files of models are not run"),
        }
        if each.level in SANDBOXES:
            yield Sign("in_order", part, words)
        else:
            left = each.why or ", ".join(each.open)
            stood_open = _("What failed or stood open: %(what)s.") % {"what": left} if left else ""
            todo = _("Allow user namespaces or Landlock there and start the worker again.")
            yield Sign("attention" if each.level else "not_run", part, f"{words} {stood_open}".strip(), todo)


def _disk() -> Sign:
    part = _("Space for files")
    try:
        disk = shutil.disk_usage(settings.SENIM_HOME)
    except OSError:
        return Sign("unknown", part, _("The folder of the files cannot be read."), _("Look at SENIM_HOME."))
    words = _("%(free)s of %(all)s are free.") % {
        "free": filesizeformat(disk.free),
        "all": filesizeformat(disk.total),
    }
    if disk.free < LITTLE_SPACE or disk.free < LITTLE_SHARE * disk.total:
        return Sign("attention", part, words, _("Make room before uploads are refused."))
    return Sign("in_order", part, words)


def _keys() -> Sign:
    part, folder = _("Keys"), Path(settings.SENIM_HOME) / "keys"
    found = sorted(folder.glob("[!.]*")) if folder.is_dir() else []
    if not found:
        return Sign("unknown", part, _("None has been made yet; each is made at its first use."))
    open_to_others = [path.name for path in found if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        words = _("Other accounts of the server can read: %(names)s.") % {"names": ", ".join(open_to_others)}
        return Sign("attention", part, words, _("Close them: chmod 600."))
    return Sign("in_order", part, _("%(count)s keys, closed to others.") % {"count": len(found)})


def _mail() -> Sign:
    if settings.EMAIL_BACKEND.endswith("KeptMail"):
        return Sign(
            "attention",
            _("Mail server"),
            _("None is set: letters are kept as files on the server and reach nobody."),
            _("Set SENIM_EMAIL_URL."),
        )
    return Sign("in_order", _("Mail server"), _("One is set."))


def _backup(heard: Mapping[str, datetime], now: datetime) -> Sign:
    part, at, todo = _("Backup"), heard.get(pulse.BACKUP), _("Run manage.py backup each night.")
    if at is None:
        return Sign("attention", part, _("None has been made on this installation."), todo)
    words = _("The last one was made at %(at)s.") % {"at": moment(at)}
    if now - at > LAST_BACKUP:
        return Sign("attention", part, words, todo)
    return Sign("in_order", part, words)


def moment(at: datetime) -> str:
    """In the reader's notation, on the reader's clock."""
    return str(formats.date_format(timezone.localtime(at), "DATETIME_FORMAT"))
