"""What pages ask about the checks of a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.queries import focus_version
from governance.risk.grades import Grade, current_grade
from monitoring.checks import CHECKS
from monitoring.checks.check import Check
from monitoring.data import periods
from monitoring.data.models import Dataset
from monitoring.runs import expecting, plans, set_aside, telling, ticks, usual, words
from monitoring.runs.asked import Asked
from monitoring.runs.charts import Chart, charts_of, remaining
from monitoring.runs.expecting import Expected
from monitoring.runs.metrics import METRICS
from monitoring.runs.models import Measurement, Plan, Result, Run, RunLease, RunStatus
from monitoring.runs.planning import Line
from monitoring.runs.proposing import by_grade
from monitoring.runs.timing import timing
from monitoring.runs.upcoming import Upcoming, upcoming

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HISTORY = 30
STATE_WORDS: dict[str, StrOrPromise] = words.STATES


@dataclass(frozen=True)
class Answer:
    """One run as a page shows it. status: a key of the status component; "not run" and "too few rows" are never green."""

    run: Run
    result: Result | None
    lease: RunLease | None
    figures: Sequence[Measurement] = ()
    is_stale: bool = False
    """It says nothing of today any more: what it found then stands in the sentence, not in the status."""

    @property
    def status(self) -> str:
        if self.is_stale:
            return "not_run"
        if self.result:
            return self.result.verdict
        return self.run.status if not self.run.is_finished else "not_run"

    @property
    def state(self) -> StrOrPromise:
        return words.STALE if self.is_stale else STATE_WORDS.get(self.status, "")

    @property
    def sentence(self) -> str:
        said = words.sentence(self.run.check_key, self._summary) if self._summary else ""
        return words.stale(self.result, said) if self.is_stale and self.result else said

    @property
    def _summary(self) -> dict[str, Any]:
        if self.result:
            return dict(self.result.summary)
        if self.run.status == RunStatus.CANCELLED:
            return {"cancelled": True}
        parked = {"parked": self.run.error, "attempts": self.run.attempts}
        return parked if self.run.status == RunStatus.FAILED else {}

    @property
    def title(self) -> StrOrPromise:
        check = CHECKS.get(self.run.check_key)
        return check.title if check else self.run.check_key

    @property
    def slug(self) -> str:
        return str(self.run.pk)

    @property
    def note(self) -> StrOrPromise:
        """What the settings of the plan mean for the answer."""
        check = CHECKS.get(self.run.check_key)
        return check.notes(check.limits_of(self.run.plan.limits)) if check and self.result else ""

    @property
    def seed(self) -> object:
        """As the engine recorded it; a check that draws nothing at random has none."""
        return self.result.summary.get("seed") if self.result else None

    @property
    def origin(self) -> dict[str, str] | None:
        """The package whose check answered: its name, its version and the name of the check in it; None = Senim."""
        return self.result.summary.get("origin") if self.result else None

    @property
    def method(self) -> str:
        """Which of several named methods it was measured by; "" where a check has but one."""
        return words.method(self.result.summary.get("method", "")) if self.result else ""

    @property
    def baseline(self) -> str:
        """Digest of the frozen baseline; "" without one."""
        return str(self.result.summary.get("baseline", "")) if self.result else ""

    @property
    def libraries(self) -> list[tuple[str, str]]:
        return sorted(self.result.libraries.items()) if self.result else []

    @property
    def isolation(self) -> str:
        """How far apart the file of the model was run; "" when it was not opened."""
        return words.isolation(self.result.isolation_level) if self.result else ""

    @property
    def error(self) -> str:
        return words.cause(self.run.error)

    @property
    def percent(self) -> int:
        return min(100, self.lease.progress) if self.lease else 0

    @property
    def phase(self) -> str:
        if self.run.status == RunStatus.DUE or self.lease is None:
            return str(words.WAITING)
        return words.phase(self.lease.phase)

    @cached_property
    def charts(self) -> list[Chart]:
        return charts_of(self.figures, self.run.plan.limits, mark=str(self.run.pk)[:8])

    @property
    def remaining(self) -> list[tuple[StrOrPromise, Measurement]]:
        return [(METRICS.get(each.metric, each.metric), each) for each in remaining(self.figures)]

    @property
    def all_figures(self) -> list[tuple[StrOrPromise, Measurement]]:
        return [(METRICS.get(each.metric, each.metric), each) for each in self.figures]


@dataclass(frozen=True)
class Board:
    """All checks of a model, for its newest version that stands, those that its tier expects, and the runs before."""

    version: ModelVersion | None
    asked: Sequence[Asked] = ()
    history: Sequence[Answer] = field(default_factory=tuple)
    expected: Sequence[Expected] = ()
    tier: int | None = None


def board(model: AIModel) -> Board:
    """Everything the page of a model's checks shows, in a fixed number of queries."""
    version = focus_version(model)
    current = {
        (plan.dataset_id, plan.check_key): plan
        for plan in Plan.objects.filter(model=model, ended_at=None).select_related("set_by")
    }
    latest = latest_answers(current.values(), version)
    underway = answers_of(_runs().filter(model=model, plan__ended_at=None).unfinished())
    grade, following = current_grade(model), upcoming(model, timezone.now())
    datasets = list(Dataset.objects.standing().filter(model=model))
    usual_of = usual.of_all(model, datasets, grade)
    asked = [
        replace(
            _asked(
                dataset, check, current.get((dataset.pk, key)), version, latest, underway, grade, following
            ),
            usual=usual_of[dataset.pk, key],
        )
        for dataset in datasets
        for key, check in CHECKS.items()
        if check.kind == dataset.kind
    ]
    history = answers_of(_runs().filter(model=model)[:HISTORY])
    wanted = expecting.expected(model, grade, asked)
    return Board(version, set_aside.told(model, asked), history, wanted, grade.tier if grade else None)


def _asked(
    dataset: Dataset,
    check: Check,
    plan: Plan | None,
    version: ModelVersion | None,
    latest: dict[UUID, Answer],
    underway: Sequence[Answer],
    grade: Grade | None,
    following: dict[Line, Upcoming],
) -> Asked:
    lacking = plans.lacking(check, dataset, [version] if version else [])
    if plan is None:
        return Asked(check, dataset, lacking=lacking)
    now, last = timezone.now(), latest.get(plan.pk)
    on_the_way = [each for each in underway if each.run.plan_id == plan.pk]
    due = [each.run for each in on_the_way if version and each.run.version_id == version.pk]
    return Asked(
        check,
        dataset,
        plan,
        _as_of(last, now) if last else None,
        on_the_way,
        lacking,
        timing(
            last.run if last else None,
            min(due, key=lambda run: run.scheduled_at, default=None),
            now,
            following.get((plan.pk, version.pk)) if version else None,
        ),
        by_grade(grade, check.key),
    )


def earlier_plans(dataset: Dataset, check_key: str) -> list[tuple[Plan, str]]:
    """All plans of one check of a dataset, the newest first, with where their limits come from."""
    plans_so_far = Plan.objects.filter(dataset=dataset, check_key=check_key).select_related("set_by")
    return [(plan, telling.limits_basis(plan)) for plan in plans_so_far.order_by("-set_at")]


def usual_limits(dataset: Dataset, check: Check) -> list[tuple[StrOrPromise, Any]]:
    """Limits that are proposed for these data in place of the check's own, by their titles."""
    its = usual.limits(dataset, check)
    return [(each.title, each.said(its[each.key])) for each in check.limits if its[each.key] != each.default]


def _as_of(answer: Answer, now: datetime) -> Answer:
    at = answer.result.at if answer.result else None
    stale = at is not None and ticks.is_stale(at, now, answer.run.plan.every_days)
    return replace(answer, is_stale=stale)


def latest_answers(current: Iterable[Plan], version: ModelVersion | None) -> dict[UUID, Answer]:
    """Per plan the last run of a version that has ended, over the latest data period, with its figures."""
    runs = _runs().filter(plan__in=list(current), version=version).counting()
    ended = runs.exclude(status__in=[RunStatus.DUE, RunStatus.RUNNING])
    ordered = periods.latest_first(
        ended.filter(window__withdrawn_at=None, labels__withdrawn_at=None), "plan_id", prefix="window__"
    )
    newest = ordered.order_by(*ordered.query.order_by, "-finished_at").distinct("plan_id")
    return {each.run.plan_id: each for each in answers_of(newest, figures=True)}


def answer_of(run: Run) -> Answer:
    return answers_of(_runs().filter(pk=run.pk), figures=True)[0]


def _runs() -> Any:
    beside = ("version", "window", "reference", "labels", "lease", "result")
    return Run.objects.select_related("plan__dataset", *beside)


def answers_of(runs: Iterable[Run], *, figures: bool = False) -> list[Answer]:
    """Runs with what hangs on them; the figures of all of them in one query."""
    there = list(runs)
    results = [run.result for run in there if hasattr(run, "result")]
    measured: dict[UUID, list[Measurement]] = {}
    if figures and results:
        for each in Measurement.objects.filter(result__in=results).order_by("metric", "subject"):
            measured.setdefault(each.result_id, []).append(each)
    return [_answer(run, measured) for run in there]


def _answer(run: Run, measured: dict[UUID, list[Measurement]]) -> Answer:
    result = getattr(run, "result", None)
    return Answer(run, result, getattr(run, "lease", None), measured.get(result.pk, []) if result else [])
