"""What monitoring finds is noted once and closed with a cause. All of it inside somebody's `acting`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations.models import Evidence
from monitoring.data import periods
from monitoring.runs import remeasured, schedules
from monitoring.runs.models import Finding, FindingKind, FindingQuerySet, Result, Run
from monitoring.runs.remeasured import SEVERITIES

UNLABELLED = "no_labels"
"""Refusal of a data period whose outcomes are not known yet: it takes nothing from what others said."""
UNANSWERED = frozenset({"insufficient_data", "not_run"})
"""Verdicts that say nothing about the model: they settle nothing that was found before."""
LATER = {"passed": "passed_later", "within": "within_later", "continued": "continued"}
"""What an answer makes of a finding, said of a later data period."""


@dataclass(frozen=True)
class Noted:
    """What is to be noted. The key says what it is about: the same thing found again is the same finding."""

    organisation_id: UUID
    model_id: UUID
    kind: str
    key: str
    severity: str
    summary: dict[str, Any]
    about: dict[str, Any] = field(default_factory=dict)
    """dataset_id, check_key, version_id, window_id, run_id: those that there are."""


def note(noted: Noted) -> None:
    """Open a finding, or say of the open one that it still holds."""
    latest = {
        "severity": noted.severity,
        "summary": noted.summary,
        "run_id": noted.about.get("run_id"),
        "seen_at": timezone.now(),
    }
    due_on = timezone.localdate() + timedelta(days=schedules.due_days(noted.severity))
    known = Finding.objects.open().filter(key=noted.key)
    if known.update(**latest, due_on=Least(F("due_on"), due_on)):
        return
    row = Finding(
        organisation_id=noted.organisation_id,
        model_id=noted.model_id,
        kind=noted.kind,
        key=noted.key,
        severity=noted.severity,
        summary=noted.summary,
        owner_id=AIModel.objects.values_list("owner_id", flat=True).get(pk=noted.model_id),
        due_on=due_on,
        **noted.about,
    )
    Finding.objects.bulk_create([row], ignore_conflicts=True)  # another worker may be faster


def close(found: FindingQuerySet, cause: str, **params: Any) -> int:
    """Close those of `found` that are open. Returns how many."""
    return found.open().update(closed_at=timezone.now(), closing={"cause": cause, **params})


def of_run(run: Run, kind: str, severity: str, summary: dict[str, Any]) -> Noted:
    return Noted(
        organisation_id=run.organisation_id,
        model_id=run.model_id,
        kind=kind,
        key=f"{_line(run, kind)}:{run.window_id}",
        severity=severity,
        summary=summary,
        about={
            "dataset_id": run.window.dataset_id,
            "check_key": run.check_key,
            "version_id": run.version_id,
            "window_id": run.window_id,
            "run_id": run.pk,
        },
    )


def tick_key(run: Run) -> str:
    """One check of one version is late at most once at a time."""
    return _line(run, FindingKind.TICK_MISSED)


def _line(run: Run, kind: str) -> str:
    return f"{kind}:{run.window.dataset_id}:{run.check_key}:{run.version_id}"


def caught_up(run: Run) -> None:
    """It ran: whatever was late of this check and version no longer is."""
    close(Finding.objects.filter(key=tick_key(run)), "caught_up", run=str(run.pk))


def settle(run: Run, verdict: str, summary: dict[str, Any]) -> None:
    """What a run has answered: it opens what it found, and closes what it has put an end to."""
    told = {**summary, "verdict": verdict}
    if verdict in UNANSWERED:
        note(of_run(run, FindingKind.NOT_RUN, "amber", told))
        return
    found = of_run(run, FindingKind.CHECK, SEVERITIES.get(verdict, ""), told)
    if verdict in SEVERITIES:
        note(found)
        _close_if_overtaken(run, found)
    for finding in _before(run).exclude(key=found.key if verdict in SEVERITIES else ""):
        if periods.is_later(run.window, finding.window) and (cause := _cause(finding, run, verdict)):
            close(Finding.objects.filter(pk=finding.pk), cause, run=str(run.pk), **_otherwise(finding, run))


def _close_if_overtaken(run: Run, found: Noted) -> None:
    """A late answer about an older data period: what is true today was answered before."""
    for later in later_answers(run).exclude(verdict__in=UNANSWERED):
        if outcome := remeasured.outcome(run.pk, later.run_id, later.verdict):
            close(Finding.objects.filter(key=found.key), LATER[outcome], run=str(later.run_id))
            return


def overtaken(run: Run, result: Result) -> bool:
    """Whether another data period says what counts: a later one that has its outcomes, or, without outcomes, one before."""
    if result.summary.get("refused") == UNLABELLED:
        before = Evidence.objects.standing().filter(
            source=f"plan:{run.plan_id}", version_id=run.version_id, valid_until__gte=timezone.localdate()
        )
        return before.exclude(verdict__in=UNANSWERED).exists()
    measured = Q(summary__refused__isnull=True) | ~Q(summary__refused=UNLABELLED)
    return later_answers(run).filter(measured).exists()


def later_answers(run: Run) -> QuerySet[Result]:
    """Answers of the same check and version over data periods after this run's, the latest first."""
    same = Result.objects.filter(
        run__check_key=run.check_key,
        run__version_id=run.version_id,
        run__window__dataset_id=run.window.dataset_id,
        run__window__withdrawn_at=None,
    ).exclude(summary__has_key="withdrawn")
    return periods.latest_first(
        periods.after(same, run.window, prefix="run__window__"), prefix="run__window__"
    )


def _before(run: Run) -> FindingQuerySet:
    """Open findings of the same check and version, whatever the data period."""
    of_check = Q(kind=FindingKind.CHECK) | Q(kind=FindingKind.NOT_RUN)
    same = {
        "dataset_id": run.window.dataset_id,
        "check_key": run.check_key,
        "version_id": run.version_id,
    }
    return Finding.objects.open().filter(of_check, **same).select_related("window", "run")


def _otherwise(finding: Finding, run: Run) -> dict[str, str]:
    """The reference that an answer was held against, where what was found had been held against another one.

    Whoever hands in a new reference can make a drift end by it, so the cause says so.
    """
    before = finding.run.reference_id if finding.run else None
    if before is None or run.reference is None or before == run.reference_id:
        return {}
    return {"reference": run.reference.name}


def _cause(finding: Finding, run: Run, verdict: str) -> str:
    """Why an answer closes a finding; "" when it does not."""
    if finding.kind == FindingKind.NOT_RUN:
        return "answered" if finding.window_id == run.window_id else "answered_later"
    outcome = remeasured.outcome(finding.run_id, run.pk, verdict)
    return outcome if finding.window_id == run.window_id else LATER.get(outcome, "")
