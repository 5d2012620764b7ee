"""The pure decisions of this room: which clocks an incident starts, when they run out, and who is nearly late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from governance.incidents import working_days

Basis = Literal["law", "house_rule"]
Unit = Literal["hours", "days", "working_days"]
LEAD = timedelta(hours=24)


@dataclass(frozen=True)
class When:
    """Empty = says nothing about it. flags: all of them have to be true; one nobody has answered counts as true."""

    kinds: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clock:
    """How long there is to tell somebody, and on whose word. requirement: its id in the catalogue, in force `since`."""

    key: str
    basis: Basis
    requirement: str
    amount: int
    unit: Unit
    when: When
    addressee: str = ""
    since: date | None = None


def started(
    clocks: Iterable[Clock], *, kind: str, severity: str, flags: Mapping[str, bool | None], on: date
) -> list[Clock]:
    """The clocks that an incident of this kind and severity, noticed on this day, starts for a model with these flags."""
    return [each for each in clocks if _binds(each, on) and _holds(each.when, kind, severity, flags)]


def due(clock: Clock, since: datetime) -> datetime:
    """The last moment. since is aware and in the zone in which days are counted."""
    if clock.unit == "hours":
        return since + timedelta(hours=clock.amount)
    if clock.unit == "days":
        return since + timedelta(days=clock.amount)
    return working_days.later(since, clock.amount)


def is_near(due_at: datetime, since: datetime, now: datetime) -> bool:
    """Whether to remind: a day before the end, or at half of the time where there is less than two days."""
    return now >= due_at - min(LEAD, (due_at - since) / 2)


def _binds(clock: Clock, on: date) -> bool:
    return clock.since is None or on >= clock.since


def _holds(when: When, kind: str, severity: str, flags: Mapping[str, bool | None]) -> bool:
    of_kind = not when.kinds or kind in when.kinds
    of_severity = not when.severities or severity in when.severities
    return of_kind and of_severity and all(flags.get(flag, True) is not False for flag in when.flags)
