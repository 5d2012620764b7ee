"""What is on record around a data period when it is looked through, and the files that are counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from governance import store
from monitoring.arrivals.apart import Files
from monitoring.arrivals.rules import Arrived, Earlier, Source, limits
from monitoring.data import periods, references
from monitoring.data.models import MadeOf, Part, Window
from monitoring.engines.arrivals import Period


def arrived(window: Window) -> Arrived:
    """Only what was there before it: of two that are alike the later one is the copy."""
    earlier = _earlier(window)
    return Arrived(
        digest=window.sha256,
        dataset_id=str(window.dataset_id),
        part=window.part,
        arrived_on=timezone.localdate(window.uploaded_at),
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        is_correction=window.corrects_id is not None,
        expected_on=_expected_on(window, earlier),
        every_days=window.dataset.expected_every_days,
        source=_source(window),
        earlier=tuple(_told(each) for each in earlier),
    )


def files(window: Window) -> Files | None:
    """What is to be counted; None for a document of counts and for erased rows. Raises store.Damaged."""
    if window.made_of == MadeOf.COUNTS or window.is_erased:
        return None
    dataset = window.dataset
    period = Period(
        _path(window),
        dataset.identifier,
        dataset.time,
        window.starts_on.isoformat() if window.starts_on else "",
        window.ends_on.isoformat() if window.ends_on else "",
    )
    others = _of_rows(window)
    reference = references.counting(others)
    return Files(period, _path(reference) if reference else None, _compared(others))


def _compared(others: list[Window]) -> Mapping[str, Path]:
    return {str(each.pk): _path(each) for each in others[: limits()["compared"]]}


def _of_rows(window: Window) -> list[Window]:
    """Earlier periods of rows of the same dataset, the latest first."""
    same = [each for each in _earlier(window) if each.dataset_id == window.dataset_id]
    of_rows = [each for each in same if each.made_of == MadeOf.ROWS and not each.is_erased]
    return sorted(of_rows, key=periods.place, reverse=True)


def _earlier(window: Window) -> list[Window]:
    """Without those of other versions of its dataset: what is handed in again under a corrected description is no copy."""
    before = Window.objects.standing().filter(model_id=window.model_id, uploaded_at__lt=window.uploaded_at)
    of_other_versions = Q(dataset__name=window.dataset.name) & ~Q(dataset=window.dataset_id)
    return list(before.exclude(of_other_versions).order_by("uploaded_at", "pk"))


def _expected_on(window: Window, earlier: list[Window]) -> date | None:
    """The day on which this period was expected; None where it is not the newest, or nobody expects any."""
    every = window.dataset.expected_every_days
    if every is None or window.part != Part.CURRENT:
        return None
    same = [each for each in earlier if (each.dataset_id, each.part) == (window.dataset_id, Part.CURRENT)]
    last = max(same, key=periods.place, default=None)
    if last is not None and periods.is_later(last, window):
        return None
    if last is None:
        return timezone.localdate(window.dataset.created_at) + timedelta(days=every)
    handed_in = timezone.localdate(
        last.uploaded_at
    )  # history that is handed in at once was expected by nobody before
    return max(periods.day(last) + timedelta(days=every), handed_in)


def _told(window: Window) -> Earlier:
    return Earlier(
        str(window.pk),
        window.name,
        window.sha256,
        str(window.dataset_id),
        window.part,
        window.starts_on,
        window.ends_on,
        _source(window),
    )


def _source(window: Window) -> Source:
    return Source(window.made_from, window.made_of == MadeOf.COUNTS, window.rows)


def _path(window: Window) -> Path:
    return store.path(window.organisation_id, window.sha256)
