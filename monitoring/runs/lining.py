"""Who is next: a person's question before a new version's, before the schedule's; and no organisation on every worker.

An organisation has so many slots (SENIM_RUN_SLOTS), and one fewer while another one waits. Runs take them, and so does every
errand of a person (a run computed again, a decision explained, a report of Evidently's) and the look through a new data
period. All of them stand in one line and are counted here and nowhere else. It is rung for as often as slots are free, never
for each that waits, so the bells of others are never behind thousands of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet, SmallIntegerField, Value
from django.db.models.functions import Now

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.errands.models import InLine
from monitoring.runs import dispatch, holders, lookup
from monitoring.runs.dispatch import Waiting, unheard
from monitoring.runs.models import FURTHEST_AHEAD, Priority, Run, RunQuerySet, RunStatus


def ordered(runs: RunQuerySet) -> RunQuerySet:
    return runs.order_by("priority", "due_at", "pk")


def orphans(runs: RunQuerySet) -> list[UUID]:
    """Those of `runs` whose holder died on this machine, though their lease has not ended yet."""
    held = runs.filter(status=RunStatus.RUNNING).values_list("pk", "lease__holder")
    return [run_id for run_id, holder in held if holder and holders.is_surely_dead(holder)]


def ring_for(by: Actor, organisation_id: UUID) -> None:
    """Ring for as many as slots are free and not promised to a bell that is on its way."""
    with viewing(by):
        waiting = to_ring_for(organisation_id)
    if waiting:
        with acting(by, "run.rung", quiet=True):
            dispatch.ring_on_commit(organisation_id, waiting)


def ring_after_commit(organisation_id: UUID) -> None:
    """As `ring_for`, by Senim itself once what a person asked is on record: they may see less of the line than there is."""
    if settings.SENIM_BELL:
        clerk = Actor.system("checks clerk", organisation_id)
        transaction.on_commit(partial(ring_for, clerk, organisation_id), robust=True)


def to_ring_for(organisation_id: UUID) -> list[Waiting]:
    """Whatever a bell should ring for now, first of all what a dead holder left behind."""
    there = Run.objects.filter(organisation_id=organisation_id)
    orphaned = orphans(there.filter(unheard()))
    unrung = there.filter(unheard()).exclude(pk__in=orphaned)
    waiting = _line(organisation_id, runs=unrung, others=unheard(""), most=settings.SENIM_RUN_SLOTS)
    waiting = [*(Waiting(Run, run_id) for run_id in orphaned), *waiting]
    return waiting[: _unpromised(organisation_id, orphaned)] if waiting else []


def _unpromised(organisation_id: UUID, orphaned: Collection[UUID]) -> int:
    """How many slots are free and no bell is on its way for them."""
    rung = Q(status=RunStatus.DUE, due_at__lte=Now()) & ~unheard()
    taken = _count(
        organisation_id,
        runs=(_running() | rung) & ~Q(pk__in=orphaned),
        others=lambda kind: kind.is_held() | kind.is_claimable(Now()) & ~unheard(""),
    )
    return max(0, slots(organisation_id) - taken)


def first(organisation_id: UUID) -> Waiting | None:
    """What a free worker should take up for an organisation, whatever the bell was for.

    What a dead holder left behind keeps its slot until it is taken up, so it comes before whatever is new.
    """
    there = Run.objects.filter(organisation_id=organisation_id)
    orphaned = next(iter(orphans(ordered(there))), None)
    if orphaned:
        return Waiting(Run, orphaned)
    return next(iter(_line(organisation_id, runs=there, others=Q(), most=1)), None)


def answer(bell: Waiting, organisation_id: UUID, work: Callable[[UUID], object]) -> None:
    """Take up what is first in line, which `work` does by its key, and ring for what comes next.

    This bell's room does its own kind alone: where another kind is first, its bell is rung instead.
    """
    worker = Actor.system("checks worker", organisation_id)
    with acting(worker, "run.rung", quiet=True):
        dispatch.heard(bell)
        chosen = first(organisation_id)
    if chosen is not None and chosen.kind is bell.kind:
        work(chosen.pk)
    if chosen is not None:
        ring_for(worker, organisation_id)


def slots(organisation_id: UUID) -> int:
    """How much of an organisation may be worked on at the same time.

    As soon as another one waits or is worked on, one worker fewer than there are, so that nobody holds them all.
    """
    there = int(settings.SENIM_RUN_SLOTS)
    return there if lookup.is_alone(organisation_id) else max(1, there - 1)


def has_room_for(asked: Run | InLine) -> bool:
    """Whether one more of its organisation may be worked on. Inside `one_at_a_time`, so that two do not take the last slot."""
    other = ~Q(pk=asked.pk)
    taken = _count(asked.organisation_id, runs=_running() & other, others=lambda kind: kind.is_held() & other)
    return taken < slots(asked.organisation_id)


def one_at_a_time(organisation_id: UUID) -> None:
    """Claims of one organisation wait for each other until their transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"senim.slots.{organisation_id}"]
        )


def _running() -> Q:
    lives = Q(lease__expires_at__gte=Now(), lease__expires_at__lte=Now() + FURTHEST_AHEAD)
    return Q(status=RunStatus.RUNNING) & lives


def _count(organisation_id: UUID, *, runs: Q, others: Callable[[type[InLine]], Q]) -> int:
    """How many there are of all kinds, in one query."""
    there = Run.objects.filter(runs, organisation_id=organisation_id).order_by().values_list("pk")
    beside = (
        kind._default_manager.filter(others(kind), organisation_id=organisation_id)
        .order_by()
        .values_list("pk")
        for kind in lookup.in_line()
    )
    return int(there.union(*beside, all=True).count())


def _line(organisation_id: UUID, *, runs: RunQuerySet, others: Q, most: int) -> list[Waiting]:
    """The next ones that a worker could take up, in one query. What a person asked for stands where its run would stand."""
    columns = ("priority", "due_at", "pk", Value(Run._meta.label))
    lines: list[QuerySet[Any, Any]] = [ordered(runs.claimable(Now())).values_list(*columns)[:most]]
    for kind in lookup.in_line():
        there = kind._default_manager.filter(others, organisation_id=organisation_id).claimable(Now())
        person = Value(Priority.PERSON, SmallIntegerField())
        own = there.order_by(kind.since, "pk").values_list(person, kind.since, "pk", Value(kind._meta.label))
        lines.append(own[:most])
    found = lines[0].union(*lines[1:], all=True).order_by("priority", "due_at", "pk") if most else ()
    return [Waiting(apps.get_model(label), pk) for _priority, _since, pk, label in found]
