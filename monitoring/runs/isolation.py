"""How far apart from everything else this machine can run a model's file: tried once, when the worker starts.

A file in SENIM_HOME/isolation keeps what was tried, for the page of health. Where nothing holds, files are not run.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from monitoring.engines.preload import FOR_ARTEFACTS, QUIET
from monitoring.sandbox import proof
from monitoring.sandbox.levels import PROCESS, SANDBOXES, Level
from monitoring.sandbox.proof import Address, Outside, Proof
from monitoring.sandbox.running import Sandbox

FOLDER = "isolation"
JOBS = ("monitoring.runs.apart", "monitoring.decisions.apart", "monitoring.sandbox.attempts")
BROKER_PORT = 6379

log = logging.getLogger(__name__)

sandbox = Sandbox([*FOR_ARTEFACTS, *JOBS], QUIET)
"""Shared by the processes of a worker, which are forked after it was started."""


@dataclass(frozen=True)
class Standing:
    """level: where files are run; None = nowhere, for nothing holds. proof: of that level, or of the last one tried."""

    level: Level | None
    proof: Proof


@dataclass(frozen=True)
class Kept:
    """What a worker found when it started."""

    host: str
    at: datetime
    level: str
    open: tuple[str, ...]
    why: str


@lru_cache(maxsize=1)
def standing() -> Standing:
    """Of this machine, as it was when it was first asked for."""
    found = tried(sandbox, allowed=settings.SENIM_ISOLATION)
    refused = f"{len(found.proof.tried) - len(found.proof.open)} of {len(found.proof.tried)} attempts refused"
    log.log(
        logging.INFO if found.level in SANDBOXES else logging.WARNING,
        "files of models are run: level %s; layers %s; %s; open: %s; %s",
        found.level or "none, they are not run",
        ", ".join(found.proof.layers) or "none",
        refused,
        ", ".join(found.proof.open) or "nothing",
        found.proof.why or "no trouble",
    )
    return found


def tried(runs: Sandbox, *, allowed: str) -> Standing:
    """The best level whose proof holds. allowed: "process" = also a mere process, by the operator's word."""
    at = outside()
    last = Proof(PROCESS)
    for level in SANDBOXES:
        last = proof.prove(runs, level, at)
        if last.holds:
            return Standing(level, last)
        log.warning("the sandbox by %s does not hold: %s", level, last.why or ", ".join(last.open))
    if allowed != PROCESS:
        return Standing(None, last)
    return Standing(PROCESS, proof.prove(runs, PROCESS, at))


def outside() -> Outside:
    """What a model's file must never reach: our database, our broker, our secrets."""
    database = settings.DATABASES["default"]
    host, port = str(database["HOST"]), int(database["PORT"] or 5432)
    at: Address = (f"{host}/.s.PGSQL.{port}",) if host.startswith("/") else (host or "127.0.0.1", port)
    home = Path(settings.SENIM_HOME)
    keys = {f"key_{path.name}": path for path in sorted((home / "keys").glob("[!.]*"))[:9]}
    secrets = {"secret_key": home / "secret-key", **keys}
    return Outside({"database": at, "broker": _broker()}, secrets)


def _broker() -> Address:
    url = urlsplit(settings.CELERY_BROKER_URL)
    if not url.hostname:
        return (url.path,)
    return (url.hostname, url.port or BROKER_PORT)


def keep() -> None:
    """Write down what was found, for whoever looks at the page of health."""
    found, at = standing(), timezone.now()
    folder = Path(settings.SENIM_HOME) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{socket.gethostname()}"
    draft.write_text(json.dumps({**asdict(found.proof), "at": at.isoformat(), "level": found.level or ""}))
    draft.rename(folder / f"{socket.gethostname()}.json")


def kept() -> Sequence[Kept]:
    """By host, in order. A file that cannot be read is as good as none."""
    found = []
    for path in sorted((Path(settings.SENIM_HOME) / FOLDER).glob("*.json")):
        try:
            said: dict[str, Any] = json.loads(path.read_text())
            at = datetime.fromisoformat(said["at"])
            found.append(Kept(path.stem, at, said["level"], tuple(said["open"]), said["why"]))
        except (OSError, ValueError, KeyError):
            log.warning("%s cannot be read", path)
    return found
