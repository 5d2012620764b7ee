"""The plan's clock by the calendar of Kazakhstan and through blackouts, with simulated time: nothing lost, doubled or asked
when it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.blackouts.rules import (
    ALMATY,
    Closure,
    NeverOpen,
    is_closed,
    leaves_time,
    open_before,
    open_from,
)
from monitoring.runs import moving, schedules, ticks
from monitoring.runs.moving import Clock
from monitoring.runs.schedules import ONCE, SKIP, Schedule

SIX_HOURS, HOUR, DAY = timedelta(hours=6), timedelta(hours=1), timedelta(days=1)


def at(*said: int) -> datetime:
    return datetime(*said, tzinfo=ALMATY)


FREEZE = Closure("freeze", at(2026, 12, 25), at(2027, 1, 11))
MARKET = Closure("market", at(2026, 1, 1), None, time(10), time(17), working_days_only=True)
NIGHT = Closure("night", at(2026, 1, 1), None, time(22), time(6))


def test_a_tick_on_a_free_day_waits_for_the_same_hour_of_the_next_working_day():
    friday, monday = at(2026, 11, 27, 9), at(2026, 11, 30, 9)
    assert open_from(friday, (), working_days_only=True).at == friday
    moved = open_from(at(2026, 11, 28, 9), (), working_days_only=True)
    assert (moved.at, moved.because) == (monday, ("working_days",))


@pytest.mark.parametrize(
    ("tick", "asked"),
    [
        (date(2026, 3, 21), date(2026, 3, 26)),  # Nauryz at a weekend: two more days off follow
        (date(2026, 5, 9), date(2026, 5, 12)),  # Victory Day on a Saturday: the Monday is off
        (date(2024, 5, 4), date(2024, 5, 4)),  # a Saturday made a working day
        (date(2024, 5, 8), date(2024, 5, 10)),  # for it this Wednesday is off, and the day after is a holiday
        (date(2025, 1, 5), date(2025, 1, 5)),  # a Sunday made a working day
        (date(2028, 2, 29), date(2028, 2, 29)),  # a leap day like any other
    ],
)
def test_holidays_that_were_moved_move_the_tick(tick, asked):
    nine = time(9)
    found = open_from(datetime.combine(tick, nine, ALMATY), (), working_days_only=True)
    assert found.at == datetime.combine(asked, nine, ALMATY)


def test_a_tick_in_a_blackout_waits_for_its_end_and_says_why():
    moved = open_from(at(2026, 12, 31, 9), [FREEZE])
    assert (moved.at, moved.because) == (at(2027, 1, 11), ("freeze",))
    assert open_from(at(2026, 12, 1, 12), [MARKET]).at == at(2026, 12, 1, 17)
    assert open_from(at(2026, 12, 5, 12), [MARKET]).at == at(2026, 12, 5, 12), "no market on a Saturday"
    assert open_from(at(2026, 12, 1, 23), [NIGHT]).at == at(2026, 12, 2, 6)
    assert open_from(at(2026, 12, 2, 5, 59), [NIGHT]).at == at(2026, 12, 2, 6)
    assert not is_closed(at(2027, 1, 11), [FREEZE]), "its end is open"
    assert is_closed(at(2026, 12, 25), [FREEZE]), "its beginning is not"


def test_blackouts_that_follow_each_other_are_passed_one_after_the_other():
    both = [MARKET, Closure("evening", at(2026, 1, 1), None, time(17), time(20))]
    moved = open_from(at(2026, 12, 1, 12), both)
    assert (moved.at, moved.because) == (at(2026, 12, 1, 20), ("market", "evening"))


def test_hours_that_leave_no_time_are_known_as_such():
    rest = Closure("rest", at(2026, 1, 1), None, time(17), time(10))
    assert leaves_time([MARKET], at(2026, 1, 1))
    assert not leaves_time([MARKET, rest], at(2026, 1, 1))
    with pytest.raises(NeverOpen):
        open_from(at(2026, 1, 5), [Closure("for ever", at(2026, 1, 1))])
    with pytest.raises(NeverOpen):
        open_before(at(2026, 1, 5), [Closure("always", at(2020, 1, 1), at(2030, 1, 1))])
    never = Clock(7, Schedule(working_days_only=True), [MARKET, rest]).next_moment(
        at(2026, 12, 1, 12), at(2026, 12, 1, 12), may_skip=True
    )
    assert never.because == (moving.NEVER,) and not never.is_due(at(2027, 12, 1))


def test_almaty_has_one_time_all_year():
    """So a period of days is a number of hours, and no hour of a day is missing or comes twice."""
    offsets = {(at(2026, 1, 1) + day * DAY).utcoffset() for day in range(4 * 366)}
    assert offsets == {timedelta(hours=5)}
    tick = at(2026, 3, 28, 2, 30)
    assert [ticks.next_tick(tick, tick, days).hour for days in (1, 30, 180, 366)] == [2] * 4


def test_what_was_missed_is_made_up_once_or_left_out():
    tick, now = at(2026, 11, 2, 9), at(2026, 11, 18, 12)
    once = Clock(7, Schedule(ONCE), tolerance=SIX_HOURS).next_moment(tick, now, may_skip=True)
    assert (once.at, once.should, once.tick, once.skipped, once.because) == (now, tick, tick, 0, ())
    skip = Clock(7, Schedule(SKIP), tolerance=SIX_HOURS)
    left_out = skip.next_moment(tick, now, may_skip=True)
    assert (left_out.at, left_out.tick, left_out.skipped) == (at(2026, 11, 23, 9), at(2026, 11, 23, 9), 3)
    assert left_out.because == ("skipped",)
    assert skip.next_moment(tick, now, may_skip=False).at == now, (
        "what nobody has asked yet is never left out"
    )
    assert skip.next_moment(tick, tick + SIX_HOURS, may_skip=True).skipped == 0, "late is not missed"


def test_a_tick_that_could_not_be_asked_for_a_blackout_is_not_missed():
    """One second before the market opens, and no sweep came in time."""
    skip = Clock(7, Schedule(SKIP), [MARKET], SIX_HOURS)
    moment = skip.next_moment(at(2026, 12, 1, 9, 59, 59), at(2026, 12, 1, 17, 0, 1), may_skip=True)
    assert (moment.skipped, moment.should) == (0, at(2026, 12, 1, 17)) and moment.is_due(
        at(2026, 12, 1, 17, 0, 1)
    )


def renewed(
    lapses_on: date, *, now: datetime, closures: tuple[Closure, ...] = (), asked: datetime, **schedule: int
):
    clock = Clock(30, Schedule(renew_days=5, **schedule), closures, SIX_HOURS)
    regular = clock.next_moment(at(2027, 1, 20, 9), now, may_skip=True)
    return clock.renewal(regular, lapses_on, asked, at(2026, 12, 21, 9), now)


def test_evidence_about_to_lapse_is_renewed_days_before_and_the_ticks_stay_where_they_are():
    moment = renewed(date(2027, 1, 15), now=at(2027, 1, 1), asked=at(2026, 12, 21, 9))
    assert (moment.at, moment.tick, moment.because) == (at(2027, 1, 10), at(2026, 12, 21, 9), ("renewal",))
    assert ticks.next_tick(moment.tick, moment.at + HOUR, 30) == at(2027, 1, 20, 9)


def test_it_is_renewed_once_and_not_where_a_tick_comes_before():
    assert renewed(date(2027, 1, 15), now=at(2027, 1, 11), asked=at(2027, 1, 10)).because == ()
    assert renewed(date(2027, 2, 15), now=at(2027, 1, 1), asked=at(2026, 12, 21)).at == at(2027, 1, 20, 9)
    late = renewed(date(2027, 1, 15), now=at(2027, 1, 12), asked=at(2026, 12, 21))
    assert (late.at, late.should) == (at(2027, 1, 12), at(2027, 1, 10)), "made up as soon as somebody can ask"


def test_before_a_freeze_that_would_outlast_the_evidence_it_is_renewed_while_there_is_time():
    moment = renewed(date(2027, 1, 5), now=at(2026, 12, 22), closures=(FREEZE,), asked=at(2026, 12, 21, 9))
    assert moment.at == at(2026, 12, 24, 23) and moment.because == ("renewal", "freeze")
    after = renewed(date(2027, 1, 12), now=at(2026, 12, 22), closures=(FREEZE,), asked=at(2026, 12, 21, 9))
    assert after.at == at(2027, 1, 11), "there is still time between the freeze and the lapse"


def test_a_daily_check_is_not_asked_twice_a_day_for_its_evidence():
    clock = Clock(1, Schedule(renew_days=3), tolerance=SIX_HOURS)
    tick, now = at(2026, 11, 3, 9), at(2026, 11, 2, 12)
    regular = clock.next_moment(tick, now, may_skip=True)
    assert clock.renewal(regular, date(2026, 11, 4), at(2026, 11, 2, 9), at(2026, 11, 2, 9), now) == regular


@dataclass
class Played:
    """What a clock did over a while: when it asked, the ticks it answered, and those that it said it left out."""

    asked: list[datetime]
    answered: list[datetime]
    left_out: int = 0


def play(clock: Clock, first: datetime, sweeps: list[datetime]) -> Played:
    """Sweeps look at these moments; each question is answered a minute after it was asked."""
    played, tick, repeated = Played([], []), first, False
    for now in sweeps:
        moment = clock.next_moment(tick, now, may_skip=repeated)
        if moment.is_due(now):
            played.asked.append(now)
            played.answered.append(moment.tick)
            played.left_out += moment.skipped
            repeated = True
            tick = ticks.next_tick(moment.tick, now + timedelta(minutes=1), clock.every_days)
    return played


CLOSURES = st.lists(
    st.one_of(
        st.builds(
            lambda day, days: Closure(
                f"f{day}", at(2028, 1, 1) + day * DAY, at(2028, 1, 1) + (day + days) * DAY
            ),
            st.integers(0, 45),
            st.integers(1, 15),
        ),
        st.builds(
            lambda begin, hours, free: Closure(
                f"h{begin}", at(2028, 1, 10), None, time(begin), time((begin + hours) % 24), free
            ),
            st.integers(0, 23),
            st.integers(1, 9),
            st.booleans(),
        ),
    ),
    max_size=2,
)


@settings(max_examples=40, deadline=None)
@given(
    every=st.integers(1, 31),
    policy=st.sampled_from([ONCE, SKIP]),
    working=st.booleans(),
    closures=CLOSURES,
    down_from=st.integers(0, 50),
    down_for=st.integers(0, 20),
    hour=st.integers(0, 23),
)
def test_no_tick_is_lost_doubled_or_asked_while_it_is_closed(
    every, policy, working, closures, down_from, down_for, hour
):
    """A leap year's first months with holidays, blackouts, and a while in which nothing swept at all."""
    clock = Clock(every, Schedule(policy, working), closures, SIX_HOURS)
    first, down = at(2028, 1, 3, hour), timedelta(days=down_from)
    sweeps = [n * 2 * HOUR for n in range(12 * 65)]
    up = [first + each for each in sweeps if not down <= each < down + timedelta(days=down_for)]
    played = play(clock, first, up)
    for asked in played.asked:
        assert open_from(asked, closures, working_days_only=working).at == asked, "asked while it is closed"
    assert played.answered == sorted(set(played.answered)), "no tick is answered twice"
    assert all(tick <= asked for tick, asked in zip(played.answered, played.asked, strict=True))
    assert all((tick - first) % timedelta(days=every) == timedelta(0) for tick in played.answered)
    lost = _lost(clock, first, up, played)
    assert lost == 0 if policy == ONCE else lost <= played.left_out, "what is left out is said to be"


def _lost(clock: Clock, first: datetime, up: list[datetime], played: Played) -> int:
    """Ticks before the last answered one that no question answered as soon as somebody could ask."""
    lost, tick = 0, first
    while played.answered and tick <= played.answered[-1]:
        could = next((now for now in up if now >= tick and _open(clock, now)), None)
        asked = next((now for now in played.asked if now >= tick), None)
        lost += asked != could and tick not in played.answered
        tick += timedelta(days=clock.every_days)
    return lost


def _open(clock: Clock, now: datetime) -> bool:
    return open_from(now, clock.closures, working_days_only=clock.schedule.working_days_only).at == now


def test_the_proposals_are_data_with_an_edition_and_stricter_for_higher_tiers():
    assert schedules.edition() == "2026-1"
    assert schedules.propose(None) == schedules.propose(1) == Schedule(ONCE, False, 3)
    assert [schedules.propose(tier).missed_ticks for tier in (1, 2, 3, 4)] == [ONCE, ONCE, ONCE, SKIP]
    assert [schedules.propose(tier).working_days_only for tier in (1, 2, 3, 4)] == [False, False, True, True]
