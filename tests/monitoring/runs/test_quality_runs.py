"""Data quality and robustness from the description of the data to the figures, the evidence and the page."""

from __future__ import annotations

import json

import pytest

from governance import store
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result, Run
from monitoring.runs.words import sentence
from tests.factories import sign_in
from tests.monitoring.loans import (
    FEATURES,
    SENSITIVE,
    _frame,
    a_model,
    a_version,
    a_window,
    loans,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def answered(owner, model, dataset, check: str) -> Result:
    runs.set_plan(by=owner, dataset=dataset, check_key=check)
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    with viewing(owner):
        result: Result = Result.objects.select_related("run__version").get(run=Run.objects.get(pk=run.pk))
    return result


def figures(owner, result: Result) -> dict[tuple[str, str], Measurement]:
    with viewing(owner):
        return {(each.metric, each.subject): each for each in Measurement.objects.filter(result=result)}


def test_what_the_dataset_declares_is_what_the_data_are_held_against(owner, client):
    """A population with as many white people as others, and a ratio that is never above 30."""
    model = a_model(owner)
    a_version(owner, model)
    dataset = data.describe(
        by=owner,
        model=model,
        name="Applications",
        features=FEATURES,
        sensitive=SENSITIVE,
        label="approve",
        allowed={"hrat": {"low": 0, "high": 30}},
        population={"white": {"0": 0.5, "1": 0.5}},
    )
    for part in ("reference", "current"):
        a_window(owner, dataset, part)
    result = answered(owner, model, dataset, "quality")
    measured, rows = figures(owner, result), _frame("current")
    assert measured["outside_share", "hrat"].value == pytest.approx((rows["hrat"] > 30).mean())
    assert measured["population_gap", "white=1"].value == pytest.approx((rows["white"] == 1).mean() - 0.5)
    assert {measured["group_share_current", f"white={each}"].n for each in (0, 1)} == {307}
    with viewing(owner):
        evidence = Evidence.objects.get(kind="check:data_quality")
    assert (evidence.verdict, evidence.digest) == (result.verdict, result.sha256) == ("failed", result.sha256)
    assert "hrat" in sentence("quality", result.summary)
    told = json.loads(store.read(owner.organisation_id, result.sha256))
    assert told["inputs"].keys() == {"current", "reference", "version", "artefact"}
    page = sign_in(client, owner).get(f"/models/{model.pk}/checks/").content.decode()
    assert "Outside the range or the values: hrat" in page


def test_the_robustness_of_the_version_is_evidence_of_that_version(owner, client):
    things = loans(owner)
    result = answered(owner, things.model, things.dataset, "robustness")
    measured = figures(owner, result)
    assert {subject for metric, subject in measured if metric == "flips_missing"} == set(FEATURES)
    noise = measured["flips_noise", ""]
    assert noise.n == 307 and noise.low <= noise.value <= noise.high
    with viewing(owner):
        evidence = Evidence.objects.get(kind="check:robustness")
    assert (evidence.version_id, evidence.digest) == (things.version.pk, result.sha256)
    told = json.loads(store.read(owner.organisation_id, result.sha256))
    assert (told["seed"], told["rows"]) == (1, {"total": 307, "sampled": 307})
    page = sign_in(client, owner).get(f"/runs/{result.run_id}/").content.decode()
    assert "How many decisions turn when a feature is missing" in page


def test_without_a_threshold_there_is_no_decision_that_could_turn(owner):
    things = loans(owner)
    from governance.inventory.models import ModelVersion
    from governance.people.acting import acting

    with acting(owner, "version.added"):
        ModelVersion.objects.update(decision_threshold=None)
    result = answered(owner, things.model, things.dataset, "robustness")
    assert result.verdict == "not_run"
    assert "a decision threshold of the version" in sentence("robustness", result.summary)
