"""When a check was asked, when it is asked next, and what was missed: for the page of a model's checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitoring.runs import ticks, tiers
from monitoring.runs.models import Run


@dataclass(frozen=True)
class Timing:
    """should, ran, missed: of the last run that has ended. since: from when on a run is due that has not ended yet."""

    next_due: datetime | None = None
    should: datetime | None = None
    ran: datetime | None = None
    missed: int = 0
    since: datetime | None = None
    missing: int = 0

    @property
    def was_late(self) -> bool:
        return self.missed > 0

    @property
    def is_late(self) -> bool:
        return self.missing > 0


def timing(last: Run | None, underway: Run | None, now: datetime) -> Timing:
    """last: the run of this line that ended last; underway: the one that is due or running."""
    tolerance = tiers.tolerance()
    since = underway.scheduled_at if underway else None
    if last is None or last.finished_at is None:
        return Timing() if underway is None else _first(underway, now)
    every = last.plan.every_days
    next_due = ticks.next_tick(last.scheduled_at, last.finished_at, every)
    since = since or (next_due if next_due < now else None)
    return Timing(
        next_due=next_due if since is None else None,
        should=last.scheduled_at,
        ran=last.finished_at,
        missed=ticks.missed(last.scheduled_at, last.finished_at, every, tolerance),
        since=since,
        missing=ticks.missed(since, now, every, tolerance) if since else 0,
    )


def _first(underway: Run, now: datetime) -> Timing:
    since = underway.scheduled_at
    missing = ticks.missed(since, now, underway.plan.every_days, tiers.tolerance())
    return Timing(since=since, missing=missing)
