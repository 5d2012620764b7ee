"""The only writers of this room: plans are set, runs are asked for, a worker answers one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.checks import CHECKS
from monitoring.data.models import Dataset
from monitoring.runs import answers, claims, compute, dispatch, planning, plans
from monitoring.runs.inputs import inputs_of
from monitoring.runs.lookup import organisation_of
from monitoring.runs.models import Plan, Run
from monitoring.runs.words import CONVENTION

log = logging.getLogger(__name__)


def set_plan(
    *,
    by: Actor,
    dataset: Dataset,
    check_key: str,
    limits: Mapping[str, Any] | None = None,
    every_days: int = plans.EVERY_DAYS,
    reason: str = "",
) -> Plan:
    """Plan a check of a dataset, in place of the plan that stands. limits: None = the usual ones.

    Raises NotAllowed, RuleBroken, OutOfOrder.
    """
    with acting(by, "plan.set", reason=reason):
        model = AIModel.objects.select_for_update().get(pk=dataset.model_id)
        require(by, "plan.set", model)
        _refuse_withdrawn(model)
        problems = plans.problems_of_plan(check_key, limits or {}, every_days, reason)
        if problems:
            raise RuleBroken(_("The plan was not set."), problems)
        now = timezone.now()
        Plan.objects.filter(dataset_id=dataset.pk, check_key=check_key, ended_at=None).update(ended_at=now)
        return Plan.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            dataset_id=dataset.pk,
            check_key=check_key,
            limits=CHECKS[check_key].limits_of(limits or {}),
            every_days=every_days,
            reason=reason.strip() or CONVENTION,
            set_by_id=_person(by),
            set_at=now,
        )


def set_default_plans(*, by: Actor, dataset: Dataset) -> list[Plan]:
    """Plan, with the usual limits, every check that the dataset can answer and that has no plan yet. Raises NotAllowed."""
    with acting(by, "plan.set"):
        model = AIModel.objects.select_for_update().get(pk=dataset.model_id)
        require(by, "plan.set", model)
        planned = set(
            Plan.objects.filter(dataset_id=dataset.pk, ended_at=None).values_list("check_key", flat=True)
        )
        versions = list(model.versions.filter(withdrawn_at=None))
        return [
            set_plan(by=by, dataset=dataset, check_key=key)
            for key, check in CHECKS.items()
            if key not in planned and not plans.lacking(check, dataset, versions)
        ]


def start(*, by: Actor, model: AIModel) -> list[Run]:
    """Ask every planned question now. A question that is being answered already is not asked twice.

    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "run.asked"):
        model = AIModel.objects.select_for_update().get(pk=model.pk)
        require(by, "run.start", model)
        if not model.is_registered:
            raise OutOfOrder(_("Checks run for registered models only."))
        wanted = planning.wanted([model])
        if not wanted:
            raise OutOfOrder(
                _("There is nothing to run: a plan, a version and a current data period are needed.")
            )
        fresh = [each for each in wanted if each.last is None or each.last.is_finished]
        runs = planning.insert(fresh, timezone.now())
        runs += [each.last for each in wanted if each.last is not None and not each.last.is_finished]
        dispatch.ring_on_commit([run.pk for run in runs])
        return runs


def catch_up(organisation_id: UUID) -> None:
    """Ask what became due, ring for what waits, and take back evidence whose data were withdrawn."""
    clerk = Actor.system("checks clerk", organisation_id)
    with viewing(clerk):
        now = timezone.now()
        due = [each for each in planning.wanted(_registered(organisation_id)) if each.is_due(now)]
        waiting = _waiting(organisation_id)
        baseless = _baseless(organisation_id)
    if due:
        with acting(clerk, "run.due"):
            waiting += [run.pk for run in planning.insert(due, now)]
    if waiting:
        with acting(clerk, "run.rung", quiet=True):
            dispatch.ring_on_commit(waiting)
    for evidence in baseless:
        obligations.revoke(by=clerk, evidence=evidence, reason="the data period was withdrawn")


def work(run_id: UUID) -> None:
    """Answer one run. Safe to deliver twice, late, or never: the claim, the lease and the fence decide."""
    organisation_id = organisation_of(run_id)
    if organisation_id is None:
        return
    claim = claims.take(Actor.system("checks worker", organisation_id), run_id)
    if claim is None:
        return
    try:
        answer = _answer(claim)
    except compute.Lost:
        log.warning("run %s has passed to another worker", run_id)
    except compute.Died as death:
        claims.give_back(claim, str(death))
    except Damaged as damage:
        claims.give_back(claim, damage.code)
    else:
        answers.finish(claim, answer)


def _answer(claim: claims.Claim) -> dict[str, Any]:
    withdrawn = plans.withdrawn(claim.run)
    if withdrawn:
        return {"withdrawn": withdrawn}
    return compute.measured(claim.run.check_key, inputs_of(claim.run), partial(claims.renew, claim))


def _registered(organisation_id: UUID) -> list[AIModel]:
    return list(AIModel.objects.registered().filter(organisation_id=organisation_id))


def _waiting(organisation_id: UUID) -> list[UUID]:
    """Runs that somebody should work on and for which no bell was rung lately."""
    runs = Run.objects.claimable(Now()).filter(dispatch.unheard(), organisation_id=organisation_id)
    return list(runs.order_by("due_at").values_list("pk", flat=True))


def _baseless(organisation_id: UUID) -> list[Evidence]:
    """Evidence of runs whose data period has been withdrawn since."""
    runs = Run.objects.over_withdrawn_data().filter(organisation_id=organisation_id)
    return list(
        Evidence.objects.standing().filter(source__startswith="plan:", source_id__in=runs.values("pk"))
    )


def _person(by: Actor) -> UUID:
    """Who answers for it: the person, or the one who issued the token."""
    if by.user_id is None:
        raise NotAllowed
    return by.user_id


def _refuse_withdrawn(model: AIModel) -> None:
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("The model is withdrawn."))
