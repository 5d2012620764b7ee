"""Keeps the findings true between runs: what is late, what has not arrived, and what no longer stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.blackouts.queries import closures_of
from monitoring.data import periods
from monitoring.data.models import Dataset, Part, Window
from monitoring.runs import findings, lateness, not_asked, replacing, ticks, tiers
from monitoring.runs.findings import Noted
from monitoring.runs.models import Finding, FindingKind, FindingQuerySet, Run
from monitoring.runs.planning import Planned
from monitoring.runs.skipping import Skipped
from monitoring.sources import queries as sources

PERIODS_UNTIL_RED = 2


@dataclass
class Changes:
    """What has to be written so that the findings are true again."""

    noted: list[Noted] = field(default_factory=list)
    closed: list[tuple[list[UUID], str, dict[str, Any]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.noted or self.closed)

    def close(self, found: FindingQuerySet, cause: str, **params: Any) -> None:
        ids = list(found.open().values_list("pk", flat=True))
        if ids:
            self.closed.append((ids, cause, params))


def look_over(
    clerk: Actor, organisation_id: UUID, skipped: Sequence[Skipped] = (), planned: Planned | None = None
) -> None:
    """Note and close what time and other rooms have changed. Writes nothing when nothing has.

    planned: of all models of the organisation that checks run for; None = what plans wait for is not looked at.
    """
    with viewing(clerk):
        changes = _changes(organisation_id, timezone.now(), skipped, planned)
    if changes:
        with acting(clerk, "findings.kept"):
            for noted in changes.noted:
                findings.note(noted)
            for ids, cause, params in changes.closed:
                findings.close(Finding.objects.filter(pk__in=ids), cause, **params)


def _changes(
    organisation_id: UUID, now: datetime, skipped: Sequence[Skipped], planned: Planned | None
) -> Changes:
    there = Finding.objects.filter(organisation_id=organisation_id)
    changes = Changes()
    changes.close(there.filter(model__withdrawn_at__isnull=False), "model_withdrawn")
    changes.close(there.filter(version__withdrawn_at__isnull=False), "version_withdrawn")
    changes.close(there.filter(window__withdrawn_at__isnull=False), "window_withdrawn")
    # What was found stays until it is measured again: else whoever withdraws a reference would end a finding by it. That no
    # reference counts any more is a finding of its own.
    unanswered = there.filter(kind=FindingKind.NOT_RUN)
    changes.close(unanswered.filter(run__reference__withdrawn_at__isnull=False), "window_withdrawn")
    for version_id, successor in replacing.replaced(there):
        of_version = there.filter(version_id=version_id)
        changes.close(of_version, "superseded", version=successor.version.label, decision=str(successor.pk))
    for dataset_id, version in replacing.ended_datasets(there):
        of_dataset = there.filter(dataset_id=dataset_id)
        if version is None:
            changes.close(of_dataset, "dataset_retired")
        else:
            changes.close(of_dataset, "dataset_replaced", version=version)
    open_now = {each.key: each for each in there.open()}
    waiting = not_asked.of(planned) if planned else []
    late = [
        *map(_left_out, skipped),
        *_late_checks(organisation_id, now),
        *_late_data(organisation_id, timezone.localdate(now)),
        *map(_not_fetched, sources.failing(organisation_id)),
        *not_asked.missed(waiting, open_now, now),
    ]
    changes.noted = [each for each in late if _is_news(each, open_now.get(each.key))]
    missing = {each.key for each in late if each.kind == FindingKind.WINDOW_MISSING}
    arrived = [each.pk for each in open_now.values() if _has_arrived(each, missing)]
    changes.close(there.filter(pk__in=arrived), "arrived")
    over = not_asked.over(planned, waiting, open_now) if planned else {}
    for cause, ids in over.items():
        changes.close(there.filter(pk__in=ids), cause)
    return changes


def _is_news(noted: Noted, known: Finding | None) -> bool:
    return known is None or (known.summary, known.severity) != (noted.summary, noted.severity)


def _has_arrived(finding: Finding, missing: set[str]) -> bool:
    return finding.kind == FindingKind.WINDOW_MISSING and finding.key not in missing


def _late_checks(organisation_id: UUID, now: datetime) -> Iterator[Noted]:
    """Checks that could have run for longer than the tolerance and have not been answered. The first tick of a line counts.

    What merely waits for the end of a blackout is not late, and what was late before one still is.
    """
    waiting = list(
        Run.objects.unfinished()
        .filter(
            Q(scheduled_at__lt=now - tiers.tolerance()) | Q(moved__has_key="held"),
            organisation_id=organisation_id,
            model__withdrawn_at=None,
            version__withdrawn_at=None,
            plan__dataset__ended_at=None,
        )
        .select_related("plan", "window")
    )
    if not waiting:
        return
    waiting.sort(key=lateness.since)
    closures = closures_of([organisation_id], lateness.since(waiting[0])).get(organisation_id, ())
    seen: set[str] = set()
    for run in waiting:
        key = findings.tick_key(run)
        if key not in seen and lateness.waited(run, now, closures) > tiers.tolerance():
            seen.add(key)
            yield _late_check(run, key, lateness.missed(run, now, closures, tiers.tolerance()))


def _late_check(run: Run, key: str, missed: int) -> Noted:
    told = {"key": "tick_missed", "since": lateness.since(run).isoformat(), "missed": missed}
    noted = findings.of_run(run, FindingKind.TICK_MISSED, _severity(missed), told)
    return Noted(**{**vars(noted), "key": key})


def _left_out(skipped: Skipped) -> Noted:
    """A tick that was missed and that its plan does not make up."""
    last = skipped.wanted.last
    assert last is not None
    told = {"key": "tick_skipped", "since": skipped.since.isoformat(), "missed": skipped.times}
    told["until"] = skipped.until.isoformat()
    noted = findings.of_run(last, FindingKind.TICK_MISSED, _severity(skipped.times), told)
    return Noted(**{**vars(noted), "key": findings.tick_key(last)})


def _late_data(organisation_id: UUID, today: date) -> Iterator[Noted]:
    """Datasets whose next data period should have arrived."""
    expecting = (
        Dataset.objects.standing()
        .exclude(expected_every_days=None)
        .filter(organisation_id=organisation_id, model__status="registered")
    )
    there = Window.objects.standing().filter(part=Part.CURRENT, dataset__in=expecting)
    latest = periods.latest_first(there, "dataset_id").distinct("dataset_id")
    newest = {window.dataset_id: window for window in latest}
    for dataset in expecting:
        yield from _late_period(dataset, newest.get(dataset.pk), today)


def _late_period(dataset: Dataset, last: Window | None, today: date) -> Iterator[Noted]:
    every = dataset.expected_every_days
    assert every is not None
    since = periods.day(last) if last else timezone.localdate(dataset.created_at)
    expected_on = since + timedelta(days=every)
    late = ticks.periods_late(expected_on, today, every, tiers.grace(every))
    if late:
        yield Noted(
            organisation_id=dataset.organisation_id,
            model_id=dataset.model_id,
            kind=FindingKind.WINDOW_MISSING,
            key=f"{FindingKind.WINDOW_MISSING}:{dataset.pk}",
            severity=_severity(late),
            summary={
                "key": "window_missing",
                "expected_on": expected_on.isoformat(),
                "missing": late,
                "last": last.name if last else "",
            },
            about={"dataset_id": dataset.pk},
        )


def _not_fetched(failing: sources.Failing) -> Noted:
    """A data period that should have come from a database of the firm, and did not."""
    feed, fetch = failing.feed, failing.fetch
    return Noted(
        organisation_id=feed.organisation_id,
        model_id=feed.model_id,
        kind=FindingKind.WINDOW_MISSING,
        key=f"{FindingKind.WINDOW_MISSING}:feed:{feed.pk}",
        severity=_severity(failing.times),
        summary={
            "key": "not_fetched",
            "trouble": fetch.trouble,
            "source": feed.source.name,
            "starts_on": fetch.starts_on.isoformat(),
            "ends_on": fetch.ends_on.isoformat(),
            "times": failing.times,
        },
        about={"dataset_id": feed.dataset_id},
    )


def _severity(times: int) -> str:
    return "red" if times >= PERIODS_UNTIL_RED else "amber"
