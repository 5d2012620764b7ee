"""Who is next: a person's question before a new version's, before the schedule's; and no organisation on every worker.

An organisation has so many slots of running checks (SENIM_RUN_SLOTS). It is rung for as often as slots are free, never for
each run that waits, so the bells of others are never behind thousands of its own.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from monitoring.runs import holders
from monitoring.runs.dispatch import unheard
from monitoring.runs.models import FURTHEST_AHEAD, Run, RunQuerySet, RunStatus


def ordered(runs: RunQuerySet) -> RunQuerySet:
    return runs.order_by("priority", "due_at", "pk")


def orphans(runs: RunQuerySet) -> list[UUID]:
    """Those of `runs` whose holder died on this machine, though their lease has not ended yet."""
    held = runs.filter(status=RunStatus.RUNNING).values_list("pk", "lease__holder")
    return [run_id for run_id, holder in held if holder and holders.is_surely_dead(holder)]


def to_ring_for(organisation_id: UUID) -> list[UUID]:
    """Runs for which a bell should ring now: as many as slots are free and not promised to a bell that is on its way."""
    there = Run.objects.filter(organisation_id=organisation_id)
    unrung = there.filter(unheard())
    orphaned = orphans(unrung)
    rung = Q(status=RunStatus.DUE, due_at__lte=Now()) & ~unheard()
    taken = there.filter(_running() | rung).exclude(pk__in=orphaned).count()
    free = max(0, settings.SENIM_RUN_SLOTS - taken)
    waiting = ordered(unrung.claimable(Now())).exclude(pk__in=orphaned)
    return [*orphaned, *waiting.values_list("pk", flat=True)[:free]][:free]


def first(organisation_id: UUID) -> UUID | None:
    """The run of an organisation that a free worker should take up, whichever of them the bell was for.

    What a dead holder left behind keeps its slot until it is taken up, so it comes before whatever is new.
    """
    there = Run.objects.filter(organisation_id=organisation_id)
    orphaned = next(iter(orphans(ordered(there))), None)
    return orphaned or ordered(there.claimable(Now())).values_list("pk", flat=True).first()


def has_room_for(run: Run) -> bool:
    """Whether one more of this organisation may run. Inside `one_at_a_time`, so that two do not take the last slot."""
    others = Run.objects.filter(_running(), organisation_id=run.organisation_id).exclude(pk=run.pk)
    return others.count() < settings.SENIM_RUN_SLOTS


def one_at_a_time(organisation_id: UUID) -> None:
    """Claims of one organisation wait for each other until their transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"senim.slots.{organisation_id}"]
        )


def _running() -> Q:
    return Q(
        status=RunStatus.RUNNING, lease__expires_at__gte=Now(), lease__expires_at__lte=Now() + FURTHEST_AHEAD
    )
