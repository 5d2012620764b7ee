"""The only writers of this room: a past run is asked for again, a worker computes it and holds it against the result."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from governance.errors import OutOfOrder
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.engines.results import canonical_json
from monitoring.recomputing import claims, comparing
from monitoring.recomputing.claims import Claim
from monitoring.recomputing.comparing import Side
from monitoring.recomputing.models import Recomputation
from monitoring.runs import answers, compute, erased
from monitoring.runs.claims import MOST_ATTEMPTS
from monitoring.runs.dispatch import QUEUE, RING_AGAIN
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Run, RunStatus

TASK = "monitoring.recomputing.tasks.work"

log = logging.getLogger(__name__)


def recompute(*, by: Actor, run: Run) -> Recomputation:
    """Have a past run computed again from its recorded inputs. While that is underway nothing is asked twice.

    The accepted result stays whatever comes out. Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "run.recompute_asked"):
        require(by, "run.recompute", run)
        result = getattr(run, "result", None)
        if result is None or "withdrawn" in result.summary:
            raise OutOfOrder(_("Only a run that has measured something can be computed again."))
        _refuse_erased(run)
        asked = Recomputation(
            organisation_id=run.organisation_id,
            model_id=run.model_id,
            run=run,
            requested_by_id=by.person,
            rung_at=timezone.now(),
        )
        Recomputation.objects.bulk_create([asked], ignore_conflicts=True)  # the constraint lets one through
        underway: Recomputation = Recomputation.objects.underway().get(run=run)
        if underway.pk == asked.pk:
            _ring_on_commit(underway)
        return underway


def work(organisation_id: UUID, recomputation_id: UUID) -> None:
    """Compute one run again. Safe to deliver twice, late, or never: the claim, the lease and the fence decide."""
    claim = claims.take(Actor.system("checks worker", organisation_id), recomputation_id)
    if claim is None:
        return
    run = claim.asked.run
    if erased.gone_since(run):
        claims.end(claim, "rows_erased")
        return
    try:
        answer = compute.measured(run.check_key, inputs_of(run), partial(claims.renew, claim))
    except compute.Lost:
        log.warning("recomputation %s has passed to another worker", recomputation_id)
    except compute.Died as death:
        claims.give_back(claim, str(death))
    except Damaged as damage:
        claims.give_back(claim, damage.code)
    else:
        finish(claim, answer)


def finish(claim: Claim, answer: Mapping[str, Any]) -> bool:
    """Write how a new computation compares. False, and nothing written, when it has passed to somebody else."""
    run = claim.asked.run
    verdict, _summary, judged = answers.judge(run, answer)
    told = answers.told(run, answer)
    with acting(claim.worker, "run.recomputed", quiet=True):
        require(claim.worker, "run.work", run)
        accepted = run.result
        was = Side.of(accepted.sha256, accepted.verdict, accepted.measurements.all())
        digest = hashlib.sha256(canonical_json(told)).hexdigest()
        now = Side.of(digest, verdict, judged.measurements if judged else [])
        return bool(
            Recomputation.objects.filter(**claim.held).update(
                status=RunStatus.DONE,
                outcome=comparing.outcome(was, now),
                verdict=verdict,
                digest=digest,
                libraries=told.get("libraries", {}),
                figures=comparing.figures(was, now),
                error="",
                finished_at=timezone.now(),
            )
        )


def catch_up(organisation_id: UUID) -> None:
    """Ring again for what nobody computes, and end what no worker survived."""
    clerk = Actor.system("checks clerk", organisation_id)
    with viewing(clerk):
        unheard = Q(rung_at=None) | Q(rung_at__lt=Now() - RING_AGAIN)
        free = Recomputation.objects.claimable(Now()).filter(unheard, organisation_id=organisation_id)
        waiting = list(free.order_by("requested_at"))
    for asked in waiting:
        if asked.attempts >= MOST_ATTEMPTS:
            claims.park(clerk, asked)
        else:
            _ring_again(clerk, asked)


def _refuse_erased(run: Run) -> None:
    """Raises OutOfOrder."""
    gone = erased.gone_since(run)
    if gone is not None and gone.erased_at is not None:
        told = {
            "name": gone.name,
            "day": date_format(timezone.localdate(gone.erased_at), "SHORT_DATE_FORMAT"),
        }
        what = _(
            "The inputs are gone: the rows of the data period %(name)s were erased on %(day)s. The result stays on file."
        )
        raise OutOfOrder(what % told)


def _ring_again(clerk: Actor, asked: Recomputation) -> None:
    with acting(clerk, "run.rung", quiet=True):
        Recomputation.objects.underway().filter(pk=asked.pk).update(rung_at=Now())
        _ring_on_commit(asked)


def _ring_on_commit(asked: Recomputation) -> None:
    if settings.SENIM_BELL:
        transaction.on_commit(partial(_ring, asked.organisation_id, asked.pk), robust=True)


def _ring(organisation_id: UUID, recomputation_id: UUID) -> None:
    try:
        current_app.send_task(TASK, args=[str(organisation_id), str(recomputation_id)], queue=QUEUE)
    except OperationalError:
        log.warning("the broker does not answer; recomputation %s will be rung for again", recomputation_id)
