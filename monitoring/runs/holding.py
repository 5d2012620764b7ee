"""Runs of the schedule that wait in line when a blackout begins: they wait for its end. What a person asks for runs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, JSONField, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.blackouts.queries import closures_of
from monitoring.blackouts.rules import NeverOpen, Opening, is_closed, open_from
from monitoring.runs.models import Priority, Run, RunQuerySet, RunStatus


def is_held(run: Run) -> bool:
    """Whether no worker may take this run up now."""
    if run.priority == Priority.PERSON:
        return False
    now = timezone.now()
    return is_closed(now, closures_of([run.organisation_id], now).get(run.organisation_id, ()))


def catch_up(clerk: Actor, organisation_id: UUID) -> None:
    """Put what waits behind the end of a blackout, and take it up again when that ends sooner. Else writes nothing."""
    with viewing(clerk):
        now = timezone.now()
        opening = _opening(organisation_id, now)
        held = list(_held(organisation_id, opening, now).values_list("pk", flat=True))
    if held:
        with acting(clerk, "run.held"):
            _put_off(Run.objects.filter(pk__in=held, status=RunStatus.DUE), opening)


def _opening(organisation_id: UUID, now: datetime) -> Opening:
    try:
        return open_from(now, closures_of([organisation_id], now).get(organisation_id, ()))
    except NeverOpen:  # refused where it is declared; should it be there, nothing is put off for ever
        return Opening(now)


def _held(organisation_id: UUID, opening: Opening, now: datetime) -> RunQuerySet:
    """What the schedule asked and nobody has taken up, with another time than it should have."""
    waiting = Run.objects.filter(
        organisation_id=organisation_id, status=RunStatus.DUE, priority__gt=Priority.PERSON
    )
    if opening.at > now:
        return waiting.exclude(due_at=opening.at)
    return waiting.filter(moved__has_key="held", due_at__gt=now)


def _put_off(runs: RunQuerySet, opening: Opening) -> None:
    """They may run from the opening on. When they should have been asked is kept: lateness is counted from there."""
    runs.update(
        due_at=opening.at,
        scheduled_at=opening.at,
        tick_at=Coalesce("tick_at", F("scheduled_at")),
        moved=JSONObject(
            held=Value(True, JSONField()),
            because=Value(list(opening.because), JSONField()),
            **{"from": Value("")},
            skipped=0,
            since=Coalesce(KeyTextTransform("since", "moved"), Cast("scheduled_at", TextField())),
        ),
    )
