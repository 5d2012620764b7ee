"""The duties of many models as they stood: their changes are read once, in one query, model after model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from governance.inventory.models import AIModel, AIModelQuerySet
from governance.obligations.past.models import DutyChange
from governance.obligations.past.queries import answers_of, replayed

AT_ONCE = 200


@dataclass(frozen=True)
class Kept:
    """One model. computed_at: its last computation of then. rows: id of an obligation → the row of its duty."""

    model_id: UUID
    computed_at: datetime
    editions: Mapping[str, str]
    rows: Mapping[str, Mapping[str, Any]]


def kept_of(models: AIModelQuerySet, end: datetime, *order: str) -> Iterator[Kept]:
    """Of each model that was computed before `end`. order: fields of the change by which the models come.

    Answers are read for some models at a time: what two of them share is read once.
    """
    changes = DutyChange.objects.filter(model__in=models.order_by(), at__lt=end)
    ordered = changes.order_by(*order, "model_id", "at", "revision").iterator(chunk_size=AT_ONCE)
    by_model = ((key, list(listed)) for key, listed in groupby(ordered, attrgetter("model_id")))
    while some := list(islice(by_model, AT_ONCE)):
        answers = answers_of([change for _key, listed in some for change in listed])
        for model_id, listed in some:
            yield Kept(model_id, listed[-1].at, listed[-1].editions, replayed(listed, answers))


def editions_of(models: list[AIModel], end: datetime) -> dict[UUID, Mapping[str, str]]:
    """By model: key of a framework → the edition that it was judged by. Models not yet computed are left out."""
    rows = DutyChange.objects.filter(model__in=models, at__lt=end).order_by("model_id", "-at", "-revision")
    return dict(rows.distinct("model_id").values_list("model_id", "editions"))
