"""Keeps the duties of each model up to its revision: what is behind is computed again, what is equal is not written."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.facts import AT_ONCE, circumstances
from governance.obligations.judging import Excused, judge
from governance.obligations.matrix import standing
from governance.obligations.matrix.standing import Stands
from governance.obligations.models import Conclusion, DutySheet
from governance.obligations.papers import coming, pull
from governance.obligations.past import keeping
from governance.obligations.rules import ConclusionFact
from governance.obligations.surroundings import BEHIND, Surroundings, owed, surroundings
from governance.obligations.waiving.models import Waiver
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rows import put

ASKS_NOTHING = frozenset({"none", "not_applicable"})
RENEWED = (
    *("computed_at_revision", "computed_at", "stale_after", "basis", "editions", "counts", "failing"),
    *("flags_on", "flags_open"),
)


def catch_up(organisation_id: UUID) -> None:
    """Compute again the models of one organisation that are behind, some hundreds in a transaction.

    When nothing is behind it only reads: it opens no write transaction, so it rings nobody.
    """
    by = Actor.system("requirements", organisation_id)
    with viewing(by):
        around = surroundings(organisation_id)
        models = AIModel.objects.filter(organisation_id=organisation_id).exclude(status=Status.WITHDRAWN)
        late = list(models.filter(_is_late(around)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(late), AT_ONCE):
        bring_up(by=by, ids=late[start : start + AT_ONCE], around=around)


def _is_late(around: Surroundings) -> Q:
    return BEHIND | ~Q(sheet__basis=around.basis) | Q(sheet__stale_after__lt=timezone.localdate())


def bring_up(*, by: Actor, ids: Collection[UUID], around: Surroundings) -> None:
    """Pull the papers, then compute. The revision is read first: news that comes meanwhile leaves the sheet behind."""
    with acting(by, "duties.computed", quiet=True):  # the rooms above come after this one in the same sweep
        _alone(ids)
        pull(by=by, ids=ids)
        models = AIModel.objects.filter(_is_late(around), pk__in=ids).exclude(status=Status.WITHDRAWN)
        with _uncollected():
            _write(list(models.order_by("pk").select_related("sheet")), around)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Thousands of small values, none of them in a circle: looking for circles meanwhile takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _alone(ids: Collection[UUID]) -> None:
    """Two workers wait for each other; the second finds the sheets up to date. In one order, so that neither waits for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('duties of ' || id, 0)) FROM unnest(%s::text[]) AS each (id)",
            [sorted(str(each) for each in ids)],
        )


def _write(models: Sequence[AIModel], around: Surroundings) -> None:
    """Everything that follows from one computation, in a fixed number of statements."""
    excused, concluded = excuses(models), conclusions(models)
    papers = coming([model.pk for model in models])
    stand: dict[UUID, Mapping[str, Stands]] = {}
    editions: dict[UUID, dict[str, str]] = {}
    sheets = []
    for now in circumstances(models, around, timezone.localdate()):
        model, frameworks = now.model, around.frameworks_on(now.flags)
        judgement = judge(now, owed(frameworks), excused.get(model.pk, {}))
        editions[model.pk] = {each.key: each.edition for each in frameworks}
        stand[model.pk] = standing.of(model, judgement, concluded.get(model.pk, {}), around)
        sheets.append(
            {
                "organisation_id": model.organisation_id,
                "model_id": model.pk,
                "computed_at_revision": model.revision,
                "computed_at": timezone.now(),
                "stale_after": _earlier(judgement.stale_after, papers.get(model.pk)),
                "basis": around.basis,
                "editions": editions[model.pk],
                "counts": judgement.counts,
                "failing": judgement.failing,
                "flags_on": [flag for flag, value in now.flags.items() if value],
                "flags_open": [flag for flag, value in now.flags.items() if value is None],
            }
        )
    former = standing.keep(models, stand)
    keeping.keep(models, former, stand, editions)
    put(DutySheet, sheets, unique=["model_id"], renew=RENEWED)


def _earlier(stale_after: date | None, paper_on: date | None) -> date | None:
    """The last day on which this computation holds: a paper that was accepted before its day begins to count on it."""
    days = [stale_after, paper_on - timedelta(days=1) if paper_on else None]
    return min((day for day in days if day is not None), default=None)


def excuses(models: Collection[AIModel]) -> dict[UUID, dict[str, Excused]]:
    """Waivers and accepted gaps that stand today, by model and key of the requirement."""
    found: dict[UUID, dict[str, Excused]] = {}
    rows = Waiver.objects.filter(model__in=[model.pk for model in models]).standing(timezone.localdate())
    for row in rows.select_related("control"):
        found.setdefault(row.model_id, {})[row.obligation_key] = Excused(row.kind, row.holds_until)
    return found


def conclusions(models: Collection[AIModel]) -> dict[UUID, dict[str, ConclusionFact]]:
    """What the second line concluded last, by model and key of the requirement."""
    found: dict[UUID, dict[str, ConclusionFact]] = {}
    rows = Conclusion.objects.filter(model__in=[model.pk for model in models], superseded_at=None)
    columns = ("model_id", "obligation_key", "verdict", "evidence_digest", "edition")
    for model_id, key, verdict, digest, edition in rows.values_list(*columns):
        found.setdefault(model_id, {})[key] = ConclusionFact(verdict, digest, edition)
    return found
