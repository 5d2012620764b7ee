"""What becomes of the plans of a dataset when its description is corrected or retired. Inside the `acting` of `editions/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.models import Dataset
from monitoring.runs import plans
from monitoring.runs.models import NotApplicable, Plan


@dataclass(frozen=True)
class Carried:
    """Keys of checks: planned on for the new version as before, and ended because they no longer fit it."""

    going_on: Sequence[str] = ()
    ended: Sequence[str] = ()


def carry_over(*, by: Actor, former: Dataset, dataset: Dataset, reason: str, at: datetime) -> Carried:
    """Each plan of the former version goes on as a plan of the new one, in the name of who corrected it, or ends.

    Raises NotAllowed.
    """
    require(by, "plan.set", dataset.model)
    versions = list(dataset.model.versions.filter(withdrawn_at=None))
    ended = end_with(former, reason, at)
    fitting = [plan for plan in ended if plans.goes_on(plan, dataset, versions)]
    Plan.objects.bulk_create(_for(dataset, plan, by, at) for plan in fitting)
    going_on = [plan.check_key for plan in fitting]
    return Carried(going_on, [plan.check_key for plan in ended if plan.check_key not in going_on])


def end_with(dataset: Dataset, reason: str, at: datetime) -> list[Plan]:
    """The plans that it ends, and with them what the second line had accepted of them."""
    standing = Plan.objects.filter(dataset=dataset, ended_at=None)
    ended = list(standing.select_related("dataset"))
    standing.update(ended_at=at)
    accepted = NotApplicable.objects.filter(plan__dataset=dataset, ended_at=None)
    accepted.update(ended_at=at, ended_reason=reason)
    return ended


def _for(dataset: Dataset, plan: Plan, by: Actor, at: datetime) -> Plan:
    return Plan(
        organisation_id=dataset.organisation_id,
        model_id=dataset.model_id,
        dataset=dataset,
        check_key=plan.check_key,
        limits=plan.limits,
        every_days=plan.every_days,
        **plan.schedule.as_fields(),
        basis=plan.basis,
        reason=plan.reason,
        set_by_id=by.person,
        set_at=at,
    )
