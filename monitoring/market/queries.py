"""The market as its supervisor sees it: every participant in one line, what they share, and what nobody watches.

Each read is one query over all organisations, however many there are. Nothing here is written down: it is read from
the rooms below whenever it is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max

from governance.approvals.models import Authorisation, AuthorisationState
from governance.filing.models import Return
from governance.incidents.models import Incident
from governance.inventory.models import AIModel
from governance.inventory.suppliers.models import Component, ComponentQuerySet
from governance.inventory.suppliers.rules import merged
from governance.inventory.words import Status
from governance.obligations.models import DutySheet
from governance.people.isolated import IsolatedQuerySet
from governance.people.models import Organisation
from governance.risk.grades import grades_by_id
from governance.risk.models import RiskDegree
from monitoring.runs.models import Finding, Result

RED = ("failing", "overdue")
FRESH = timedelta(days=31)
"""A model whose last answer of a check is younger is counted as watched."""


@dataclass
class Participant:
    """One participant. grades: models by degree of risk; ungraded ones stand under "". filed: the newest return, if any."""

    organisation: Organisation
    models: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    requirements: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    incidents: int = 0
    suspended: int = 0
    watched: int = 0
    filed: Return | None = None

    @property
    def red(self) -> int:
        """Requirements that fail or are overdue."""
        return sum(self.requirements[status] for status in RED)

    @property
    def missing(self) -> int:
        return self.requirements["missing"]

    @property
    def has_filed(self) -> bool:
        """A registered model, or a return."""
        return bool(self.models or self.filed)

    @property
    def by_degree(self) -> list[tuple[str, int]]:
        """(words of the degree, models), the highest first."""
        named = [(str(degree.label), self.grades[degree.value]) for degree in reversed(RiskDegree)]
        return [(words, number) for words, number in named if number]


@dataclass(frozen=True)
class Supplier:
    """One supplier as the market has it. name: as most participants write it."""

    name: str
    participants: int
    models: int
    kinds: tuple[str, ...]
    without_substitute: int


@dataclass(frozen=True)
class Shared:
    """One foundation model that several uses stand on. name: as most write it."""

    name: str
    participants: int
    models: int


def participants(now: datetime) -> list[Participant]:
    """Every participant, those with red requirements first."""
    known = Organisation.objects.filter(kind="participant")
    lines = {each.pk: Participant(each) for each in known}
    registered = AIModel.objects.registered().filter(organisation_id__in=lines)
    standing = dict(registered.values_list("pk", "organisation_id"))
    _count_models(lines, standing)
    for model_id, tallies in DutySheet.objects.filter(model__in=standing).values_list("model_id", "counts"):
        for tally in tallies.values():
            lines[standing[model_id]].requirements.update(tally)
    red = Finding.objects.filter(closed_at=None, severity="red").exclude(model__status=Status.WITHDRAWN)
    suspended = Authorisation.objects.filter(state=AuthorisationState.SUSPENDED)
    for organisation_id, number in _tally(red).items():
        _of(lines, organisation_id).findings = number
    for organisation_id, number in _tally(Incident.objects.open()).items():
        _of(lines, organisation_id).incidents = number
    for organisation_id, number in _tally(suspended).items():
        _of(lines, organisation_id).suspended = number
    answered = Result.objects.filter(model__in=standing, at__gte=now - FRESH).order_by()
    for model_id in answered.values_list("model_id", flat=True).distinct():
        lines[standing[model_id]].watched += 1
    for filed in Return.objects.standing().defer("rows").order_by("ends_on", "filed_at"):
        _of(lines, filed.organisation_id).filed = filed
    return sorted(lines.values(), key=lambda each: (-each.red, -each.incidents, str(each.organisation)))


def _count_models(lines: Mapping[UUID, Participant], standing: Mapping[UUID, UUID]) -> None:
    graded = grades_by_id(standing.keys())
    degrees = {model_id: grade.risk_degree for model_id, grade in graded.items()}
    for model_id, organisation_id in standing.items():
        lines[organisation_id].models += 1
        lines[organisation_id].grades[degrees.get(model_id, "")] += 1


def _of(lines: Mapping[UUID, Participant], organisation_id: UUID) -> Participant:
    """The line of a participant; what belongs to another kind of organisation is counted nowhere."""
    return lines.get(organisation_id) or Participant(Organisation())


def _tally(rows: IsolatedQuerySet) -> dict[UUID, int]:
    """How many rows each organisation has."""
    return dict(rows.order_by().values_list("organisation_id").annotate(Count("pk")))


def suppliers() -> list[Supplier]:
    """Who stands behind the registered models, by the number of participants, then of models."""
    rows = list(
        _components()
        .exclude(provider=None)
        .values_list(
            "provider__key",
            "provider__registration_number",
            "provider__name",
            "organisation_id",
            "model_id",
            "kind",
            "substitute",
        )
    )
    stands = merged((key, number) for key, number, *_rest in rows)
    found: dict[str, list[Sequence[object]]] = defaultdict(list)
    for key, number, *rest in rows:
        found[stands[key, number]].append(rest)
    listed = [_supplier(uses) for uses in found.values()]
    return sorted(listed, key=lambda each: (-each.participants, -each.models, each.name))


def _supplier(uses: Sequence[Sequence[object]]) -> Supplier:
    names = Counter(str(name) for name, *_rest in uses)
    return Supplier(
        name=min(names, key=lambda name: (-names[name], name)),
        participants=len({organisation for _name, organisation, *_rest in uses}),
        models=len({model for _name, _organisation, model, *_rest in uses}),
        kinds=tuple(sorted({str(kind) for *_rest, kind, _substitute in uses})),
        without_substitute=len({use[2] for use in uses if use[4] == "none"}),
    )


def foundation_models() -> list[Shared]:
    """Foundation models under registered models, by the number of participants that stand on them."""
    rows = _components().filter(is_foundation_model=True).values_list("name", "organisation_id", "model_id")
    found: dict[str, list[tuple[str, UUID, UUID]]] = defaultdict(list)
    for name, organisation_id, model_id in rows:
        found[" ".join(name.casefold().split())].append((name, organisation_id, model_id))
    listed = [
        Shared(
            name=Counter(name for name, *_rest in uses).most_common(1)[0][0],
            participants=len({organisation for _name, organisation, _model in uses}),
            models=len({model for *_rest, model in uses}),
        )
        for uses in found.values()
    ]
    return sorted(listed, key=lambda each: (-each.participants, -each.models, each.name))


def _components() -> ComponentQuerySet:
    return Component.objects.standing().filter(model__status=Status.REGISTERED)


def last_answer() -> datetime | None:
    """When a check of anybody was answered last."""
    latest: datetime | None = Result.objects.aggregate(last=Max("at"))["last"]
    return latest
