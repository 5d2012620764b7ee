"""Limits from the reference's own quarters, from the plan to the figures on file."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest

from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result, Run
from monitoring.runs.words import sentence
from tests.monitoring.loans import a_model, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded"), pytest.mark.slow]

PLAN = {"limits_from": "own_periods", "numeric_method": "wasserstein"}


def handed_in(owner: Actor, dataset: Dataset, part: str, start: date, values: list[float]) -> None:
    rows = "".join(f"{start + timedelta(days=at)},{value}\n" for at, value in enumerate(values))
    file = BytesIO(f"day,x\n{rows}".encode())
    data.add_window(by=owner, dataset=dataset, name=part, part=part, file=file, file_name="w.csv")


def answered(owner: Actor, *, time: str, level: float = 0.0) -> Result:
    """Two years of a calm feature, then ninety days at `level`."""
    model = a_model(owner)
    a_version(owner, model, bare=True)
    dataset = data.describe(by=owner, model=model, name="Days", features=["x"], time=time)
    calm = [(at * 7 % 41) / 41 for at in range(730)]
    handed_in(owner, dataset, "reference", date(2001, 1, 1), calm)
    handed_in(owner, dataset, "current", date(2003, 1, 1), [level + each for each in calm[:90]])
    runs.set_plan(by=owner, dataset=dataset, check_key="drift", limits=PLAN, reason="seasons differ")
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    with viewing(owner):
        result: Result = Result.objects.select_related("run").get(run=Run.objects.get(pk=run.pk))
    return result


def test_the_own_limit_stands_beside_the_score_of_its_feature(owner):
    result = answered(owner, time="day", level=2.0)
    with viewing(owner):
        figure = Measurement.objects.get(result=result, subject="x")
    assert (figure.metric, figure.verdict, result.verdict) == ("wasserstein", "amber", "failed")
    assert figure.value is not None and figure.limit is not None
    assert 0 < figure.limit < 1 < figure.value


def test_without_a_column_of_the_time_it_says_so_and_answers_nothing(owner):
    result = answered(owner, time="")
    assert result.verdict == "insufficient_data"
    assert "names no column of the time" in sentence("drift", result.summary)
