"""Findings about arrivals: opened once, closed as those of checks are: by a later period, by withdrawal, never by hand.

What is wrong with the days or the origin of a data period does not heal: only its withdrawal or correction ends that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals.rules import BACKDATED, COPIED, LATE, REPEATED, Arrived, Trouble, limits, troubles
from monitoring.data import periods
from monitoring.data.models import Part, Window
from monitoring.runs import findings
from monitoring.runs.findings import Noted
from monitoring.runs.models import Finding, FindingKind, FindingQuerySet, Measurement
from monitoring.runs.remeasured import SEVERITIES

HEALS = (LATE, REPEATED)
SAID_BY_QUALITY = ("repeated_rise", "repeated_ids")
"""Figures of the check of data quality that say what a finding about repeated rows says, and hold it against the reference."""


def settle(window: Window, found: Sequence[Trouble]) -> None:
    """What looking through has found: noted once, and what an earlier period suffered from is over or goes on here."""
    said = _said_by_quality([window.pk])
    for each in found:
        if each.kind != REPEATED or window.pk not in said:
            findings.note(_noted(window, each))
    if window.part == Part.CURRENT:
        _overtake(window, {each.kind for each in found})


def note_unread(window: Window, cause: str, on_record: Arrived) -> None:
    """Its rows are not known; what is wrong on record is found all the same."""
    settle(window, troubles(on_record, {}))
    unread = Trouble(FindingKind.WINDOW_UNREAD, "unread", str(limits()["unread"]), {"cause": cause})
    findings.note(_noted(window, unread))


def look_over(clerk: Actor, organisation_id: UUID) -> None:
    """Close what the check of data quality says as well, and what is about a period that was withdrawn since."""
    with viewing(clerk):
        there = Finding.objects.open().filter(organisation_id=organisation_id)
        closing = [*_said_twice(there), *_about_withdrawn(there)]
    if closing:
        with acting(clerk, "findings.kept"):
            for finding_id, cause in closing:
                findings.close(Finding.objects.filter(pk=finding_id), cause)


def _overtake(window: Window, kinds: set[str]) -> None:
    earlier = Finding.objects.open().filter(kind__in=HEALS, dataset_id=window.dataset_id)
    for finding in earlier.exclude(window=window).select_related("window"):
        if (
            finding.window
            and finding.window.part == Part.CURRENT
            and periods.is_later(window, finding.window)
        ):
            cause = "continued" if finding.kind in kinds else "passed_later"
            findings.close(Finding.objects.filter(pk=finding.pk), cause)


def _said_twice(there: FindingQuerySet) -> Iterator[tuple[UUID, str]]:
    repeated = list(there.filter(kind=REPEATED))
    said = _said_by_quality([each.window_id for each in repeated])
    yield from ((each.pk, "said_by_check") for each in repeated if each.window_id in said)


def _said_by_quality(window_ids: Sequence[UUID]) -> set[UUID]:
    """Data periods of which the check of data quality has found that too much is repeated."""
    if not window_ids:
        return set()
    beyond = Measurement.objects.filter(
        metric__in=SAID_BY_QUALITY,
        verdict__in=SEVERITIES,
        result__run__check_key="quality",
        result__run__window__in=window_ids,
    )
    return set(beyond.values_list("result__run__window_id", flat=True))


def _about_withdrawn(there: FindingQuerySet) -> Iterator[tuple[UUID, str]]:
    """The other period is no longer on file, so this one is no copy of it and shares no days with it."""
    about = list(there.filter(kind__in=(COPIED, BACKDATED)).exclude(summary__other=""))
    others = {each.summary.get("other", "") for each in about} - {""}
    gone = Window.objects.filter(pk__in=others, withdrawn_at__isnull=False).values_list("pk", flat=True)
    withdrawn = set(map(str, gone)) if others else set()
    yield from ((each.pk, "window_withdrawn") for each in about if each.summary.get("other") in withdrawn)


def _noted(window: Window, trouble: Trouble) -> Noted:
    return Noted(
        organisation_id=window.organisation_id,
        model_id=window.model_id,
        kind=trouble.kind,
        key=f"{trouble.kind}:{trouble.key}:{window.pk}",
        severity=trouble.severity,
        summary={"key": trouble.key, "params": trouble.params, "other": trouble.other},
        about={"dataset_id": window.dataset_id, "window_id": window.pk},
    )
