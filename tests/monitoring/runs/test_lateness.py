"""Lateness is counted in open hours: no blackout hides a run that never runs, and none makes late what waits for its end."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from governance.people.acting import viewing
from monitoring.blackouts import services as blackouts
from monitoring.blackouts.rules import ALMATY, Closure, open_between
from monitoring.runs import lateness
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Plan, Run
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import a_period, on_record, run_of

HOUR = timedelta(hours=1)
NIGHTS = Closure("n", datetime(2026, 1, 1, tzinfo=ALMATY), None, time(6), time(2))
"""From six in the morning until two at night: four hours of each day are open."""


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("start", "end", "closures", "hours"),
    [
        (at(2, 3), at(2, 5), [], 2),
        (at(2, 5), at(2, 3), [], 0),
        (at(2, 3), at(2, 12), [NIGHTS], 3),
        (at(2, 7), at(3, 1), [NIGHTS], 0),
        (at(2, 1), at(8, 1), [NIGHTS], 24),
        (at(2, 0), at(6, 0), [Closure("a", at(3, 0), at(5, 0))], 48),
        (at(2, 0), at(6, 0), [Closure("a", at(3, 0), at(5, 0)), Closure("b", at(4, 0), at(5, 12))], 36),
        (at(4, 0), at(4, 6), [Closure("a", at(3, 0), at(5, 0)), NIGHTS], 0),
    ],
)
def test_open_hours_are_what_no_closure_covers(start, end, closures, hours):
    assert open_between(start, end, closures) == hours * HOUR


@pytest.fixture
def asked(owner, db) -> Loans:
    things = on_record(owner)
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", every_days=7, reason="As we need it.")
    return things


def swept(owner, monkeypatch, start: datetime, hours: int) -> list[tuple[str, int, str] | None]:
    """One sweep an hour, half past, while no worker works: what is open of lateness after each."""
    told: list[tuple[str, int, str] | None] = []
    for hour in range(hours):
        now = start + (hour + 0.5) * HOUR
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda now=now: now)
            runs.catch_up(owner.organisation_id)
        with viewing(owner):
            found = Finding.objects.open().filter(kind="tick_missed").first()
        told.append((found.severity, found.summary["missed"], found.summary["since"]) if found else None)
    return told


def first(told: list[tuple[str, int, str] | None]) -> int:
    return next(hour for hour, each in enumerate(told) if each)


@pytest.mark.usefixtures("asked")
def test_a_daily_blackout_does_not_hide_that_nobody_works(owner, validator, bank, monkeypatch):
    now = timezone.now()
    opens, closes = (timezone.localtime(now + hours * HOUR, ALMATY) for hours in (-0.25, 3.75))
    blackouts.declare(
        by=validator, organisation=bank, reason="Nights only", starts_at=now - HOUR, ends_at=None,
        daily_from=closes.time().replace(second=0), daily_until=opens.time().replace(second=0),
    )  # fmt: skip
    told = swept(owner, monkeypatch, now, 30)
    assert first(told) == 26, "four open hours of the first day and more than two of the second"
    assert told[-1] == told[26], "nothing is added while it is closed"
    severity, missed, _since = told[26]
    assert (severity, missed) == ("amber", 1)
    assert run_of(owner, "drift", "current").scheduled_at > now + 40 * HOUR, "it may run at the next opening"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("begins", "late"), [(4, 36), (8, 6)])
def test_what_was_late_before_a_blackout_stays_so_and_what_waits_for_its_end_is_not(
    owner, validator, bank, monkeypatch, begins, late
):
    now = timezone.now()
    said = {"starts_at": now + begins * HOUR, "ends_at": now + (begins + 30) * HOUR}
    blackouts.declare(by=validator, organisation=bank, reason="Freeze", **said)
    told = swept(owner, monkeypatch, now, 40)
    assert first(told) == late
    assert set(told[late:]) == {told[late]}, "neither lost nor opened anew"


def test_ticks_within_one_blackout_are_missed_once():
    run = Run(
        scheduled_at=at(30, 0), moved={"held": True, "since": at(1, 0).isoformat()}, plan=Plan(every_days=1)
    )
    frozen = [Closure("a", at(2, 12), at(10, 0))]
    assert lateness.missed(run, at(10, 5), frozen, 6 * HOUR) == 2
    assert lateness.missed(run, at(10, 7), frozen, 6 * HOUR) == 3
    assert lateness.missed(run, at(10, 7), [], 6 * HOUR) == 10
