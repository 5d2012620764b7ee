"""What pages ask about the data of a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from governance.inventory.models import AIModel
from monitoring.data import periods, references
from monitoring.data.models import Dataset, Part, Window
from monitoring.data.stated import Stated, stated_of


@dataclass(frozen=True)
class Described:
    """A dataset with its data periods, the latest first; what counts today is the latest current one and the reference."""

    dataset: Dataset
    windows: list[Window]

    @property
    def counting(self) -> frozenset[object]:
        """Ids of the data periods that the checks use now."""
        return frozenset(window.pk for window in self.newest.values())

    @property
    def newest(self) -> dict[str, Window]:
        """The data period of each part that counts today."""
        standing = (each for each in self.windows if each.withdrawn_at is None)
        current = next((each for each in standing if each.part == Part.CURRENT), None)
        both = {Part.REFERENCE: references.counting(self.windows), Part.CURRENT: current}
        return {part: window for part, window in both.items() if window is not None}

    @property
    def stated(self) -> Stated | None:
        """What the participant states of its explanations, of the data periods that count today."""
        return stated_of(self.newest)


def datasets_of(model: AIModel) -> list[Described]:
    """Every dataset of a model that stands, with all its data periods, in two queries."""
    return described(Dataset.objects.standing().filter(model=model))


def described(datasets: Iterable[Dataset]) -> list[Described]:
    found = {each.pk: Described(each, []) for each in datasets}
    rows = Window.objects.filter(dataset__in=found)
    people = ("uploaded_by", "withdrawn_by", "decided_by", "erase_asked_by")
    for window in rows.select_related("corrects", *people):
        window.dataset = found[window.dataset_id].dataset
        found[window.dataset_id].windows.append(window)
    for each in found.values():
        each.windows.sort(key=periods.place, reverse=True)
    return list(found.values())


def ended_of(model: AIModel) -> list[Dataset]:
    """Versions that were replaced, and retired datasets, the last first."""
    ended = Dataset.objects.filter(model=model).exclude(ended_at=None)
    return list(ended.select_related("ended_by", "successor").order_by("-ended_at"))
