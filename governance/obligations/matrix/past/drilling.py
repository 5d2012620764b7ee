"""Behind a column of a past day: duties as they stood, read out of their changes in one query, model after model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import get_language

from governance.inventory.models import AIModel
from governance.inventory.past import as_they_stood
from governance.obligations.models import Duty, Framework, Obligation
from governance.obligations.past.many import Kept, kept_of
from governance.obligations.past.queries import duty_of
from governance.people.asked_day import AsOf

if TYPE_CHECKING:
    from governance.obligations.matrix.choosing import Chosen


def counted(chosen: Chosen, framework: Framework, as_of: AsOf) -> Mapping[str, Counter[str]]:
    """Key of a requirement → status → number of models; every edition that a model was judged by counts."""
    keys = {str(pk): key for pk, key in _obligations(framework).values_list("pk", "key")}
    found: dict[str, Counter[str]] = {}
    for kept in kept_of(chosen.models(), as_of.end):
        for obligation, row in kept.rows.items():
            if obligation in keys:
                found.setdefault(keys[obligation], Counter())[row["status"]] += 1
    return found


def duties(chosen: Chosen, framework: Framework, key: str, as_of: AsOf) -> list[Duty]:
    """Of one requirement, with their models as they stood then, by organisation and number."""
    obligations = {str(each.pk): each for each in _obligations(framework).filter(key=key)}
    models = models_of(chosen, as_of)
    return [
        duty_of(models[kept.model_id], obligations[each], row)
        for kept in kept_in_order(chosen, as_of)
        for each, row in kept.rows.items()
        if each in obligations
    ]


def kept_in_order(chosen: Chosen, as_of: AsOf) -> Iterator[Kept]:
    """By organisation and number, as the matrix of today is sorted."""
    language = (get_language() or "en")[:2]
    order = (f"model__organisation__name_{language}", "model__organisation_id", "model__number")
    return kept_of(chosen.models(), as_of.end, *order)


def models_of(chosen: Chosen, as_of: AsOf) -> dict[UUID, AIModel]:
    """In two queries, however many there are."""
    listed = chosen.models().select_related("organisation")
    return {then.model.pk: then.model for then in as_they_stood(listed, as_of)}


def by_status(listed: list[Duty]) -> Mapping[str, int]:
    return Counter(duty.status for duty in listed)


def _obligations(framework: Framework) -> Any:
    return Obligation.objects.filter(framework__key=framework.key).defer("facts")
