"""What the pages of the desk show of a past day: each part by what was recorded then, and nothing by what is today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from governance.approvals.past import before_the_committee, permissions_of
from governance.desk.overview import ORDER, Line
from governance.errors import Problem, RuleBroken
from governance.inventory import queries as inventory
from governance.inventory.models import AIModel, Document, ModelVersion, Revision
from governance.inventory.past import as_they_stood
from governance.inventory.reviewed import Review, standing, state_of
from governance.obligations.apart import caution_over
from governance.obligations.matrix.past.queries import rows_of
from governance.obligations.past.queries import Past
from governance.obligations.past.queries import as_of as stood_on
from governance.people.actor import Actor
from governance.people.asked_day import AsOf
from governance.people.rights import may
from governance.risk.past import grades_of
from governance.risk.queries import explained
from monitoring.runs.past import answered

PRESSING = ("failing", "overdue")


def record_of(model: AIModel, actor: Actor, as_of: AsOf) -> dict[str, Any]:
    """The context of a model's page of a past day. Raises RuleBroken for a day before its draft was begun."""
    if model.created_at >= as_of.end:
        raise RuleBroken(
            problems=[Problem(_("As of the end of"), _("The model was not in the register yet."))]
        )
    [then] = as_they_stood([model], as_of)
    past = stood_on(model, as_of.day)
    return {
        "as_of": as_of,
        "model": then.model,
        "is_known": then.is_known,
        "may_pack": then.is_known and may(actor, "pack.order", model),
        "record": inventory.record(then.model) if then.is_known else [],
        "grade": past.grade,
        "degrees": explained(past.grade) if past.grade else [],
        "past": past,
        "counts": _totals(past),
        "caution": caution_over(past.editions) if past.editions else "",
        "pressing": [line for line in past.lines if line.duty.status in PRESSING and line.is_asked],
        "answered": answered(model, past.version, as_of.end),
        "versions": _versions(model, as_of),
        "documents": _documents(model, as_of),
        "permissions": permissions_of([model], as_of.end).get(model.pk, []),
        "requests": before_the_committee(model, as_of.end),
    }


def _totals(past: Past) -> list[tuple[str, int]]:
    counted = Counter(line.duty.status for line in past.lines)
    return [(status, counted[status]) for status in ORDER if counted[status]]


def _versions(model: AIModel, as_of: AsOf) -> list[ModelVersion]:
    rows = ModelVersion.objects.filter(model=model, created_at__lt=as_of.end).select_related("created_by")
    return [_not_yet_withdrawn(row, as_of) for row in rows]


def _not_yet_withdrawn(version: ModelVersion, as_of: AsOf) -> ModelVersion:
    then = copy(version)
    if then.withdrawn_at and then.withdrawn_at >= as_of.end:
        then.withdrawn_at = None
    return then


def _documents(model: AIModel, as_of: AsOf) -> list[tuple[Revision, str]]:
    """The revision of each document that counted, or else its newest, and its state. Titles as it gave them."""
    handed_in = Revision.objects.filter(uploaded_at__lt=as_of.end).order_by("-number")
    rows = Document.objects.filter(model=model, created_at__lt=as_of.end)
    found = []
    for document in rows.prefetch_related(Prefetch("revisions", handed_in.select_related("document"))):
        revisions = [_as_it_was(each, as_of) for each in document.revisions.all()]
        if revisions:
            counting = standing(revisions, as_of.day)
            shown = counting or revisions[0]
            found.append((shown, state_of(shown, counting, as_of.day)))
    return found


def _as_it_was(now: Revision, as_of: AsOf) -> Revision:
    """A copy, never to be saved: without the review and the withdrawal that came later."""
    then = copy(now)
    if then.withdrawn_at and then.withdrawn_at >= as_of.end:
        then.withdrawn_at = None
    if then.reviewed_at and then.reviewed_at >= as_of.end:
        then.review = Review.WAITING
    return then


def lines(models: Iterable[AIModel], as_of: AsOf) -> list[Line]:
    """The list of models as it stood, in a fixed number of queries."""
    shown = list(models)
    grades, running = grades_of(shown, as_of), permissions_of(shown, as_of.end)
    return [
        Line(
            row.model,
            grades.get(row.model.pk),
            [(status, number) for status, number in _summed(row.sheet) if number],
            ", ".join(
                f"{each.row.version.label} · {each.place}"
                for each in running.get(row.model.pk, ())
                if each.is_running
            ),
            is_known=row.is_known,
        )
        for row in rows_of(shown, as_of)
    ]


def _summed(sheet: Any) -> Sequence[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for tally in sheet.counts.values() if sheet else ():
        counted.update(tally)
    return [(status, counted[status]) for status in ORDER]


def counts_of_models(models: Any, as_of: AsOf) -> list[tuple[str, int]]:
    """Models by status of their life, by the times of registration and withdrawal."""
    existed = models.filter(created_at__lt=as_of.end)
    gone = existed.filter(withdrawn_at__lt=as_of.end).count()
    stood = existed.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=as_of.end))
    registered = stood.filter(registered_at__lt=as_of.end).count()
    counted = [("draft", stood.count() - registered), ("registered", registered), ("withdrawn", gone)]
    return [(status, number) for status, number in counted if number]
