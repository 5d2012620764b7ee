"""The limits that a plan takes over unless somebody sets others.

First those that the registration states, then those that are proposed for the tier, then the check's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.inventory.models import AIModel
from governance.inventory.profile.models import TradingProfile
from governance.risk.grades import Grade
from monitoring.checks import CHECKS
from monitoring.checks.check import Check
from monitoring.runs.proposing import by_grade, proposed

STATED = {
    "order_value": "largest_order",
    "position_value": "largest_position",
    "orders_per_day": "orders_per_day",
}
"""Of the check of order logs, per limit the answer of the registration."""


def registered(model: AIModel, check: Check) -> dict[str, Any]:
    """Limits of this check that the registration of the model states."""
    asks = any(limit.key in STATED for limit in check.limits)
    return _stated(TradingProfile.objects.filter(model=model).first() if asks else None, check)


def limits(model: AIModel, check: Check) -> dict[str, Any]:
    return check.limits_of({**proposed(model, check.key).limits, **registered(model, check)})


def of_all(model: AIModel, grade: Grade | None) -> dict[str, dict[str, Any]]:
    """The same of every check, by its key, in one query."""
    profile = TradingProfile.objects.filter(model=model).first()
    return {
        key: check.limits_of({**by_grade(grade, key).limits, **_stated(profile, check)})
        for key, check in CHECKS.items()
    }


def otherwise(chosen: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """The usual value of each limit that was chosen otherwise."""
    return {key: value for key, value in usual.items() if chosen[key] != value}


def _stated(profile: TradingProfile | None, check: Check) -> dict[str, Any]:
    asked = {limit.key: STATED[limit.key] for limit in check.limits if limit.key in STATED}
    found = {key: getattr(profile, name) for key, name in asked.items()} if profile else {}
    return {key: float(value) for key, value in found.items() if value is not None}
