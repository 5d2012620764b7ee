"""The matrix as it stood at the end of a day: the last change of every standing before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from governance.inventory.models import AIModel, AIModelQuerySet
from governance.inventory.past import as_they_stood
from governance.obligations.matrix.models import STATUSES
from governance.obligations.matrix.past.models import StandingChange
from governance.obligations.past.many import editions_of
from governance.people.asked_day import AsOf


@dataclass(frozen=True)
class Sheet:
    """What stands of a model's counts: key of a framework → status → number, and the edition that it was judged by."""

    counts: Mapping[str, Mapping[str, int]]
    editions: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """One model as it stood. sheet: None where no count of that day was kept. is_known: the ledger tells its name."""

    model: AIModel
    sheet: Sheet | None
    is_known: bool
    is_current: bool = True


def standing(models: AIModelQuerySet, as_of: AsOf) -> QuerySet[StandingChange]:
    """The change of each model and framework that held; those of frameworks that were no longer on are left out."""
    before = StandingChange.objects.filter(model__in=models.order_by(), at__lt=as_of.end)
    last = before.order_by("model_id", "framework_key", "-at").distinct("model_id", "framework_key")
    rows: QuerySet[StandingChange] = StandingChange.objects.filter(pk__in=last.values("pk"), is_on=True)
    return rows


def summed(models: AIModelQuerySet, as_of: AsOf) -> list[tuple[Any, ...]]:
    """(organisation, framework, one number for each status), in one query."""
    by = standing(models, as_of).order_by().values_list("organisation_id", "framework_key")
    return list(by.annotate(**{f"sum_of_{status}": Sum(status) for status in STATUSES}))


def crowds(models: AIModelQuerySet, as_of: AsOf) -> list[tuple[UUID, int, int]]:
    """(organisation, models, of these with counts that were kept)."""
    kept = Exists(StandingChange.objects.filter(model=OuterRef("pk"), at__lt=as_of.end))
    rows = models.order_by().annotate(has_past=kept).values_list("organisation_id")
    return list(rows.annotate(there=Count("pk"), kept=Count("pk", filter=Q(has_past=True))))


def rows_of(models: Iterable[AIModel], as_of: AsOf) -> list[Row]:
    """The models of one page, in three queries more."""
    listed = list(models)
    counts: dict[UUID, dict[str, Counter[str]]] = {}
    for each in standing(AIModel.objects.filter(pk__in=[model.pk for model in listed]), as_of):
        tally = Counter({status: getattr(each, status) for status in STATUSES})
        counts.setdefault(each.model_id, {})[each.framework_key] = tally
    editions = editions_of(listed, as_of.end)
    return [
        Row(then.model, _sheet(then.model.pk, counts, editions), then.is_known)
        for then in as_they_stood(listed, as_of)
    ]


def totals_of(rows: Iterable[Row]) -> dict[UUID, Counter[str]]:
    """Requirements by status over all frameworks."""
    return {row.model.pk: sum(row.sheet.counts.values(), Counter()) for row in rows if row.sheet}  # type: ignore[arg-type]


def _sheet(
    model_id: UUID,
    counts: Mapping[UUID, Mapping[str, Mapping[str, int]]],
    editions: Mapping[UUID, Mapping[str, str]],
) -> Sheet | None:
    if model_id not in counts:
        return None
    return Sheet(counts[model_id], editions.get(model_id, {}))
