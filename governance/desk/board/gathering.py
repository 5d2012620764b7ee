"""What the report to the board rests on, read once in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from governance.approvals.models import Authorisation, AuthorisationState, Decision
from governance.desk.board.quarter import Quarter
from governance.filing.models import Return
from governance.incidents.models import Incident, SuspensionOrder
from governance.inventory.figures.queries import Line, lines
from governance.inventory.models import AIModel
from governance.obligations.models import Duty, DutySheet, Framework
from governance.people.models import Organisation
from governance.risk.models import RiskAssessment

RED = ("failing", "overdue")
SINCE = {"failed": 0, "expired": 1, "older_than_a_year": 1}
"""Reasons that name the day from which a requirement is red, and how many days after it."""


@dataclass(frozen=True)
class Board:
    """Everything of one organisation. What stands, stands as of `now`; what happened, happened in the quarter."""

    organisation: Organisation
    quarter: Quarter
    now: datetime
    models: Sequence[AIModel]
    grades: Mapping[UUID, RiskAssessment]
    permitted: Mapping[UUID, str]
    sheets: Sequence[DutySheet]
    frameworks: Mapping[tuple[str, str], Framework]
    red: Sequence[Duty]
    figures: Sequence[Line]
    incidents: Sequence[Incident]
    decisions: Sequence[Decision]
    suspensions: Sequence[SuspensionOrder]
    returns: Sequence[Return]

    @property
    def computed_at(self) -> datetime | None:
        """The oldest of the sheets: how old a status in this report may be."""
        return min((sheet.computed_at for sheet in self.sheets), default=None)

    @property
    def by_framework(self) -> list[tuple[Framework, Counter[str], int]]:
        """(edition, requirements by evidence status, models that owe any of them), those binding first."""
        tallies: dict[tuple[str, str], Counter[str]] = {}
        models: Counter[tuple[str, str]] = Counter()
        for sheet in self.sheets:
            for key, counts in sheet.counts.items():
                edition = (key, str(sheet.editions.get(key, "")))
                tallies.setdefault(edition, Counter()).update(counts)
                models[edition] += 1
        known = [
            (self.frameworks[at], tally, models[at]) for at, tally in tallies.items() if at in self.frameworks
        ]
        return sorted(
            known, key=lambda each: (not each[0].head.get("binding_in_kz"), each[0].key, each[0].edition)
        )


def gather(organisation: Organisation, quarter: Quarter, now: datetime) -> Board:
    models = list(AIModel.objects.registered().filter(organisation=organisation).order_by("number"))
    of = {"organisation": organisation}
    within = quarter.moments
    sheets = list(DutySheet.objects.filter(model__in=models))
    graded = RiskAssessment.objects.current().filter(model__in=models)
    red = Duty.objects.filter(model__in=models, status__in=RED).select_related(
        "model", "obligation__framework"
    )
    decided = Decision.objects.filter(**of, decided_at__gte=within[0], decided_at__lt=within[1])
    return Board(
        organisation=organisation,
        quarter=quarter,
        now=now,
        models=models,
        grades={each.model_id: each for each in graded},
        permitted=_permitted(models, now),
        sheets=sheets,
        frameworks={(each.key, each.edition): each for each in Framework.objects.all()},
        red=list(red.order_by("model__number", "obligation__framework__key", "obligation__position")),
        figures=lines(models),
        incidents=_incidents(organisation, within),
        decisions=list(decided.select_related("request__version", "model").order_by("decided_at")),
        suspensions=_suspensions(organisation, within),
        returns=list(
            Return.objects.filter(**of, filed_at__gte=within[0], filed_at__lt=within[1])
            .defer("rows")
            .order_by("filed_at")
        ),
    )


def _permitted(models: Sequence[AIModel], now: datetime) -> dict[UUID, str]:
    states = (AuthorisationState.ACTIVE, AuthorisationState.SUSPENDED)
    found = Authorisation.objects.filter(model__in=models, state__in=states, expires_at__gt=now)
    return dict(found.order_by("-state").values_list("model_id", "state"))


def _incidents(organisation: Organisation, within: tuple[datetime, datetime]) -> list[Incident]:
    """Noticed in the quarter, or noticed before it and not closed when it began."""
    of = Incident.objects.filter(organisation=organisation, detected_at__lt=within[1])
    alive = of.filter(Q(detected_at__gte=within[0]) | Q(closed_at=None) | Q(closed_at__gte=within[0]))
    return list(alive.select_related("model").order_by("detected_at"))


def _suspensions(organisation: Organisation, within: tuple[datetime, datetime]) -> list[SuspensionOrder]:
    of = SuspensionOrder.objects.filter(organisation=organisation, ordered_at__lt=within[1])
    alive = of.filter(Q(ordered_at__gte=within[0]) | Q(lifted_at=None) | Q(lifted_at__gte=within[0]))
    return list(alive.select_related("model", "authorisation__version").order_by("ordered_at"))


def red_since(duty: Duty) -> date | None:
    """The first day on which it was failing or overdue, where the reasons of its status name one."""
    days = [
        date.fromisoformat(reason["params"]["on"]) + timedelta(days=SINCE[reason["key"]])
        for reason in duty.reasons
        if reason["key"] in SINCE and reason["params"].get("on")
    ]
    return min(days, default=None)
