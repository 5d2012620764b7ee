"""Models beside each other: what every list of models shows, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from governance.approvals.models import Authorisation, AuthorisationState
from governance.approvals.words import environment
from governance.inventory.handing_over import without_owner
from governance.inventory.models import AIModel
from governance.obligations.models import DutySheet
from governance.people.actor import Actor
from governance.risk.grades import Grade, grades_of

ORDER = ("failing", "overdue", "missing", "due_soon", "on_file")
"""The statuses a list shows, worst first; the others stand on the model's own page."""


@dataclass(frozen=True)
class Line:
    """One model. counts: (status, number), worst first; empty while they are being computed.

    is_known: False where a past day is asked about and the ledger does not tell the name of then.
    """

    model: AIModel
    grade: Grade | None
    counts: list[tuple[str, int]]
    authorised: str
    has_owner: bool = True
    is_known: bool = True


def lines(models: Iterable[AIModel], actor: Actor, now: datetime) -> list[Line]:
    shown = list(models)
    ids = [model.pk for model in shown]
    grades = grades_of(shown)
    sheets = {each.model_id: each for each in DutySheet.objects.visible_to(actor).filter(model_id__in=ids)}
    running = _running(ids, actor, now)
    orphaned = without_owner(shown, timezone.localdate(now))
    return [
        Line(
            model,
            grades.get(model.pk),
            totals(sheets.get(model.pk)),
            running.get(model.pk, ""),
            model.pk not in orphaned,
        )
        for model in shown
    ]


def totals(sheet: DutySheet | None) -> list[tuple[str, int]]:
    """Requirements by status over all frameworks."""
    if sheet is None:
        return []
    counted: Counter[str] = Counter()
    for tally in sheet.counts.values():
        counted.update(tally)
    return [(status, counted[status]) for status in ORDER if counted[status]]


def _running(ids: Sequence[object], actor: Actor, now: datetime) -> Mapping[object, str]:
    """The versions that may run, with their environments."""
    standing = Authorisation.objects.visible_to(actor).filter(
        model_id__in=ids, state=AuthorisationState.ACTIVE, expires_at__gt=now
    )
    found: dict[object, list[str]] = {}
    for each in standing.select_related("version"):
        found.setdefault(each.model_id, []).append(f"{each.version.label} · {environment(each.environment)}")
    return {model_id: ", ".join(words) for model_id, words in found.items()}
