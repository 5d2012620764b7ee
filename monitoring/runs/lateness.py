"""How late a run is that waits: counted in the hours in which it could have run, never from a moment that a blackout moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitoring.blackouts.rules import Closure, NeverOpen, open_between, open_from
from monitoring.runs.models import Priority, Run


def since(run: Run) -> datetime:
    """When it should have been asked. What a blackout has put off keeps that moment apart from when it may run."""
    if "held" not in run.moved:
        return run.scheduled_at
    told = run.moved.get("since")
    return datetime.fromisoformat(told) if told else run.asked_at  # put off before that was kept


def waited(run: Run, now: datetime, closures: Sequence[Closure]) -> timedelta:
    """For how long it could have run and has not: no blackout holds up what a person has asked for, from then on."""
    begun = since(run)
    held_until = max(begun, min(run.due_at, now)) if run.priority == Priority.PERSON else now
    return open_between(begun, held_until, closures) + max(timedelta(0), now - held_until)


def missed(run: Run, now: datetime, closures: Sequence[Closure], tolerance: timedelta) -> int:
    """How many ticks have been missed by more than the tolerance. Ticks of one blackout are one: it would be made up once."""
    first, period = since(run), timedelta(days=run.plan.every_days)
    openings: set[datetime] = {first}
    for count in range(1, max(0, (now - first) // period) + 1):
        opening = _opening(first + count * period, closures)
        if opening is not None and opening < now and open_between(opening, now, closures) >= tolerance:
            openings.add(opening)
    return len(openings)


def _opening(tick: datetime, closures: Sequence[Closure]) -> datetime | None:
    try:
        return open_from(tick, closures).at
    except NeverOpen:
        return None
