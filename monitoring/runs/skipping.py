"""What plans leave out that was missed: the schedule's choice, and still no silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.runs.planning import Wanted
from monitoring.runs.schedules import SKIP


@dataclass(frozen=True)
class Skipped:
    """A line whose plan leaves out what was missed: since when, how often, and when it is asked instead."""

    wanted: Wanted
    since: datetime
    times: int
    until: datetime


def skipped(questions: Iterable[Wanted], now: datetime) -> list[Skipped]:
    """Ticks that nobody asked at and nobody will make up: the schedule's choice, and still no silence."""
    found = []
    for each in questions:
        if each.is_free and each.last is not None and each.plan.missed_ticks == SKIP:
            moment = each.moment(now)
            if moment.skipped:
                since = moment.tick - timedelta(days=moment.skipped * each.plan.every_days)
                found.append(Skipped(each, since, moment.skipped, moment.at))
    return found
