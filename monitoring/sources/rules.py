"""When which period is fetched: pure. Nothing here asks a clock or a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=12)
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    starts_on: date
    ends_on: date


def next_period(begins_on: date, every_days: int, last_day: date | None) -> Period:
    """The period after the last one that is on file, or the first. last_day: on which that one ends."""
    starts_on = max(begins_on, last_day + timedelta(days=1)) if last_day else begins_on
    return Period(starts_on, starts_on + timedelta(days=every_days - 1))


def is_over(period: Period, today: date) -> bool:
    """A period is fetched when its last day has passed: before, rows would be missing that come later."""
    return period.ends_on < today


def may_try_again(failures: int, last_failed_at: datetime | None, now: datetime) -> bool:
    """A source in trouble is asked more and more seldom. failures: in a row, up to now."""
    if last_failed_at is None or not failures:
        return True
    return now >= last_failed_at + min(FIRST_PAUSE * (1 << min(failures - 1, 8)), LONGEST_PAUSE)


def is_name(name: str) -> bool:
    """What PostgreSQL can call a table, a column, a database or an account; it is quoted in any case."""
    return 0 < len(name.encode()) <= 63 and name.isprintable()


def is_host(host: str) -> bool:
    """A name or an address, and nothing that libpq would take for a socket, a list or an option."""
    return HOST.fullmatch(host) is not None
