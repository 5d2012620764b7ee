"""When no check is asked by the schedule: stretches of days or hours that an organisation closed, and free days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from governance.incidents.working_days import is_working

ALMATY = ZoneInfo("Asia/Almaty")
"""The zone in which days and hours are meant; all of Kazakhstan has had one time without summer time since March 2024."""
WORKING_DAYS = "working_days"
"""Why a moment was moved, beside the keys of blackouts: the day is free in Kazakhstan."""
FURTHEST = timedelta(days=800)
"""No blackout is longer; hours that leave none open are refused when they are declared."""
DAY = timedelta(days=1)


class NeverOpen(Exception):
    """The closures leave no moment open."""


@dataclass(frozen=True)
class Closure:
    """A stretch from `starts_at` to `ends_at` (None = without end); with hours, only these of each day in it.

    Hours that end before they begin go over midnight. A closed moment is any from the start on and before the end.
    """

    key: str
    starts_at: datetime
    ends_at: datetime | None = None
    daily_from: time | None = None
    daily_until: time | None = None
    working_days_only: bool = False

    def around(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The closed stretch in which `at` lies, or None. Raises NeverOpen for one that has no end."""
        if at < self.starts_at or (self.ends_at is not None and at >= self.ends_at):
            return None
        if self.daily_from is None or self.daily_until is None:
            if self.ends_at is None:
                raise NeverOpen
            return self.starts_at, self.ends_at
        for start, end in self._hours_about(at):
            if start <= at < end:
                return max(start, self.starts_at), min(end, self.ends_at) if self.ends_at else end
        return None

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The closed stretches from `start` to `end`, cut to these; one after the other, the earliest first."""
        last = min(end, self.ends_at) if self.ends_at else end
        first = max(start, self.starts_at)
        hours = [(first, last)] if self.daily_from is None else self._hours(first, last)
        for begun, ended in hours:
            if max(begun, first) < min(ended, last):
                yield max(begun, first), min(ended, last)

    def _hours_about(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        return self._hours(at, at)

    def _hours(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Of each day from the one before `start` to that of `end`, for hours go over midnight."""
        assert self.daily_from is not None and self.daily_until is not None
        before = start.astimezone(ALMATY).date() - DAY
        over_midnight = self.daily_until <= self.daily_from
        for count in range((end.astimezone(ALMATY).date() - before).days + 1):
            day = before + count * DAY
            if self.working_days_only and not is_working(day):
                continue
            start = datetime.combine(day, self.daily_from, ALMATY)
            yield start, datetime.combine(day + DAY if over_midnight else day, self.daily_until, ALMATY)


@dataclass(frozen=True)
class Opening:
    """The first moment at which the schedule may ask, and why not before: WORKING_DAYS and keys of closures."""

    at: datetime
    because: tuple[str, ...] = ()


def open_from(moment: datetime, closures: Sequence[Closure], *, working_days_only: bool = False) -> Opening:
    """`moment`, or the first one after it that is open. A free day is left for the same hour of the next working one.

    Raises NeverOpen.
    """
    at, because = moment.astimezone(ALMATY), dict[str, None]()
    while at - moment < FURTHEST:
        if working_days_only and not is_working(at.date()):
            at, because[WORKING_DAYS] = at + DAY, None
        elif found := _closed(at, closures):
            at, because[found[0].key] = found[1][1].astimezone(ALMATY), None
        else:
            return Opening(at, tuple(because))
    raise NeverOpen


def open_before(moment: datetime, closures: Sequence[Closure], *, working_days_only: bool = False) -> Opening:
    """`moment`, or the last one before it, to the hour, that is open. Raises NeverOpen."""
    at, because = moment.astimezone(ALMATY), dict[str, None]()
    while moment - at < FURTHEST:
        if working_days_only and not is_working(at.date()):
            at, because[WORKING_DAYS] = at - DAY, None
        elif found := _closed(at, closures):
            at, because[found[0].key] = found[1][0].astimezone(ALMATY) - timedelta(hours=1), None
        else:
            return Opening(at, tuple(because))
    raise NeverOpen


def open_between(start: datetime, end: datetime, closures: Iterable[Closure]) -> timedelta:
    """How much of the time from `start` to `end` was open; none where it ends before it begins."""
    opened, at = timedelta(0), start
    for begun, ended in sorted(stretch for each in closures for stretch in each.between(start, end)):
        opened += max(timedelta(0), begun - at)
        at = max(at, ended)
    return opened + max(timedelta(0), end - at)


def is_closed(at: datetime, closures: Iterable[Closure]) -> bool:
    return _closed(at, closures) is not None


def leaves_time(closures: Sequence[Closure], since: datetime) -> bool:
    """Whether checks can still be asked some time, also by plans that ask on working days alone."""
    try:
        open_from(since, closures, working_days_only=True)
    except NeverOpen:
        return False
    return True


def _closed(at: datetime, closures: Iterable[Closure]) -> tuple[Closure, tuple[datetime, datetime]] | None:
    for each in closures:
        stretch = each.around(at)
        if stretch is not None:
            return each, stretch
    return None
