"""When the schedule asks next, and what moved that moment away from the plan's tick. Pure: the clock is an argument.

A tick is never moved to an earlier moment but for evidence that would lapse, is asked at most once, and is never asked on
a free day that the plan leaves out or in a blackout. The ticks themselves stay where they are, whatever is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from monitoring.blackouts import rules as blackouts
from monitoring.blackouts.rules import ALMATY, Closure, Opening
from monitoring.runs.schedules import SKIP, Schedule

SKIPPED, RENEWAL, NEVER = "skipped", "renewal", "never"
"""Why a moment was moved, beside working days and the keys of blackouts."""


@dataclass(frozen=True)
class Moment:
    """at: when it is asked, not before now where that has passed. should: when it should have been. tick: of the plan's clock.

    because: why it is not asked at the tick itself, the first reason first. skipped: ticks before it that nobody made up.
    """

    at: datetime
    should: datetime
    tick: datetime
    because: tuple[str, ...] = ()
    skipped: int = 0

    def is_due(self, now: datetime) -> bool:
        return self.at <= now

    @property
    def moved(self) -> dict[str, object]:
        """For the run's record; empty where nothing was moved."""
        if not self.because:
            return {}
        return {"from": self.tick.isoformat(), "because": list(self.because), "skipped": self.skipped}


@dataclass(frozen=True)
class Clock:
    """The schedule of one plan, and what its organisation has closed."""

    every_days: int
    schedule: Schedule
    closures: Sequence[Closure] = ()
    tolerance: timedelta = timedelta(0)

    def next_moment(self, tick: datetime, now: datetime, *, may_skip: bool) -> Moment:
        """When the question of this tick is asked. may_skip: False for what nobody has asked yet."""
        moment = self._moment(tick, now)
        if may_skip and self.schedule.missed_ticks == SKIP and self._is_missed(moment, now):
            moment = self._skipped(tick, now)
        if moment.should + self.tolerance < now and not self._is_missed(moment, now):
            return replace(
                moment, should=self._deadline(moment)
            )  # closed in between: nobody could have asked
        return moment

    def renewal(
        self, moment: Moment, lapses_on: date, asked_at: datetime, grid: datetime, now: datetime
    ) -> Moment:
        """`moment`, or an earlier one at which the question is asked once more, so that its evidence does not lapse.

        lapses_on: the last day on which the evidence counts. asked_at: when the question was asked last. grid: the tick that
        was answered last, from which later ticks are counted as before.
        """
        if not self.schedule.renew_days:
            return moment
        days = min(self.schedule.renew_days, self.every_days - 1)
        early = datetime.combine(lapses_on - timedelta(days=days), time(), ALMATY)
        opening = self._before_lapse(early, lapses_on)
        if opening is None or asked_at >= opening.at or opening.at >= moment.at:
            return moment
        at = opening if opening.at >= now else self._open(blackouts.open_from, now)
        if at is None or at.at >= max(moment.at, now + timedelta(microseconds=1)):
            return moment
        return Moment(at.at, opening.at, grid, (RENEWAL, *opening.because))

    def _before_lapse(self, early: datetime, lapses_on: date) -> Opening | None:
        """The first open moment from `early` on, or the last one before it where that would be after the lapse."""
        after = self._open(blackouts.open_from, early)
        if after is not None and after.at.date() <= lapses_on:
            return after
        return self._open(blackouts.open_before, early)

    def _moment(self, tick: datetime, now: datetime) -> Moment:
        should = self._open(blackouts.open_from, tick)
        at = self._open(blackouts.open_from, max(should.at, now)) if should else None
        if should is None or at is None:
            never = now + blackouts.FURTHEST
            return Moment(never, never, tick, (NEVER,))
        return Moment(at.at, should.at, tick, tuple(dict.fromkeys((*should.because, *at.because))))

    def _skipped(self, tick: datetime, now: datetime) -> Moment:
        """The first tick after it that has not been missed."""
        period = timedelta(days=self.every_days)
        count = max(1, (now - self.tolerance - tick) // period)
        moment = self._moment(tick + count * period, now)
        while self._is_missed(moment, now):
            count += 1
            moment = self._moment(tick + count * period, now)
        return replace(moment, because=(SKIPPED, *moment.because), skipped=count)

    def _is_missed(self, moment: Moment, now: datetime) -> bool:
        return (
            self._deadline(moment) + self.tolerance < now
            if self._waits(moment)
            else self._deadline(moment) < now
        )

    def _deadline(self, moment: Moment) -> datetime:
        """Until when it may be asked without being late; where that is closed, the moment at which it opens."""
        opening = self._open(blackouts.open_from, moment.should + self.tolerance)
        return opening.at if opening else moment.should + self.tolerance

    def _waits(self, moment: Moment) -> bool:
        return self._deadline(moment) != moment.should + self.tolerance

    def _open(self, search: Callable[..., Opening], moment: datetime) -> Opening | None:
        try:
            return search(moment, self.closures, working_days_only=self.schedule.working_days_only)
        except blackouts.NeverOpen:
            return None
