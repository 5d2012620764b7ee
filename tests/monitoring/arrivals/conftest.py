from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals import services as arrivals
from monitoring.arrivals.models import Arrival
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.runs.models import Finding
from tests.monitoring.loans import FEATURES, _frame, a_model


@pytest.fixture
def dataset(owner) -> Dataset:
    """Real mortgage applications with a number and a day each, as yet expected by nobody."""
    return data.describe(
        by=owner,
        model=a_model(owner),
        name="Applications",
        features=FEATURES,
        prediction="approve",
        identifier="case",
        time="day",
    )


def applications(first: int, count: int, start: date, days: int = 28) -> Any:
    """Rows `first` to `first + count` of the real applications, spread over days from `start` on."""
    frame = _frame("reference").iloc[first : first + count].reset_index(drop=True)
    frame.insert(0, "case", range(first, first + count))
    frame.insert(1, "day", [(start + timedelta(days=n % days)).isoformat() for n in range(count)])
    return frame


def hand_in(
    owner: Actor, dataset: Dataset, name: str, frame: Any, *, part: str = "current", **said: Any
) -> Window:
    file = io.BytesIO(frame.to_csv(index=False).encode())
    return data.add_window(
        by=owner, dataset=dataset, name=name, part=part, file=file, file_name=f"{name}.csv", **said
    )


def days_pass(owner: Actor, days: int) -> None:
    """What is on file was handed in that much earlier."""
    passed = timedelta(days=days)
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Window.objects.update(uploaded_at=F("uploaded_at") - passed)
        Dataset.objects.update(created_at=F("created_at") - passed)


def expect_monthly(owner: Actor, dataset: Dataset) -> None:
    with acting(owner, "dataset.described"):
        Dataset.objects.filter(pk=dataset.pk).update(expected_every_days=30)


def look_through(owner: Actor) -> None:
    """A sweep notices what arrived, and a worker looks it all through."""
    assert owner.organisation_id is not None
    arrivals.catch_up(owner.organisation_id)
    with viewing(owner):
        waiting = list(Arrival.objects.open().order_by("window__uploaded_at").values_list("pk", flat=True))
    for arrival_id in waiting:
        arrivals.look(owner.organisation_id, arrival_id)


def told(owner: Actor, window: Window) -> dict[tuple[str, str], str]:
    """(kind, key of the sentence) of what was found of a period -> "amber", "red" or the cause of its end."""
    with viewing(owner):
        found = Finding.objects.filter(window=window)
        return {(each.kind, each.summary["key"]): each.closing.get("cause", each.severity) for each in found}
