"""Models × frameworks: every count by status, read in a fixed number of queries, however many models there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import get_language

from governance.inventory.models import AIModel, AIModelQuerySet
from governance.obligations.matrix.choosing import Chosen
from governance.obligations.matrix.models import STATUSES, Standing
from governance.obligations.matrix.past import queries as past
from governance.obligations.models import DutySheet, Framework
from governance.obligations.queries import is_current


@dataclass
class Crowd:
    """The models of one organisation: how many, and how many of them have a sheet that covers all on record.

    As of a day: how many of them have counts that were kept.
    """

    models: int = 0
    current: int = 0

    @property
    def behind(self) -> int:
        return self.models - self.current


@dataclass
class Totals:
    """Requirements by status. by_framework and by_organisation: of the frameworks that are shown."""

    frameworks_on: set[str] = field(default_factory=set)
    by_framework: dict[str, Counter[str]] = field(default_factory=dict)
    by_organisation: dict[UUID, Counter[str]] = field(default_factory=dict)
    crowds: dict[UUID, Crowd] = field(default_factory=dict)

    @cached_property
    def models(self) -> int:
        return sum(crowd.models for crowd in self.crowds.values())

    @cached_property
    def behind(self) -> int:
        return sum(crowd.behind for crowd in self.crowds.values())


@dataclass(frozen=True)
class Row:
    """One model. sheet: None before the first computation."""

    model: AIModel
    sheet: DutySheet | None
    is_current: bool
    is_known: bool = True


def up_to_date() -> Q:
    """Of a model: its sheet covers all that stands on record today, as `obligations.queries.is_current` says of one."""
    holds = Q(sheet__stale_after=None) | Q(sheet__stale_after__gte=timezone.localdate())
    return Q(sheet__computed_at_revision=F("revision")) & holds


def shown(chosen: Chosen) -> AIModelQuerySet:
    """The models of the matrix: where a framework is chosen, those for which it is on."""
    models = chosen.models()
    if chosen.as_of and chosen.framework:
        on = past.standing(models, chosen.as_of).filter(framework_key=chosen.framework)
        return models.filter(pk__in=on.values("model_id"))
    return models.filter(sheet__counts__has_key=chosen.framework) if chosen.framework else models


def totals(chosen: Chosen) -> Totals:
    """In two queries. frameworks_on: what is on for any of the models, also where one framework is chosen."""
    found = Totals(crowds=_crowds(chosen))
    for organisation_id, framework, *numbers in _summed(chosen):
        found.frameworks_on.add(framework)
        if chosen.framework in ("", framework):
            counted = dict(zip(STATUSES, numbers, strict=True))
            found.by_framework.setdefault(framework, Counter()).update(counted)
            found.by_organisation.setdefault(organisation_id, Counter()).update(counted)
    return found


def _crowds(chosen: Chosen) -> dict[UUID, Crowd]:
    if chosen.as_of:
        return {key: Crowd(models, kept) for key, models, kept in past.crowds(shown(chosen), chosen.as_of)}
    counted = shown(chosen).order_by().values("organisation_id")
    rows = counted.annotate(models=Count("pk"), current=Count("pk", filter=up_to_date()))
    return {row["organisation_id"]: Crowd(row["models"], row["current"]) for row in rows}


def _summed(chosen: Chosen) -> list[tuple[Any, ...]]:
    """(organisation, framework, one number for each of STATUSES)."""
    if chosen.as_of:
        return past.summed(chosen.models(), chosen.as_of)
    rows = Standing.objects.visible_to(chosen.request.actor).filter(model__in=chosen.models())
    by = rows.order_by().values_list("organisation_id", "framework_key")
    return list(by.annotate(**{f"sum_of_{status}": Sum(status) for status in STATUSES}))


def in_order(models: AIModelQuerySet) -> AIModelQuerySet:
    """By organisation, as the reader's language writes it, then by number."""
    language = (get_language() or "en")[:2]
    return models.select_related("organisation").order_by(
        f"organisation__name_{language}", "organisation_id", "number"
    )


def rows(models: Iterable[AIModel], chosen: Chosen) -> Sequence[Row | past.Row]:
    """The models of one page with their sheets, in one query more; as of a day, in three."""
    if chosen.as_of:
        return past.rows_of(models, chosen.as_of)
    listed = list(models)
    sheets: Mapping[UUID, DutySheet] = {
        sheet.model_id: sheet
        for sheet in DutySheet.objects.visible_to(chosen.request.actor)
        .filter(model__in=listed)
        .defer("failing", "basis")
    }
    return [_row(model, sheets.get(model.pk)) for model in listed]


def _row(model: AIModel, sheet: DutySheet | None) -> Row:
    return Row(model, sheet, is_current(model, sheet))


def columns(chosen: Chosen, on: Iterable[str]) -> list[Framework]:
    """The frameworks that are on for any of the models; where one is chosen, that one alone."""
    wanted = {chosen.framework} if chosen.framework else set(on)
    return [framework for framework in chosen.frameworks if framework.key in wanted & set(on)]
