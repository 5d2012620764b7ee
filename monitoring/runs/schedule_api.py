"""What CI does with the schedule: set a plan, read those that stand, when each is asked next and why then, and the blackouts."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema

from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require
from monitoring.blackouts.models import Blackout
from monitoring.data.models import Dataset
from monitoring.runs import not_asked, services, upcoming
from monitoring.runs.models import Plan

router = Router(tags=["checks"])


class PlanIn(Schema):
    """limits: those that are not named, and every_days where it is left out, are as proposed. Both as on the plan's page."""

    limits: dict[str, Any] = {}
    every_days: int | None = None
    reason: str = ""


class NextOut(Schema):
    """because: sentences; empty where the time is the plan's own."""

    version: str
    at: datetime
    because: list[str]


class PlanOut(Schema):
    """One check of one dataset. set_by, set_at, reason: of the plan that stands.

    limits_from: {"edition", "tier", "otherwise"}, the proposal that its limits follow, and what that proposed where the plan sets
    something else; None of a plan from before limits were proposed. waits_for: why it can be asked of no version; "" else.
    """

    dataset: str
    check: str
    every_days: int
    missed_ticks: str
    working_days_only: bool
    renew_days: int
    limits: dict[str, Any]
    limits_from: dict[str, Any] | None
    set_by: str
    set_at: datetime
    reason: str
    following: list[NextOut]
    waits_for: str


class BlackoutOut(Schema):
    """ends_at: None = without end, and then with hours of each day."""

    id: UUID
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    daily_from: time | None
    daily_until: time | None
    working_days_only: bool
    declared_by: str
    lifted_at: datetime | None


@router.get("/models/{uuid:model_id}/plans", response=list[PlanOut])
def plans(request: Request, model_id: UUID) -> Any:
    """The plans that stand, and when each version is asked next."""
    actor = request.actor
    with viewing(actor):
        model = found(AIModel.objects.visible_to(actor), pk=model_id)
        require(actor, "run.read", model)
        labels = dict(model.versions.values_list("pk", "label"))
        ahead = upcoming.upcoming(model, timezone.now())
        waiting = _waits_for(model)
        standing = Plan.objects.filter(model=model, ended_at=None).select_related("dataset", "set_by")
        return [
            _out(
                plan,
                [(labels[version], each) for (key, version), each in ahead.items() if key == plan.pk],
                waiting,
            )
            for plan in standing.order_by("dataset__name", "check_key")
        ]


@router.put("/datasets/{uuid:dataset_id}/plans/{check}", response=PlanOut)
def set_plan(request: Request, dataset_id: UUID, check: str, said: PlanIn) -> Any:
    """Plan a check of a dataset, in place of the plan that stands; when it is asked next the list of plans says."""
    actor = request.actor
    with viewing(actor):
        dataset = found(Dataset.objects.visible_to(actor), pk=dataset_id)
        plan = services.set_plan(by=actor, dataset=dataset, check_key=check, **said.dict())
        return _out(plan, [], _waits_for(dataset.model))


@router.get("/blackouts", response=list[BlackoutOut])
def blackouts(request: Request) -> Any:
    """When the schedule asks nothing, the lifted ones as well."""
    actor = request.actor
    with viewing(actor):
        return [
            BlackoutOut(**{**vars(each), "declared_by": each.declared_by.name})
            for each in Blackout.objects.visible_to(actor).select_related("declared_by")
        ]


def _waits_for(model: AIModel) -> dict[UUID, str]:
    return {each.plan.pk: each.why for each in not_asked.of_model(model)}


def _out(plan: Plan, ahead: list[tuple[str, upcoming.Upcoming]], waiting: dict[UUID, str]) -> PlanOut:
    following = [
        NextOut(version=label, at=each.moment.at, because=list(each.because)) for label, each in ahead
    ]
    return PlanOut(
        dataset=plan.dataset.name,
        check=plan.check_key,
        every_days=plan.every_days,
        **plan.schedule.as_fields(),
        limits=plan.limits,
        limits_from=plan.basis.get("limits"),
        set_by=plan.set_by.name,
        set_at=plan.set_at,
        reason=plan.reason,
        following=following,
        waits_for=waiting.get(plan.pk, ""),
    )
