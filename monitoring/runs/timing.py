"""When a check was asked, when it is asked next, and what was missed: for the page of a model's checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitoring.runs import ticks, tiers
from monitoring.runs.models import Run
from monitoring.runs.moving import Moment
from monitoring.runs.upcoming import Upcoming


@dataclass(frozen=True)
class Timing:
    """should, ran, missed: of the last run that has ended. since: from when on a run is due that has not ended yet."""

    next_due: datetime | None = None
    should: datetime | None = None
    ran: datetime | None = None
    missed: int = 0
    since: datetime | None = None
    missing: int = 0
    because: tuple[str, ...] = ()
    """Why the next time is not the tick of its plan."""

    @property
    def was_late(self) -> bool:
        return self.missed > 0

    @property
    def is_late(self) -> bool:
        return self.missing > 0


def timing(
    last: Run | None, underway: Run | None, now: datetime, following: Upcoming | None = None
) -> Timing:
    """last: the run of this line that ended last; underway: the one that is due or running; following: the next one."""
    if last is None or last.finished_at is None:
        return _first(underway, now) if underway else _next(following, now)
    every, tolerance = last.plan.every_days, tiers.tolerance()
    ahead = following or Upcoming(_at_its_tick(last, last.finished_at, now))
    begins = _next(ahead, now)
    since = underway.scheduled_at if underway else begins.since
    return Timing(
        next_due=begins.next_due if since is None else None,
        should=last.scheduled_at,
        ran=last.finished_at,
        missed=ticks.missed(last.scheduled_at, last.finished_at, every, tolerance),
        since=since,
        missing=ticks.missed(since, now, every, tolerance) if since else 0,
        because=begins.because if since is None else (),
    )


def _at_its_tick(last: Run, finished_at: datetime, now: datetime) -> Moment:
    tick = ticks.next_tick(last.grid, finished_at, last.plan.every_days)
    return Moment(max(tick, now), tick, tick)


def _next(following: Upcoming | None, now: datetime) -> Timing:
    if following is None:
        return Timing()
    moment = following.moment
    if moment.should < now and moment.is_due(now):
        return Timing(since=moment.should)
    return Timing(next_due=moment.at, because=following.because)


def _first(underway: Run, now: datetime) -> Timing:
    since = underway.scheduled_at
    missing = ticks.missed(since, now, underway.plan.every_days, tiers.tolerance())
    return Timing(since=since, missing=missing)
