"""Whether this process could serve a page now: the database answers, the walls stand, the broker listens."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import Error, connection

from governance.config import walls
from governance.desk import broker

KEPT_SECONDS = 2.0


@dataclass(frozen=True)
class Readiness:
    """database, walls, broker: whether it is as it should be."""

    database: bool
    walls: bool
    broker: bool

    @property
    def can_serve(self) -> bool:
        return self.database and self.walls

    @property
    def word(self) -> str:
        if not self.can_serve:
            return "not ready"
        return "ok" if self.broker else "degraded"

    @property
    def details(self) -> dict[str, object]:
        return {"status": self.word, "database": self.database, "walls": self.walls, "broker": self.broker}


_kept: tuple[float, Readiness] | None = None


def look() -> Readiness:
    """What is found, or was found within the last two seconds: whoever asks often costs nothing."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        _kept = (now, _looked())
    return _kept[1]


def _looked() -> Readiness:
    try:
        weak = walls.weaknesses()
    except Error:
        connection.close()
        return Readiness(database=False, walls=False, broker=broker.answers())
    return Readiness(database=True, walls=not weak, broker=broker.answers())
