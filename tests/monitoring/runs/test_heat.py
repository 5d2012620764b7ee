"""Drift over time: each feature in each data period, as a multiple of its own limit, from the figures on file."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.runs import heat
from monitoring.runs import services as runs
from monitoring.runs.charts import Chart
from monitoring.runs.models import Measurement, Plan, Result, Run
from tests.factories import sign_in
from tests.monitoring.loans import a_model, a_version

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def plan(owner) -> Plan:
    model = a_model(owner)
    a_version(owner, model, bare=True)
    dataset = data.describe(by=owner, model=model, name="Days", features=["calm", HOSTILE])
    planned = runs.set_plan(by=owner, dataset=dataset, check_key="drift")
    planned.dataset, planned.model = dataset, model
    return planned


def a_quarter(owner: Actor, dataset: Dataset, name: str, starts_on: date) -> Window:
    rows = f"calm,{HOSTILE}\n1,2\n".encode()
    said: dict[str, Any] = {"part": "current", "file": BytesIO(rows), "file_name": "w.csv"}
    return data.add_window(by=owner, dataset=dataset, name=name, starts_on=starts_on, **said)


def answered(
    plan: Plan, window: Window, scores: dict[str, tuple[float | None, float | None]], late: int = 0
) -> None:
    """A run that has answered. scores: per feature score and limit."""
    at = timezone.now() + timedelta(minutes=late)
    same = {"organisation_id": plan.organisation_id, "model_id": plan.model_id}
    with acting(Actor.system("checks worker", plan.organisation_id), "run.finished"):
        run = Run.objects.create(
            **same,
            plan=plan,
            version=plan.model.versions.get(),
            window=window,
            check_key="drift",
            check_version="2",
            key=f"{window.pk}{late}",
            status="done",
            scheduled_at=at,
            asked_at=at,
            due_at=at,
            finished_at=at,
        )
        result = Result.objects.create(**same, run=run, verdict="passed", sha256="0" * 64)
        for name, (score, limit) in scores.items():
            figures = {"metric": "wasserstein", "value": score, "limit": limit, "n": 60, "verdict": "passed"}
            Measurement.objects.create(**same, result=result, subject=name, **figures)


def drawn(plan: Plan) -> list[Chart]:
    with viewing(Actor.system("tests", plan.organisation_id)):
        return heat.maps_of(plan.model)


def test_periods_stand_in_their_order_and_the_farthest_feature_first(owner, plan):
    later = a_quarter(owner, plan.dataset, "2008 Q4", date(2008, 10, 1))
    earlier = a_quarter(owner, plan.dataset, "2008 Q3", date(2008, 7, 1))
    answered(plan, later, {"calm": (0.5, 1.0), HOSTILE: (7.2, 3.6)})
    assert drawn(plan) == []  # over one period there is no time to look over
    answered(plan, earlier, {"calm": (0.1, 1.0), HOSTILE: (None, None)})

    [chart] = drawn(plan)

    assert (chart.data["windows"], chart.data["features"]) == (["2008 Q3", "2008 Q4"], [HOSTILE, "calm"])
    cells = {(each["column"], each["line"]): each["ratio"] for each in chart.data["rows"]}
    assert cells == {(0, 0): None, (1, 0): 2.0, (0, 1): 0.1, (1, 1): 0.5}


def test_the_last_answer_over_a_period_counts_and_a_withdrawn_period_does_not(owner, plan):
    windows = [a_quarter(owner, plan.dataset, f"Q{at}", date(2008, 3 * at - 2, 1)) for at in (1, 2, 3)]
    for window in windows:
        answered(plan, window, {"calm": (3.0, 1.0)})
    answered(plan, windows[0], {"calm": (0.5, 1.0)}, late=5)
    data.withdraw_window(by=owner, window=windows[2], reason="wrong month")

    [chart] = drawn(plan)

    assert [(each["column"], each["ratio"]) for each in chart.data["rows"]] == [(0, 0.5), (1, 3.0)]


def test_the_page_shows_it_and_hostile_names_stay_text(owner, plan, client):
    for at in (1, 2):
        window = a_quarter(owner, plan.dataset, f"Q{at}", date(2008, 3 * at - 2, 1))
        answered(plan, window, {HOSTILE: (0.5, 1.0)})
    page = sign_in(client, owner).get(f"/models/{plan.model_id}/checks/").content.decode()
    assert 'data-chart="heat"' in page and "Drift over time" in page
    assert "<script>alert" not in page
