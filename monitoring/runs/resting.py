"""Planning a whole register takes seconds: it is not done again while nothing was recorded and no tick has come.

Each process remembers for itself, so the first round after a start plans everything.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

LONGEST = timedelta(hours=1)
"""What a plan waits for becomes late after hours, without a tick and without an entry: it is found within this time."""
COSTLY = 1.0
"""Seconds of a processor from which planning is paced: below, whoever changes a plan sees at once what follows."""
PACE = 9
"""Costly planning rests for so many times what it took: at night, when answers come in all the time, it takes a tenth of a worker
and not all of it."""
LONGEST_PACE = 300.0
"""Seconds: nobody waits for longer, however large the register is."""


class _Rest(NamedTuple):
    """Over how many entries it was planned, and until when it holds: by the time of day, and by a clock that nobody sets.

    paced: by that clock, until when nothing is planned whatever comes.
    """

    recorded: int
    until: datetime
    ends: float
    paced: float


_rests: dict[UUID, _Rest] = {}
"""By organisation, of this process."""


def rests(organisation_id: UUID, recorded: int | None, now: datetime) -> bool:
    """Whether its plans ask nothing new, or are looked at a little later."""
    rest = _rests.get(organisation_id)
    if rest is None or recorded is None:
        return False
    if time.monotonic() < rest.paced:
        return True
    return rest.recorded == recorded and now < rest.until and time.monotonic() < rest.ends


def begin(
    organisation_id: UUID, recorded: int | None, now: datetime, ticks: Iterable[datetime], cost: float
) -> None:
    """After plans were read and what followed was written down: a round that broke is made again in full.

    recorded: counted before that, so that what came meanwhile ends the rest. ticks: those still to come. cost: in seconds of a
    processor.
    """
    _rests.pop(organisation_id, None)
    if recorded is not None:
        until, at = min([now + LONGEST, *ticks]), time.monotonic()
        paced = at + min(PACE * cost, LONGEST_PACE) if cost >= COSTLY else at
        _rests[organisation_id] = _Rest(recorded, until, at + (until - now).total_seconds(), paced)
