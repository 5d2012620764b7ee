"""When a check is due, how often it was missed, and what is proposed for a model of a given tier."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitoring.checks import CHECKS
from monitoring.runs import ticks, tiers

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def test_the_next_tick_is_counted_from_the_last_one_however_late_its_answer_was():
    assert ticks.next_tick(MONDAY, MONDAY + timedelta(minutes=3), 7) == MONDAY + days(7)
    assert ticks.next_tick(MONDAY, MONDAY + days(5), 7) == MONDAY + days(7)
    assert ticks.next_tick(MONDAY, MONDAY + days(7), 7) == MONDAY + days(14)
    assert ticks.next_tick(MONDAY, MONDAY + days(22), 7) == MONDAY + days(28)


@pytest.mark.parametrize(
    ("after", "times"),
    [(0, 0), (0.24, 0), (0.26, 1), (7.2, 1), (7.26, 2), (15, 3)],
)
def test_a_tick_is_missed_once_it_is_late_by_more_than_the_tolerance(after, times):
    assert ticks.missed(MONDAY, MONDAY + days(after), 7, SIX_HOURS) == times


def test_an_answer_older_than_two_periods_is_stale():
    assert not ticks.is_stale(MONDAY, MONDAY + days(14), 7)
    assert ticks.is_stale(MONDAY, MONDAY + days(14.1), 7)


@pytest.mark.parametrize(
    ("today", "times"),
    [(date(2026, 4, 3), 0), (date(2026, 4, 4), 1), (date(2026, 5, 3), 1), (date(2026, 5, 4), 2)],
)
def test_a_data_period_is_late_after_its_grace(today, times):
    assert ticks.periods_late(date(2026, 4, 1), today, 30, days(2)) == times


def test_a_higher_tier_is_never_asked_less_often():
    for check in CHECKS:
        periods = [tiers.propose(check, tier).every_days for tier in (1, 2, 3, 4)]
        assert periods == sorted(periods)


def test_a_model_that_acts_by_itself_is_watched_twice_as_closely():
    assert tiers.propose("drift", 2, "high").every_days == 7
    assert tiers.propose("drift", 2, "low").every_days == 14
    assert tiers.propose("fairness", 2, "high").every_days == tiers.propose("fairness", 2, "low").every_days


def test_a_model_without_a_grade_is_watched_like_the_highest_tier():
    ungraded = tiers.propose("drift", None)
    assert (ungraded.every_days, ungraded.tier) == (tiers.propose("drift", 1).every_days, None)


def test_a_check_that_the_table_does_not_name_has_a_period_too():
    assert [tiers.propose("a plug-in", tier).every_days for tier in (1, 2, 3, 4)] == [30, 30, 60, 180]
