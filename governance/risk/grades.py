"""What counts today: the computed grade of a model, and the overrides that stand beside it.

Flags, requirements, proposals by tier, routes and the gate read a Grade. The computed value is never lost: it is in
`computed`, and every page that shows an override shows it too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.people.models import User
from governance.risk.models import AutonomyDegree, RiskAssessment, RiskDegree
from governance.risk.overriding.models import Override, OverrideAxis

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Grade:
    """overrides: those that stand, by axis."""

    computed: RiskAssessment
    overrides: Mapping[str, Override] = field(default_factory=dict)

    @property
    def risk_degree(self) -> str:
        return self._value(OverrideAxis.RISK, self.computed.risk_degree)

    @property
    def autonomy_degree(self) -> str:
        return self._value(OverrideAxis.AUTONOMY, self.computed.autonomy_degree)

    @property
    def tier(self) -> int:
        return int(self._value(OverrideAxis.TIER, self.computed.tier))

    def get_risk_degree_display(self) -> StrOrPromise:
        return RiskDegree(self.risk_degree).label

    def get_autonomy_degree_display(self) -> StrOrPromise:
        return AutonomyDegree(self.autonomy_degree).label

    @property
    def values(self) -> dict[str, Any]:
        """The axes that a committee decides on."""
        return {
            "risk_degree": self.risk_degree,
            "autonomy_degree": self.autonomy_degree,
            "tier": self.tier,
        }

    @property
    def holds_until(self) -> date | None:
        """The last day on which it is what it is if nothing but time passes."""
        return min((each.ends_on for each in self.overrides.values()), default=None)

    @property
    def model_id(self) -> UUID:
        return self.computed.model_id

    @property
    def edition(self) -> str:
        return self.computed.edition

    @property
    def eu_class(self) -> str:
        return self.computed.eu_class

    @property
    def assessed_by(self) -> User:
        return self.computed.assessed_by

    @property
    def assessed_at(self) -> datetime:
        return self.computed.assessed_at

    def _value(self, axis: str, computed: object) -> str:
        return str(self.overrides[axis].value if axis in self.overrides else computed)


def current_grade(model: AIModel) -> Grade | None:
    """The grade that counts, or None while nobody has graded the model."""
    return grades_of([model]).get(model.pk)


def grades_of(models: Iterable[AIModel]) -> Mapping[UUID, Grade]:
    return grades_by_id([model.pk for model in models])


def grades_by_id(ids: Collection[UUID]) -> Mapping[UUID, Grade]:
    """By the id of the model, in two queries however many there are."""
    assessments = RiskAssessment.objects.current().filter(model_id__in=ids).select_related("assessed_by")
    standing = Override.objects.standing(timezone.localdate()).filter(model_id__in=ids)
    found: dict[UUID, dict[str, Override]] = {}
    for each in standing.select_related("set_by"):
        found.setdefault(each.model_id, {})[each.axis] = each
    return {each.model_id: Grade(each, found.get(each.model_id, {})) for each in assessments}
