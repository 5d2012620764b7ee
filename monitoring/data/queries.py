"""What pages ask about the data of a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from governance.inventory.models import AIModel
from monitoring.data.models import Dataset, Window


@dataclass(frozen=True)
class Described:
    """A dataset with its data periods, the latest first; what counts today is the latest standing one of each part."""

    dataset: Dataset
    windows: list[Window]

    @property
    def counting(self) -> frozenset[object]:
        """Ids of the data periods that the checks use now."""
        newest: dict[str, Window] = {}
        for window in self.windows:
            if window.withdrawn_at is None:
                newest.setdefault(window.part, window)
        return frozenset(window.pk for window in newest.values())


def datasets_of(model: AIModel) -> list[Described]:
    """Every dataset of a model with all its data periods, in two queries."""
    windows: dict[object, list[Window]] = {}
    for window in Window.objects.filter(model=model).select_related(
        "uploaded_by", "withdrawn_by", "corrects"
    ):
        windows.setdefault(window.dataset_id, []).append(window)
    for each in windows.values():
        each.sort(key=_place, reverse=True)
    return [Described(each, windows.get(each.pk, [])) for each in Dataset.objects.filter(model=model)]


def _place(window: Window) -> tuple[date, datetime, str]:
    """Its place in time: by the day it ends, or by the day it was handed in where nobody said."""
    day = window.ends_on or timezone.localdate(window.uploaded_at)
    return day, window.uploaded_at, str(window.pk)
