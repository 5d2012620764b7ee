"""Behind a column: the requirements of one framework over all models, and the models behind one of its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from governance.errors import NotFound
from governance.obligations.matrix.choosing import Chosen
from governance.obligations.matrix.past import drilling as past
from governance.obligations.models import Duty, Framework, Obligation
from governance.people.isolated import IsolatedQuerySet


def framework_of(chosen: Chosen, key: str) -> Framework:
    """Its newest edition. Raises NotFound."""
    known = {framework.key: framework for framework in chosen.frameworks}
    if key not in known:
        raise NotFound
    return known[key]


def requirements_of(framework: Framework) -> QuerySet[Obligation]:
    return Obligation.objects.filter(framework=framework).defer("facts").order_by("position")


def requirement_of(framework: Framework, key: str) -> Obligation:
    """Raises NotFound."""
    found = requirements_of(framework).filter(key=key).first()
    if found is None:
        raise NotFound
    return found


def counted(chosen: Chosen, framework: Framework) -> Mapping[str, Counter[str]]:
    """Key of a requirement → status → number of models, in one query. A model behind counts by its own edition."""
    if chosen.as_of:
        return past.counted(chosen, framework, chosen.as_of)
    found: dict[str, Counter[str]] = {}
    rows = duties(chosen, framework).values_list("obligation__key", "status").annotate(Count("pk"))
    for key, status, number in rows:
        found.setdefault(key, Counter())[status] += number
    return found


def duties(chosen: Chosen, framework: Framework, key: str = "") -> IsolatedQuerySet:
    """What the registered models of the choice owe under a framework, or one requirement of it."""
    rows = Duty.objects.visible_to(chosen.request.actor).filter(
        framework_key=framework.key, model__in=chosen.models()
    )
    return rows.filter(obligation__key=key).order_by() if key else rows.order_by()


@dataclass(frozen=True)
class Where:
    """The models of one requirement. tallied: status → number of models; rows: those in the statuses asked for."""

    tallied: Mapping[str, int]
    rows: Sequence[Duty] | IsolatedQuerySet


def where(chosen: Chosen, framework: Framework, key: str, statuses: Sequence[str]) -> Where:
    if chosen.as_of:
        stood = past.duties(chosen, framework, key, chosen.as_of)
        return Where(past.by_status(stood), [duty for duty in stood if duty.status in statuses])
    owed = duties(chosen, framework, key)
    return Where(by_status(owed), standing(owed, statuses))


def by_status(rows: IsolatedQuerySet) -> Mapping[str, int]:
    return dict(rows.values_list("status").annotate(Count("pk")))


def standing(rows: IsolatedQuerySet, statuses: Sequence[str]) -> IsolatedQuerySet:
    """With what a list of models shows of each, by organisation and number."""
    language = (get_language() or "en")[:2]
    return (
        rows.filter(status__in=statuses)
        .select_related("model__organisation", "model__sheet", "obligation")
        .defer("obligation__facts", "reasons", "groups", "model__sheet__failing", "model__sheet__counts")
        .order_by(f"model__organisation__name_{language}", "model__organisation_id", "model__number")
    )
