"""The only writers of this room: plans are set, runs are asked for, a worker answers one."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.people.acting import acting, run_at_work, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.checks import CHECKS
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset
from monitoring.runs import (
    answers,
    baseless,
    claims,
    compute,
    erased,
    escalation,
    hastening,
    holding,
    inserting,
    lining,
    not_asked,
    planning,
    plans,
    reminding,
    resting,
    schedules,
    set_aside,
    sharing,
    skipping,
    usual,
    watching,
)
from monitoring.runs.again import ask_again as ask_again
from monitoring.runs.cancelling import cancel as cancel
from monitoring.runs.dispatch import Waiting
from monitoring.runs.hastening import put_next as put_next
from monitoring.runs.lookup import organisation_of
from monitoring.runs.models import Plan, Run
from monitoring.runs.planning import Planned
from monitoring.runs.proposing import proposed
from monitoring.runs.schedules import Schedule
from monitoring.runs.set_aside import accept_not_applicable as accept_not_applicable
from monitoring.runs.set_aside import end_not_applicable as end_not_applicable
from monitoring.runs.skipping import Skipped
from monitoring.runs.words import CONVENTION, REGISTERED, TAKEN_OVER

DATABASE_PATIENCE = 300.0

log = logging.getLogger(__name__)


def set_plan(
    *,
    by: Actor,
    dataset: Dataset,
    check_key: str,
    limits: Mapping[str, Any] | None = None,
    every_days: int | None = None,
    schedule: Schedule | None = None,
    reason: str = "",
) -> Plan:
    """Plan a check of a dataset, in place of the plan that stands.

    limits: those that are not named are what the registration states, else what is proposed for the model's tier, as are
    every_days and schedule where they are None. Raises NotAllowed, RuleBroken, OutOfOrder.
    """
    with acting(by, "plan.set", reason=reason):
        model = AIModel.objects.select_for_update(no_key=True).get(pk=dataset.model_id)
        require(by, "plan.set", model)
        _refuse_withdrawn(model)
        refuse_ended(Dataset.objects.get(pk=dataset.pk))
        proposal = proposed(model, check_key)
        stated = usual.registered(model, CHECKS[check_key]) if check_key in CHECKS else {}
        days = proposal.every_days if every_days is None else every_days
        proposed_times = schedules.propose(proposal.tier)
        schedule = schedule or proposed_times
        of_data = usual.of_data(dataset, CHECKS[check_key], limits) if check_key in CHECKS else {}
        instead = {**proposal.limits, **of_data, **stated}
        said = (check_key, limits or {}, days, proposal.every_days, reason, instead)
        problems = plans.problems_of_plan(*said, dataset)
        problems += plans.problems_of_kind(check_key, dataset)
        problems += schedules.problems(schedule, proposed_times, reason)
        if problems:
            raise RuleBroken(_("The plan was not set."), problems)
        now, check = timezone.now(), CHECKS[check_key]
        chosen = check.limits_of({**instead, **(limits or {})})
        Plan.objects.filter(dataset_id=dataset.pk, check_key=check_key, ended_at=None).update(ended_at=now)
        return Plan.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            dataset_id=dataset.pk,
            check_key=check_key,
            limits=chosen,
            every_days=days,
            **schedule.as_fields(),
            basis=proposal.as_basis(days, usual.otherwise(chosen, check.limits_of(instead))),
            reason=reason.strip() or (REGISTERED if stated else CONVENTION),
            set_by_id=by.person,
            set_at=now,
        )


def set_default_plans(*, by: Actor, dataset: Dataset) -> list[Plan]:
    """Take over what is proposed for every check that the dataset can answer and that has no plan yet.

    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "plan.set"):
        model = AIModel.objects.select_for_update(no_key=True).get(pk=dataset.model_id)
        require(by, "plan.set", model)
        refuse_ended(Dataset.objects.get(pk=dataset.pk))
        planned = set(
            Plan.objects.filter(dataset_id=dataset.pk, ended_at=None).values_list("check_key", flat=True)
        )
        versions = list(model.versions.filter(withdrawn_at=None))
        return [
            set_plan(by=by, dataset=dataset, check_key=key)
            for key, check in CHECKS.items()
            if key not in planned and plans.can_be_planned(check, dataset, versions)
        ]


def follow_proposal(*, by: Actor, dataset: Dataset, check_key: str) -> Plan:
    """Ask a planned check as often as is proposed now; limits that a person gave a reason for stay as they are.

    Raises NotAllowed, OutOfOrder, NotFound.
    """
    with acting(by, "plan.set"):
        standing = Plan.objects.filter(dataset_id=dataset.pk, check_key=check_key, ended_at=None).first()
        if standing is None or check_key not in CHECKS:
            raise NotFound
        if standing.reason in TAKEN_OVER:
            return set_plan(by=by, dataset=dataset, check_key=check_key)
        limits = CHECKS[check_key].limits_of(standing.limits)
        return set_plan(by=by, dataset=dataset, check_key=check_key, limits=limits, reason=standing.reason)


def start(*, by: Actor, model: AIModel) -> list[Run]:
    """Ask every planned question now. A question that is being answered already is not asked twice.

    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "run.asked"):
        model = AIModel.objects.select_for_update(no_key=True).get(pk=model.pk)
        require(by, "run.start", model)
        if not model.is_registered:
            raise OutOfOrder(_("Checks run for registered models only."))
        planned = planning.planned([model])
        wanted = planned.wanted
        if not wanted:
            raise OutOfOrder(not_asked.refusal(not_asked.of(planned)))
        fresh = [each for each in wanted if each.is_free]
        runs = list(inserting.insert(fresh, timezone.now(), by.user_id))
        underway = [each.last for each in wanted if each.last is not None and not each.last.is_finished]
        hastening.hasten(Run.objects.filter(pk__in=[run.pk for run in underway]))
        lining.ring_after_commit(model.organisation_id)
        return runs + underway


def catch_up(organisation_id: UUID, recorded: int | None = None) -> None:
    """Ask what became due, ring for what waits, take back evidence without a ground, keep the findings true and tell of them.

    recorded: how many entries the ledger has of the organisation; the plans are not read again while it stays and no tick comes.
    """
    clerk = Actor.system("checks clerk", organisation_id)
    now, begun = timezone.now(), time.process_time()
    rests = resting.rests(organisation_id, recorded, now)
    planned, skipped, ticks = (None, [], []) if rests else _ask_what_is_due(clerk, organisation_id, now)
    cost = time.process_time() - begun
    with viewing(clerk):
        groundless = list(baseless.baseless(organisation_id))
    holding.catch_up(clerk, organisation_id)
    ring(organisation_id)
    for evidence, reason in groundless:
        obligations.revoke(by=clerk, evidence=evidence, reason=reason)
    set_aside.catch_up(clerk, organisation_id)
    watching.look_over(clerk, organisation_id, skipped, planned)
    escalation.escalate(clerk, organisation_id)
    reminding.tell(clerk, organisation_id)
    if not rests:
        resting.begin(organisation_id, recorded, now, ticks, cost)


def _ask_what_is_due(
    clerk: Actor, organisation_id: UUID, now: datetime
) -> tuple[Planned, list[Skipped], list[datetime]]:
    """What the plans ask, what of it they leave out, and the ticks that are still to come."""
    with viewing(clerk):
        planned = planning.planned(_registered(organisation_id))
        skipped = skipping.skipped(planned.wanted, now)
    free = [(each, each.moment(now)) for each in planned.wanted if each.is_free]
    due = [each for each, moment in free if moment.is_due(now)]
    if due:
        with acting(clerk, "run.due"):
            inserting.insert(due, now)
    return planned, skipped, [moment.at for _each, moment in free if not moment.is_due(now)]


def ring(organisation_id: UUID) -> None:
    """Ring for what waits in line: a bell may be lost, and a worker may die."""
    lining.ring_for(Actor.system("checks clerk", organisation_id), organisation_id)


def answer_bell(run_id: UUID) -> None:
    """Take up the run of this organisation that is next in line, and ring for whatever comes after it."""
    organisation_id = organisation_of(run_id)
    if organisation_id is not None:
        lining.answer(Waiting(Run, run_id), organisation_id, _named)


def _named(run_id: UUID) -> None:
    named = run_at_work.set(str(run_id))  # the log names what is worked on, not what was rung for
    try:
        work(run_id)
        log.info("the bell was answered")
    finally:
        run_at_work.reset(named)


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
    except OSError as trouble:
        claims.postpone(claim, errno.errorcode.get(trouble.errno or 0, "OSError"))
    else:
        _hand_in(claim, answer)


def _hand_in(claim: claims.Claim, answer: Mapping[str, Any]) -> None:
    """Write the answer. A database that is away for a moment is waited for: the computation is not to be lost."""
    last = time.monotonic() + DATABASE_PATIENCE
    while True:
        try:
            answers.finish(claim, answer)
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > last:
                raise
            log.warning("the answer of run %s waits for the database", claim.run.pk)
            connection.close()
            time.sleep(1.0)
        except OSError as trouble:
            claims.postpone(claim, errno.errorcode.get(trouble.errno or 0, "OSError"))
            return


def _answer(claim: claims.Claim) -> dict[str, Any]:
    withdrawn = plans.withdrawn(claim.run)
    if withdrawn:
        return {"withdrawn": withdrawn}
    if claim.run.check_key not in CHECKS:
        return {"refused": "check_is_gone", "params": {"check": claim.run.check_key}}
    refusal = erased.refusal(claim.run)
    return refusal or erased.retold(claim.run, sharing.measured(claim))


def _registered(organisation_id: UUID) -> list[AIModel]:
    return list(AIModel.objects.registered().filter(organisation_id=organisation_id))


def _refuse_withdrawn(model: AIModel) -> None:
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("The model is withdrawn."))
