"""Evidence whose ground is gone: its data period was withdrawn, or the description it was measured by no longer stands."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from governance.obligations.models import Evidence
from monitoring.runs.models import NotApplicable, Run
from monitoring.runs.planning import SOURCE
from monitoring.runs.set_aside import SOURCE as SET_ASIDE

WITHDRAWN = "the data period was withdrawn"
ENDED = "the description of the data was corrected or retired"


def baseless(organisation_id: UUID) -> Iterator[tuple[Evidence, str]]:
    """Standing evidence that is to be taken back, with the reason."""
    runs = Run.objects.filter(organisation_id=organisation_id)
    standing = Evidence.objects.standing().filter(organisation_id=organisation_id)
    of_runs = standing.filter(source__startswith=SOURCE)
    withdrawn = runs.over_withdrawn_data()
    ended = runs.filter(plan__dataset__ended_at__isnull=False)
    for each in of_runs.filter(source_id__in=withdrawn.values("pk")):
        yield each, WITHDRAWN
    accepted = NotApplicable.objects.filter(plan__dataset__ended_at__isnull=False)
    of_ended = Q(source__startswith=SOURCE, source_id__in=ended.exclude(pk__in=withdrawn).values("pk"))
    of_ended |= Q(source__startswith=SET_ASIDE, source_id__in=accepted.values("pk"))
    for each in standing.filter(of_ended):
        yield each, ENDED
