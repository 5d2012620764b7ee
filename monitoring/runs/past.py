"""What the checks of a model had answered by the end of a day."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from governance.inventory.models import AIModel, ModelVersion
from governance.people.actor import Actor
from governance.people.recorded import as_recorded
from monitoring.checks import CHECKS
from monitoring.checks.check import Check
from monitoring.data import periods
from monitoring.runs import ticks
from monitoring.runs.finding_queries import Filter, with_context
from monitoring.runs.models import Finding, Plan, Run
from monitoring.runs.queries import HISTORY, Answer, answers_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Answered:
    """A plan that stood, with the last answer that it had. answer: None where it had none."""

    plan: Plan
    answer: Answer | None

    @property
    def title(self) -> StrOrPromise:
        return self.check.title

    @property
    def check(self) -> Check:
        return CHECKS[self.plan.check_key]


def answered(model: AIModel, version: ModelVersion | None, end: datetime) -> list[Answered]:
    """version: the one that requirements were judged for."""
    stood = Q(ended_at=None) | Q(ended_at__gte=end)
    plans = list(Plan.objects.filter(stood, model=model, set_at__lt=end).select_related("dataset"))
    last = _last(plans, version, end)
    found = [Answered(plan, last.get(plan.pk)) for plan in plans if plan.check_key in CHECKS]
    return sorted(found, key=lambda each: (each.plan.dataset.name, list(CHECKS).index(each.plan.check_key)))


def findings(actor: Actor, chosen: Filter, end: datetime, model: AIModel | None = None) -> list[Finding]:
    """As `finding_queries.findings` lists them; severity and closing as they were recorded by then, in two queries."""
    seen = Finding.objects.visible_to(actor).filter(opened_at__lt=end)
    rows = list(with_context(seen.filter(model=model) if model else seen))
    recorded = as_recorded(rows, end)
    then = [recorded[row.pk] or _untouched(row, end) for row in rows]
    fitting = [_left_open(each, end) for each in then if each and chosen.fits(each, end)]
    return sorted(
        fitting,
        key=lambda each: (each.closed_at is not None, each.severity != "red", -each.opened_at.timestamp()),
    )


def _untouched(row: Finding, end: datetime) -> Finding | None:
    """What the ledger does not tell stands by its own times, if none of them is later."""
    return row if row.seen_at < end and (row.closed_at is None or row.closed_at < end) else None


def _left_open(finding: Finding, end: datetime) -> Finding:
    """What was closed since was still open."""
    then = copy(finding)
    if then.closed_at and then.closed_at >= end:
        then.closed_at, then.closing = None, {}
    return then


def history(model: AIModel, end: datetime) -> list[Answer]:
    """The runs that had answered, the newest first."""
    return answers_of(_ended(end).filter(model=model).order_by("-result__at", "id")[:HISTORY])


def count(model: AIModel, end: datetime) -> int:
    return int(_ended(end).filter(model=model).count())


def _last(plans: Iterable[Plan], version: ModelVersion | None, end: datetime) -> dict[UUID, Answer]:
    """As `queries.latest_answers` chooses, among what had ended and over data that had not been withdrawn."""
    there = Q(window__withdrawn_at=None) | Q(window__withdrawn_at__gte=end)
    runs = _ended(end).filter(there, plan__in=list(plans), version=version)
    ordered = periods.latest_first(runs, "plan_id", prefix="window__")
    newest = ordered.order_by(*ordered.query.order_by, "-finished_at").distinct("plan_id")
    return {each.run.plan_id: _as_of(each, end) for each in answers_of(newest, figures=True)}


def _as_of(answer: Answer, end: datetime) -> Answer:
    at = answer.result.at if answer.result else None
    stale = at is not None and ticks.is_stale(at, end, answer.run.plan.every_days)
    return replace(answer, is_stale=stale)


def _ended(end: datetime) -> Any:
    rows = Run.objects.filter(result__at__lt=end)
    return rows.select_related("plan__dataset", "version", "window", "reference", "lease", "result")
