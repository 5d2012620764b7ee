"""Puts the questions that are to be asked on record: each once, however many ask at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.db import connection

from governance.people.rows import put
from monitoring.runs.models import Run, RunQuerySet
from monitoring.runs.planning import Wanted

LEASES = """
INSERT INTO monitoring_runlease (id, organisation_id, run_id, fence, holder, expires_at, progress, phase)
SELECT gen_random_uuid(), organisation_id, id, 0, '', now(), 0, '' FROM monitoring_run
WHERE organisation_id = ANY (%s) AND key = ANY (%s) ORDER BY key ON CONFLICT DO NOTHING
"""
"""One lease of nobody for each run, in one statement: a row of it tells nothing that the run does not."""


def insert(questions: Sequence[Wanted], now: datetime, requested_by: UUID | None = None) -> RunQuerySet:
    """Runs for these questions, each inserted once however many ask at the same time. Inside `acting`.

    Always in the order of their keys: two that insert the same ones wait for each other, never both at once. They are read
    only by who wants to see them: a sweep that asks thousands does not.
    """
    asked = sorted((each.as_row(now, requested_by) for each in questions), key=itemgetter("key"))
    put(Run, asked, unique=("organisation_id", "key"))
    keys, organisations = (
        [row["key"] for row in asked],
        list({each.plan.organisation_id for each in questions}),
    )
    with connection.cursor() as cursor:
        cursor.execute(LEASES, [organisations, keys])
    there: RunQuerySet = Run.objects.filter(organisation__in=organisations, key__in=keys)
    return there
