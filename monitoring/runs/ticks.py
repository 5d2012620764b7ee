"""The clockwork of a plan: when a check is due, and how many times it was not asked. Pure: the clock is an argument."""

from __future__ import annotations

from datetime import date, datetime, timedelta

FRESH_FOR_PERIODS = 2
"""An answer counts for two periods of its plan: a check that is no longer asked does not stay green."""


def next_tick(scheduled_at: datetime, answered_at: datetime, every_days: int) -> datetime:
    """The first tick after an answer. Ticks are counted from the last one, so a late answer moves none of them."""
    period = timedelta(days=every_days)
    passed = max(0, (answered_at - scheduled_at) // period)
    return scheduled_at + (passed + 1) * period


def missed(since: datetime, until: datetime, every_days: int, tolerance: timedelta) -> int:
    """How many ticks from `since` on had passed by more than the tolerance at `until`."""
    late = until - tolerance - since
    return 0 if late < timedelta(0) else late // timedelta(days=every_days) + 1


def is_stale(answered_at: datetime, now: datetime, every_days: int) -> bool:
    """Whether an answer is so old that it says nothing of today."""
    return now > answered_at + timedelta(days=FRESH_FOR_PERIODS * every_days)


def periods_late(expected_on: date, today: date, every_days: int, grace: timedelta) -> int:
    """How many data periods should have arrived since `expected_on`, each with its grace."""
    late = (today - expected_on) - grace
    return 0 if late <= timedelta(0) else (late - timedelta(days=1)) // timedelta(days=every_days) + 1
