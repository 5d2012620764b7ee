"""A key figure that follows a check takes its newest answer over, with n and digest, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.inventory.figures import services as figures
from governance.inventory.figures.models import KpiValue
from governance.people.acting import acting, viewing
from monitoring.data.models import Window
from monitoring.runs import key_figures
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result, Run
from tests.factories import REGISTER
from tests.monitoring.runs.conftest import a_period, answer, on_record, run_of

pytestmark = pytest.mark.django_db

FEED = figures.Feed("drift", "psi", "income")


@pytest.fixture
def things(owner):
    things = on_record(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    return things


@pytest.fixture
def kpi(owner, things):
    return figures.set_kpi(
        by=owner, model=things.model, name="Drift of income", owner_id=owner.user_id, upper=0.25, feed=FEED
    )


def measured(owner, things, window: str, psi: float | None, *, days_ago: int = 0) -> Run:
    """A check has answered over a data period."""
    a_period(owner, things.dataset, window)
    runs.start(by=owner, model=things.model)
    run = run_of(owner, "drift", window)
    answer(run, "passed")
    with acting(REGISTER, "test.measured"):
        result = Result.objects.get(run=run)
        sha256, at = f"{days_ago:064x}", timezone.now() - timedelta(days=days_ago)
        Result.objects.filter(pk=result.pk).update(sha256=sha256, at=at)
        Measurement.objects.create(
            organisation_id=run.organisation_id, model_id=run.model_id, result=result, metric="psi", subject="income",
            value=psi, n=400,
        )  # fmt: skip
    return run


def values(bank) -> list[tuple[float, int]]:
    key_figures.catch_up(bank.pk)
    with viewing(REGISTER):
        return list(KpiValue.objects.order_by("measured_at").values_list("value", "n"))


def test_the_newest_answer_is_taken_over_once(bank, owner, things, kpi):
    assert values(bank) == []
    measured(owner, things, "2026 Q1", 0.1, days_ago=30)
    assert values(bank) == values(bank) == [(0.1, 400)]
    measured(owner, things, "2026 Q2", 0.4)
    assert values(bank) == [(0.1, 400), (0.4, 400)]


def test_what_gave_no_figure_and_what_rests_on_withdrawn_data_is_left_alone(bank, owner, things, kpi):
    measured(owner, things, "2026 Q1", None)
    assert values(bank) == []
    run = measured(owner, things, "2026 Q2", 0.4, days_ago=1)
    with acting(REGISTER, "test.withdrawn"):
        said = {"withdrawn_at": timezone.now(), "withdrawn_reason": "Handed in by mistake."}
        Window.objects.filter(pk=run.window_id).update(**said)
    assert values(bank) == []


def test_only_figures_that_were_measured_are_offered(owner, things):
    measured(owner, things, "2026 Q1", 0.1)
    with viewing(owner):
        assert key_figures.offered(things.model) == [FEED]
