"""Candidate limits held against the answers on file, without writing and without measuring: what would change its colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations.evidence import Verdict
from governance.obligations.models import Evidence
from governance.obligations.preview.following import Otherwise, turns
from governance.obligations.preview.turning import Turn
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.risk.grades import Grade, grades_of
from monitoring.checks.check import WORST_FIRST
from monitoring.preview.answers import judged_again, latest
from monitoring.preview.candidates import Candidate
from monitoring.runs import ticks
from monitoring.runs.models import Finding, FindingKind, Run
from monitoring.runs.remeasured import SEVERITIES

UNKNOWN = "unknown"
"""In place of a verdict: the figures themselves would be others, so only another run can say."""
ORDER = ("failed", "amber", UNKNOWN, "not_run", *WORST_FIRST[2:], "not_applicable")
"""The colour of a model is that of its worst check; what nobody knows is worse than a pass."""


@dataclass(frozen=True)
class Turned:
    """One check of a model that would say something else. finding_was, finding_now: severity, "" = none."""

    organisation: Organisation
    model: AIModel
    run: Run
    was: str
    now: str
    finding_was: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)

    @property
    def finding_now(self) -> str:
        return self.finding_was if self.now == UNKNOWN else SEVERITIES.get(self.now, "")


@dataclass(frozen=True)
class Coloured:
    """One model whose worst check would be another one."""

    organisation: Organisation
    model: AIModel
    was: str
    now: str


@dataclass(frozen=True)
class Preview:
    """answers: how many of the last answers the candidate speaks of; stale: those of them too old to say anything of today."""

    candidate: Candidate
    checks: Sequence[Turned] = ()
    models: Sequence[Coloured] = ()
    turns: Sequence[Turn] = ()
    answers: int = 0
    stale: int = 0


@dataclass
class Seen:
    """What is known of one organisation while it is judged."""

    organisation: Organisation
    models: Mapping[UUID, AIModel]
    grades: Mapping[UUID, Grade]
    runs: Sequence[Run]


def preview(*, by: Actor, candidate: Candidate, now: datetime) -> Preview:
    """Inside `viewing(by)`, of what `by` may see: as if the limits counted today."""
    checks: list[Turned] = []
    models: list[Coloured] = []
    following: list[Turn] = []
    answers = stale = 0
    for organisation in Organisation.objects.visible_to(by).filter(kind="participant").order_by("bin"):
        seen = _seen(organisation)
        spoken_of = [run for run in seen.runs if _chosen(candidate, seen, run)]
        fresh = [run for run in spoken_of if not _is_stale(run, now)]
        answers, stale = answers + len(spoken_of), stale + len(spoken_of) - len(fresh)
        turned = list(_turned(seen, fresh, candidate))
        checks += turned
        models += _coloured(seen, turned, now)
        following += turns(organisation, Otherwise(verdicts=_verdicts(turned)), timezone.localdate(now))
    return Preview(candidate, checks, models, following, answers, stale)


def _seen(organisation: Organisation) -> Seen:
    registered = AIModel.objects.registered().filter(organisation=organisation).order_by("number")
    models = {model.pk: model for model in registered}
    places = {key: place for place, key in enumerate(models)}
    runs = sorted(latest(models), key=lambda run: (places[run.model_id], run.check_key))
    return Seen(organisation, models, grades_of(models.values()), runs)


def _chosen(candidate: Candidate, seen: Seen, run: Run) -> Mapping[str, Any]:
    grade = seen.grades.get(run.model_id)
    return candidate.limits(run.check_key, grade.tier if grade else None)


def _is_stale(run: Run, now: datetime) -> bool:
    return ticks.is_stale(run.result.at, now, run.plan.every_days)


def _turned(seen: Seen, runs: Sequence[Run], candidate: Candidate) -> Iterator[Turned]:
    open_ones = Finding.objects.open().filter(kind=FindingKind.CHECK, run__in=runs)
    found = dict(open_ones.values_list("run_id", "severity"))
    for run in runs:
        if "refused" in run.result.summary:
            continue
        model, was = seen.models[run.model_id], run.result.verdict
        judged = judged_again(run, _chosen(candidate, seen, run))
        verdict = judged.verdict if judged else UNKNOWN
        summary = {"key": judged.summary_key, "params": judged.params} if judged else {}
        if verdict != was:
            yield Turned(seen.organisation, model, run, was, verdict, found.get(run.pk, ""), summary)


def _coloured(seen: Seen, turned: Iterable[Turned], now: datetime) -> Iterator[Coloured]:
    changed = {each.run.pk: each.now for each in turned}
    was: dict[UUID, list[str]] = {}
    then: dict[UUID, list[str]] = {}
    for run in seen.runs:
        verdict = "not_run" if _is_stale(run, now) else run.result.verdict
        was.setdefault(run.model_id, []).append(verdict)
        then.setdefault(run.model_id, []).append(changed.get(run.pk, verdict))
    for key, verdicts in was.items():
        before, after = _worst(verdicts), _worst(then[key])
        if before != after:
            yield Coloured(seen.organisation, seen.models[key], before, after)


def _worst(verdicts: Iterable[str]) -> str:
    return min(verdicts, key=ORDER.index)


def _verdicts(turned: Sequence[Turned]) -> dict[UUID, dict[str, Verdict]]:
    """What the evidence of each run would say; where only another run can tell, nothing follows yet."""
    known = {each.run.pk: each for each in turned if each.now != UNKNOWN}
    evidence = Evidence.objects.standing().filter(source__startswith="plan:", source_id__in=known)
    found: dict[UUID, dict[str, Verdict]] = {}
    for key, run_id in evidence.values_list("pk", "source_id"):
        each = known[run_id]
        found.setdefault(each.model.pk, {})[str(key)] = cast(Verdict, each.now)
    return found
