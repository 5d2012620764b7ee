"""The end of a run: one transaction that checks the fence and writes result, figures, finding and evidence, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance import store
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.people.acting import acting
from governance.people.rights import require
from monitoring.checks import CHECKS
from monitoring.checks.check import Judged
from monitoring.engines.results import canonical_json
from monitoring.runs import findings
from monitoring.runs.claims import Claim, locked
from monitoring.runs.models import Measurement, Result, Run, RunStatus
from monitoring.runs.ticks import FRESH_FOR_PERIODS
from monitoring.runs.words import ARTEFACT_REFUSALS

ISOLATION = "isolation"
BESIDE = (ISOLATION, "kept")
"""What comes with an answer and is no part of the result: how far apart it was made, and what is kept of its data periods."""

log = logging.getLogger(__name__)


def judge(run: Run, result: Mapping[str, Any]) -> tuple[str, dict[str, Any], Judged | None]:
    """Verdict, summary (key and parameters of its sentence) and judgement of a result or a refusal."""
    if "withdrawn" in result:
        return "not_applicable", {"withdrawn": result["withdrawn"]}, None
    if "refused" in result:
        verdict = "not_run" if result["refused"] in ARTEFACT_REFUSALS else "insufficient_data"
        return verdict, {"refused": result["refused"], "params": result["params"]}, None
    judged = CHECKS[run.check_key].judge(result, run.plan.limits)
    return judged.verdict, {"key": judged.summary_key, "params": judged.params}, judged


def finish(claim: Claim, answer: Mapping[str, Any]) -> Result | None:
    """Write the answer of a claimed run. None, and nothing written, when the run has passed to somebody else."""
    verdict, summary, judged = judge(claim.run, answer)
    with acting(claim.worker, "run.finished"):
        run = locked(claim)
        if run is None:
            log.warning("a late answer of run %s was refused", claim.run.pk)
            return None
        require(claim.worker, "run.work", run)
        AIModel.objects.select_for_update(no_key=True).get(
            pk=run.model_id
        )  # answers of one model are written one by one
        result = _result(run, verdict, summary, answer)
        if judged:
            _measurements(result, judged)
        run.status, run.finished_at, run.error = RunStatus.DONE, result.at, ""
        run.save(update_fields=["status", "finished_at", "error"])
        findings.caught_up(claim.run)
        if "withdrawn" not in answer:
            findings.settle(claim.run, verdict, summary)
            _evidence(claim, result)
    return result


def told(run: Run, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with what it was asked, so that the file speaks for itself; without what only the machine decided."""
    asked = {"check": run.check_key, "check_version": run.check_version, "limits": run.plan.limits}
    found = {key: each for key, each in answer.items() if key not in BESIDE}
    return {**asked, **_origin(run), **found}


def _origin(run: Run) -> dict[str, Any]:
    """The package whose check it was, where it was not one of ours; a refusal names it as well."""
    check = CHECKS.get(run.check_key)
    return {"origin": asdict(check.origin)} if check and check.origin else {}


def _result(run: Run, verdict: str, summary: dict[str, Any], answer: Mapping[str, Any]) -> Result:
    said = told(run, answer)
    stored = store.put(run.organisation_id, canonical_json(said))
    return Result.objects.create(
        organisation_id=run.organisation_id,
        model_id=run.model_id,
        run=run,
        verdict=verdict,
        summary={
            **summary,
            "seed": said.get("seed"),
            **_origin(run),
            **_method(said),
        },
        sha256=stored.sha256,
        libraries=said.get("libraries", {}),
        isolation=answer.get(ISOLATION, {}),
    )


def _method(said: Mapping[str, Any]) -> dict[str, Any]:
    """The named method, where there are several, and the digest of the baseline that it went by."""
    name = said["method"].get("name", "") if isinstance(said.get("method"), Mapping) else ""
    return {"method": name, "baseline": said.get("baseline", "")} if name else {}


def _measurements(result: Result, judged: Judged) -> None:
    facts = {(fact.metric, fact.subject[:200]): fact for fact in judged.measurements}
    Measurement.objects.bulk_create(
        Measurement(
            organisation_id=result.organisation_id,
            model_id=result.model_id,
            result=result,
            **{**asdict(fact), "subject": subject},
        )
        for (_, subject), fact in facts.items()
    )


def _evidence(claim: Claim, result: Result) -> None:
    """What the newest data period says that could say anything is what counts, in whatever order the answers come."""
    run = claim.run
    if run.check_key not in CHECKS or findings.overtaken(run, result):
        return
    fresh = timedelta(days=FRESH_FOR_PERIODS * run.plan.every_days)
    obligations.record(
        by=claim.worker,
        organisation_id=run.organisation_id,
        model_id=run.model_id,
        version_id=run.version_id,
        kind=CHECKS[run.check_key].evidence,
        verdict=result.verdict,
        source=f"plan:{run.plan_id}",
        source_id=run.pk,
        digest=result.sha256,
        taken_at=result.at,
        valid_until=timezone.localdate(result.at + fresh),
        summary={"check": run.check_key, **result.summary},
    )
