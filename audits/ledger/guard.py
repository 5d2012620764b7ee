"""A memory outside PostgreSQL: the last head that was signed for each log.

Whoever restores an older database, or rewrites one, cannot have a shorter or a different history signed: the file
under SENIM_HOME/guard remembers, and a new head is only signed on top of the one that it knows.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings


class HistoryChanged(RuntimeError):
    """The log in the database is not a continuation of what was signed before; nothing more is signed."""


@dataclass
class Guard:
    """The head that was signed last: how long the log was, and its root in hexadecimal. Zero: none."""

    file: TextIO
    size: int = 0
    root: str = ""

    def remember(self, size: int, root: bytes) -> None:
        """Write it down, durably, before anybody is shown the head."""
        self.size, self.root = size, root.hex()
        self.file.seek(0)
        self.file.truncate()
        json.dump({"size": self.size, "root": self.root}, self.file)
        self.file.flush()
        os.fsync(self.file.fileno())


@contextmanager
def guarding(organisation_id: object) -> Iterator[Guard]:
    """The guard of one log; only one process at a time holds it."""
    path = _path(organisation_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read()
        yield Guard(file, **(json.loads(content) if content else {}))


def remembered(organisation_id: object) -> tuple[int, str]:
    """Size and root of the last signed head, as the file has them; (0, "") where none was signed."""
    path = _path(organisation_id)
    content = path.read_text() if path.exists() else ""
    known: dict[str, Any] = json.loads(content) if content else {}
    return int(known.get("size", 0)), str(known.get("root", ""))


def _path(organisation_id: object) -> Path:
    return Path(settings.SENIM_HOME) / "guard" / f"{organisation_id or 'register'}.json"
