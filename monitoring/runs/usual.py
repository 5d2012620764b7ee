"""The limits that a plan takes over unless somebody sets others: those that the registration states, else the usual ones."""

from __future__ import annotations

from typing import Any

from governance.inventory.models import AIModel
from governance.inventory.profile.models import TradingProfile
from monitoring.checks.check import Check

STATED = {
    "order_value": "largest_order",
    "position_value": "largest_position",
    "orders_per_day": "orders_per_day",
}
"""Of the check of order logs, per limit the answer of the registration."""


def registered(model: AIModel, check: Check) -> dict[str, Any]:
    """Limits of this check that the registration of the model states."""
    asked = {limit.key: STATED[limit.key] for limit in check.limits if limit.key in STATED}
    profile = TradingProfile.objects.filter(model=model).first() if asked else None
    found = {key: getattr(profile, name) for key, name in asked.items()} if profile else {}
    return {key: float(value) for key, value in found.items() if value is not None}


def limits(model: AIModel, check: Check) -> dict[str, Any]:
    return check.default_limits | registered(model, check)
