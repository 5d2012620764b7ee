"""Checks that cannot be asked of a model's data: the second line says why, and what is set aside is never green."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel, ModelVersion
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.checks import CHECKS
from monitoring.data.models import Dataset
from monitoring.engines.results import digest
from monitoring.runs import plans
from monitoring.runs.models import NotApplicable, Plan

if TYPE_CHECKING:
    from monitoring.runs.asked import Asked

SOURCE = "set_aside:"


def accept_not_applicable(*, by: Actor, plan: Plan, reason: str) -> NotApplicable:
    """The second line accepts that a check does not apply, and why; that is evidence, and never a pass.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reason = _given(reason)
    with acting(by, "check.set_aside", reason=reason):
        model = AIModel.objects.select_for_update(no_key=True).get(pk=plan.model_id)
        require(by, "check.not_applicable", model)
        if model.withdrawn_at is not None:
            raise OutOfOrder(_("The model is withdrawn."))
        if not plans.waits_for_a_reason(CHECKS[plan.check_key], plan.dataset):
            raise OutOfOrder(_("The data hold what this check asks for, so it cannot be set aside."))
        if plan.ended_at is not None or standing(plan.dataset, plan.check_key):
            raise OutOfOrder(_("A reason stands for this check already."))
        accepted = NotApplicable.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            plan=plan,
            reason=reason,
            approved_by_id=by.person,
        )
        for version in model.versions.filter(withdrawn_at=None):
            _record(by, accepted, version)
        return accepted


def end_not_applicable(*, by: Actor, accepted: NotApplicable, reason: str) -> NotApplicable:
    """The reason does not hold any more: the check is "not run" again. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason = _given(reason)
    with acting(by, "check.asked_again", reason=reason):
        model = AIModel.objects.select_for_update(no_key=True).get(pk=accepted.model_id)
        require(by, "check.not_applicable", model)
        accepted = NotApplicable.objects.select_for_update(no_key=True).get(pk=accepted.pk)
        if accepted.ended_at is not None:
            raise OutOfOrder(_("This reason has been taken back already."))
        accepted.ended_at, accepted.ended_reason = timezone.now(), reason
        accepted.save(update_fields=["ended_at", "ended_reason"])
        for evidence in Evidence.objects.standing().filter(source__startswith=SOURCE, source_id=accepted.pk):
            obligations.revoke(by=by, evidence=evidence, reason=reason)
        return accepted


def standing(dataset: Dataset, check_key: str) -> NotApplicable | None:
    """The reason that stands for a check of a dataset. It outlives a change of the plan's limits."""
    accepted: NotApplicable | None = (
        NotApplicable.objects.filter(plan__dataset=dataset, plan__check_key=check_key, ended_at=None)
        .select_related("approved_by", "plan")
        .first()
    )
    return accepted


def told(model: AIModel, asked: Iterable[Asked]) -> list[Asked]:
    """The checks of a model with the reasons that stand for those set aside, in one query."""
    accepted = NotApplicable.objects.filter(model=model, ended_at=None).select_related("approved_by", "plan")
    reasons = {(each.plan.dataset_id, each.plan.check_key): each for each in accepted}
    return [replace(each, set_aside=reasons.get((each.dataset.pk, each.check.key))) for each in asked]


def catch_up(clerk: Actor, organisation_id: UUID) -> None:
    """A version that came after the reason has its evidence too."""
    with viewing(clerk):
        recorded = set(
            Evidence.objects.filter(organisation_id=organisation_id, source__startswith=SOURCE).values_list(
                "source", "source_id"
            )
        )
        accepted = NotApplicable.objects.filter(organisation_id=organisation_id, ended_at=None)
        missing = [
            (each, version)
            for each in accepted.filter(plan__check_key__in=CHECKS).select_related("plan", "approved_by")
            for version in ModelVersion.objects.filter(model_id=each.model_id, withdrawn_at=None)
            if (f"{SOURCE}{version.pk}", each.pk) not in recorded
        ]
    for each, version in missing:
        _record(clerk, each, version)


def _record(by: Actor, accepted: NotApplicable, version: ModelVersion) -> Evidence:
    told = {
        "check": accepted.plan.check_key,
        "reason": accepted.reason,
        "approved_by": accepted.approved_by.name,
    }
    content = {**told, "plan": str(accepted.plan_id), "approved_at": accepted.approved_at.isoformat()}
    return obligations.record(
        by=by,
        organisation_id=accepted.organisation_id,
        model_id=accepted.model_id,
        version_id=version.pk,
        kind=CHECKS[accepted.plan.check_key].evidence,
        verdict="not_applicable",
        source=f"{SOURCE}{version.pk}",
        source_id=accepted.pk,
        digest=digest(content),
        taken_at=accepted.approved_at,
        summary=told,
    )


def _given(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    return reason.strip()
