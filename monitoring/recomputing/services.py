"""The only writers of this room: a past run is asked for again, a worker computes it and holds it against the result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.checks import CHECKS
from monitoring.engines.results import canonical_json
from monitoring.errands.services import Errands, Hopeless
from monitoring.recomputing import comparing
from monitoring.recomputing.comparing import Side
from monitoring.recomputing.models import Recomputation
from monitoring.runs import answers, compute, erased
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Result, Run
from monitoring.sandbox.talk import Beat

RELATED = ("plan__dataset", "version", "window", "reference", "labels", "result")

errands = Errands(
    Recomputation,
    "run.recompute_claimed",
    "run.recomputed",
    tuple(f"run__{each}" for each in RELATED),
)


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
        )
        return errands.add(asked, run=run)


def answer_bell(organisation_id: UUID, recomputation_id: UUID) -> None:
    errands.answer_bell(organisation_id, recomputation_id, work)


def work(organisation_id: UUID, recomputation_id: UUID) -> None:
    """Compute one run again."""
    errands.work(organisation_id, recomputation_id, answered, compared)


def answered(asked: Recomputation, beat: Beat) -> dict[str, Any]:
    """As compute.measured. Raises Hopeless, Died, Lost, OSError, store.Damaged."""
    if erased.gone_since(asked.run):
        raise Hopeless("rows_erased")
    if asked.run.check_key not in CHECKS:
        raise Hopeless("check_is_gone")
    return compute.measured(asked.run.check_key, inputs_of(asked.run), beat)


def compared(asked: Recomputation, answer: Mapping[str, Any]) -> dict[str, Any]:
    """How a new computation compares with the result that was accepted."""
    run = asked.run
    verdict, _summary, judged = answers.judge(run, answer)
    accepted = run.result
    version = str(CHECKS[run.check_key].version)
    told = _as_recorded(accepted, answers.told(run, {"check_version": version, **answer}))
    was = Side.of(accepted.sha256, accepted.verdict, accepted.measurements.all())
    digest = hashlib.sha256(canonical_json(told)).hexdigest()
    now = Side.of(digest, verdict, judged.measurements if judged else [])
    return {
        "outcome": comparing.outcome(was, now),
        "verdict": verdict,
        "digest": digest,
        "check_version": version,
        "libraries": told.get("libraries", {}),
        "figures": comparing.figures(was, now),
    }


def _as_recorded(accepted: Result, told: dict[str, Any]) -> dict[str, Any]:
    """What came out, in the form in which the accepted result was stored: formerly with the isolation of its machine inside.

    Raises store.Damaged.
    """
    if accepted.isolation is not None or not accepted.isolation_level:
        return told
    recorded = json.loads(store.read(accepted.organisation_id, accepted.sha256))
    return {**told, answers.ISOLATION: recorded[answers.ISOLATION]}


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
