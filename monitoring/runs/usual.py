"""The limits that a plan takes over unless somebody sets others.

First those that the registration states, then what follows from how the data are handed in, then those that are proposed for the
tier, then the check's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.profile.models import TradingProfile
from governance.risk.grades import Grade
from monitoring.checks import CHECKS, drift_columns
from monitoring.checks.check import Check, Limits
from monitoring.checks.drift_columns import CELLS
from monitoring.data.models import Dataset
from monitoring.engines.drift_rule import BY_ROWS, EVIDENTLY, FROZEN_BASELINE, OWN_PERIODS
from monitoring.runs.proposing import by_grade, proposed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTED_FIRST = _(
    "Proposed for these data are the cells of the reference alone (frozen baseline), because they are handed in as counts first, "
    "which are made over these cells: so counts and rows give the same figures, except where cells are hidden or numbers lie "
    "beyond the range of the reference, which only rows tell."
)
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


def of_data(dataset: Dataset, check: Check, chosen: Limits | None = None) -> dict[str, Any]:
    """Limits of this check that follow from how the data are handed in: counts know the cells of the reference alone.

    chosen: what a person set otherwise; what asks for the rows of both data periods keeps the check's own cells.
    """
    has_cells = any(limit.key == CELLS and FROZEN_BASELINE in limit.choices for limit in check.limits)
    if not has_cells or not dataset.is_counted_first or _asks_for_rows(chosen or {}):
        return {}
    return {CELLS: FROZEN_BASELINE}


def why(dataset: Dataset, check: Check) -> StrOrPromise:
    """Why something else is proposed for these data than for others; "" where nothing is."""
    return COUNTED_FIRST if of_data(dataset, check) else ""


def limits(dataset: Dataset, check: Check) -> dict[str, Any]:
    model = dataset.model
    its = {**proposed(model, check.key).limits, **of_data(dataset, check), **registered(model, check)}
    return check.limits_of(its)


def of_all(
    model: AIModel, datasets: Iterable[Dataset], grade: Grade | None
) -> dict[tuple[UUID, str], dict[str, Any]]:
    """The same of every check, by dataset and key, in one query."""
    profile = TradingProfile.objects.filter(model=model).first()
    return {
        (dataset.pk, key): check.limits_of(
            {**by_grade(grade, key).limits, **of_data(dataset, check), **_stated(profile, check)}
        )
        for dataset in datasets
        for key, check in CHECKS.items()
    }


def otherwise(chosen: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """The usual value of each limit that was chosen otherwise."""
    return {key: value for key, value in usual.items() if chosen[key] != value}


def _asks_for_rows(chosen: Limits) -> bool:
    """Limits from own periods, a method that Evidently chooses, and one that compares values know no frozen baseline."""
    named = [chosen.get("numeric_method"), chosen.get("categorical_method")]
    for line in str(chosen.get(drift_columns.KEY, "")).splitlines():
        named += line.rpartition(":")[2].split()
    return chosen.get("limits_from") == OWN_PERIODS or not {EVIDENTLY, *BY_ROWS}.isdisjoint(named)


def _stated(profile: TradingProfile | None, check: Check) -> dict[str, Any]:
    asked = {limit.key: STATED[limit.key] for limit in check.limits if limit.key in STATED}
    found = {key: getattr(profile, name) for key, name in asked.items()} if profile else {}
    return {key: float(value) for key, value in found.items() if value is not None}
