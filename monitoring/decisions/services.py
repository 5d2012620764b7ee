"""The only writers of this room: somebody asks why one case was decided so, a worker answers."""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from governance.store import Damaged
from monitoring.data.models import MadeOf, Window
from monitoring.decisions import job
from monitoring.decisions.models import Explained
from monitoring.runs.claims import LEASE, MOST_ATTEMPTS
from monitoring.runs.dispatch import QUEUE, RING_AGAIN
from monitoring.runs.models import RunStatus
from monitoring.sandbox.talk import Died, Lost
from monitoring.shielding.sieve import HASHED
from monitoring.shielding.words import LOOKS

TASK = "monitoring.decisions.tasks.work"
LONGEST_CASE = 120

log = logging.getLogger(__name__)


def ask(*, by: Actor, window: Window, version: ModelVersion, case: str) -> Explained:
    """Have one decision explained. While that is underway it is not asked twice. Raises NotAllowed, OutOfOrder, RuleBroken."""
    case = case.strip()
    with acting(by, "decision.explanation_asked"):
        AIModel.objects.select_for_update(no_key=True).get(pk=window.model_id)  # rows are erased under it
        window = Window.objects.select_related("model", "dataset").get(pk=window.pk)
        require(by, "decision.explain", window.model)
        if window.withdrawn_at or version.withdrawn_at:
            raise OutOfOrder(_("The data period or the version is withdrawn."))
        problems = _problems(window, version, case)
        if problems:
            raise RuleBroken(_("The decision cannot be explained."), problems)
        asked = Explained(
            organisation_id=window.organisation_id,
            model_id=window.model_id,
            version=version,
            window=window,
            case=case,
            requested_by_id=by.person,
            rung_at=timezone.now(),
        )
        Explained.objects.bulk_create([asked], ignore_conflicts=True)  # the constraint lets one through
        underway: Explained = Explained.objects.underway().get(version=version, window=window, case=case)
        if underway.pk == asked.pk:
            _ring_on_commit(underway)
        return underway


def _problems(window: Window, version: ModelVersion, case: str) -> list[Problem]:
    dataset = window.dataset
    problems = []
    if not 1 <= len(case) <= LONGEST_CASE:
        problems.append(Problem("case", _("Say the number of the case in 1 to 120 characters.")))
    if version.model_id != window.model_id:
        problems.append(Problem("version", _("This is a version of another model.")))
    if window.made_of == MadeOf.COUNTS:
        problems.append(Problem("window", _("This data period is counts: it holds no single decision.")))
    if window.is_erased:
        problems.append(
            Problem(
                "window", _("The rows of this data period are erased: no single decision is left to explain.")
            )
        )
    if dataset.is_protected and case and not re.fullmatch(HASHED, case):
        problems.append(Problem("case", LOOKS["identifier_not_hashed"]))
    if not dataset.identifier:
        problems.append(Problem("dataset", _("The dataset names no column that identifies a row.")))
    if not (version.artefact_sha256 or dataset.score or dataset.prediction):
        problems.append(Problem("version", _("There is neither an artefact nor a column of its answers.")))
    return problems


def work(organisation_id: UUID, explained_id: UUID) -> None:
    """Answer one question. Safe to deliver twice, late, or never: the claim, the lease and the fence decide."""
    worker = Actor.system("checks worker", organisation_id)
    asked = _claimed(worker, explained_id)
    if asked is None:
        return
    try:
        answer = job.answered(asked, partial(_renewed, worker, asked))
    except Lost:
        log.warning("explanation %s has passed to another worker", explained_id)
    except (Died, Damaged, OSError) as trouble:
        _give_back(worker, asked, str(trouble) or type(trouble).__name__)
    else:
        _write(worker, asked, found=answer, status=RunStatus.DONE, finished_at=timezone.now(), error="")


def _claimed(worker: Actor, explained_id: UUID) -> Explained | None:
    with acting(worker, "decision.claimed", quiet=True):
        free = Explained.objects.claimable(Now()).filter(pk=explained_id, attempts__lt=MOST_ATTEMPTS)
        mine = free.update(
            status=RunStatus.RUNNING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            expires_at=Now() + LEASE,
            rung_at=None,
        )
        if not mine:
            return None
        asked: Explained = Explained.objects.select_related("window__dataset", "version").get(pk=explained_id)
        require(worker, "run.work", asked)
        return asked


def _renewed(worker: Actor, asked: Explained, progress: int, phase: str) -> bool:
    """Say that we live. False when the work has passed to somebody else."""
    return _write(worker, asked, expires_at=Now() + LEASE)


def _write(worker: Actor, asked: Explained, **values: Any) -> bool:
    """Only while it is ours."""
    with acting(worker, "decision.explained", quiet=True):
        held = Explained.objects.filter(pk=asked.pk, fence=asked.fence, status=RunStatus.RUNNING)
        return bool(held.update(**values))


def _give_back(worker: Actor, asked: Explained, error: str) -> None:
    """An attempt failed: the next sweep rings again, or the last attempt ends it."""
    last = {"status": RunStatus.FAILED, "finished_at": timezone.now()}
    values = last if asked.attempts >= MOST_ATTEMPTS else {"status": RunStatus.DUE}
    _write(worker, asked, error=error[:400], **values)


def catch_up(organisation_id: UUID) -> None:
    """Ring again for what nobody answers, and end what no worker survived."""
    clerk = Actor.system("checks clerk", organisation_id)
    with viewing(clerk):
        unheard = Q(rung_at=None) | Q(rung_at__lt=Now() - RING_AGAIN)
        free = Explained.objects.claimable(Now()).filter(unheard, organisation_id=organisation_id)
        waiting = list(free.order_by("requested_at"))
    for asked in waiting:
        with acting(clerk, "run.rung", quiet=True):
            still = Explained.objects.claimable(Now()).filter(pk=asked.pk)
            if asked.attempts >= MOST_ATTEMPTS:
                still.update(status=RunStatus.FAILED, error=asked.error or "died", finished_at=timezone.now())
            elif still.update(rung_at=Now()):
                _ring_on_commit(asked)


def _ring_on_commit(asked: Explained) -> None:
    if settings.SENIM_BELL:
        transaction.on_commit(partial(_ring, asked.organisation_id, asked.pk), robust=True)


def _ring(organisation_id: UUID, explained_id: UUID) -> None:
    try:
        current_app.send_task(TASK, args=[str(organisation_id), str(explained_id)], queue=QUEUE)
    except OperationalError:
        log.warning("the broker does not answer; explanation %s will be rung for again", explained_id)


def its_version(model: AIModel, version_id: UUID | None) -> ModelVersion | None:
    """The version that is asked about: the one that is named, else the newest that stands."""
    standing = ModelVersion.objects.filter(model=model, withdrawn_at=None).order_by("-created_at")
    return standing.filter(pk=version_id).first() if version_id else standing.first()
