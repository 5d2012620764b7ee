"""Which reference counts. Everything that compares asks here, so that one that waits or was declined is used by nothing.

A reference that says its last day goes by that day, and stands before every one that does not: else leaving the day out
would make a reference the latest of all. Those without a day go by the moment from which they count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from monitoring.data.acceptance import COUNTED, Acceptance
from monitoring.data.models import Dataset, Part, Window


def counting(windows: Iterable[Window]) -> Window | None:
    """Out of data periods of one dataset, the reference that the checks compare with; None where none counts."""
    there = [each for each in windows if each.part == Part.REFERENCE and each.withdrawn_at is None]
    return max((each for each in there if each.acceptance in COUNTED), key=place, default=None)


def of_dataset(dataset_id: UUID) -> Window | None:
    return of_datasets([dataset_id]).get(dataset_id)


def of_datasets(dataset_ids: Iterable[UUID]) -> dict[UUID, Window]:
    """By dataset, in one query; those without a reference that counts are not there."""
    by_dataset: dict[UUID, list[Window]] = {}
    rows = Window.objects.standing().filter(dataset__in=set(dataset_ids), part=Part.REFERENCE)
    for window in rows.filter(acceptance__in=COUNTED):
        by_dataset.setdefault(window.dataset_id, []).append(window)
    found = {dataset_id: counting(windows) for dataset_id, windows in by_dataset.items()}
    return {dataset_id: window for dataset_id, window in found.items() if window is not None}


def place(window: Window) -> tuple[bool, date, datetime, str]:
    """The place of a reference among those that count, to sort by: the last is used."""
    return window.ends_on is not None, window.ends_on or date.min, counts_since(window), str(window.pk)


def would_stay(now: Window, waiting: Window) -> bool:
    """Whether `now` still counts when `waiting` is accepted: only a day as late, or both without one, takes its place."""
    if waiting.ends_on is None:
        return now.ends_on is not None
    return now.ends_on is not None and now.ends_on > waiting.ends_on


def counts_since(window: Window) -> datetime:
    """Of a reference that counts."""
    return window.decided_at or window.uploaded_at


def acceptance_of_new(dataset: Dataset, part: str) -> str:
    """What a data period begins as that is about to be handed in.

    Withdrawn references and those of earlier versions of the description were there before it as well: withdrawing the
    first, correcting it or describing the data anew makes no later one the first.
    """
    if part != Part.REFERENCE:
        return ""
    of_the_name = Window.objects.filter(
        organisation_id=dataset.organisation_id,
        model_id=dataset.model_id,
        dataset__name=dataset.name,
        part=Part.REFERENCE,
    )
    return Acceptance.WAITING if of_the_name.exists() else Acceptance.FIRST
