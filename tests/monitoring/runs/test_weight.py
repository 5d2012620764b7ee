"""The column of the weight: it has no other role, is kept and must hold numbers, and counts tell of no groups then."""

from __future__ import annotations

import io

import pytest

from governance.errors import RuleBroken
from governance.people.acting import viewing
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Dataset, Part, Window
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result
from monitoring.runs.words import sentence
from tests.factories import sign_in
from tests.monitoring.loans import FEATURES, SENSITIVE, _frame, a_model, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]
ROLES = {"features": ["income"], "sensitive": ["sex"], "prediction": "said", "weight": "stands_for"}
LINES = [f"{n},{'fm'[n % 2]},{n % 3 % 2},{1 + n % 4}" for n in range(200)]


def described(owner) -> Dataset:
    model = a_model(owner)
    a_version(owner, model, bare=True)
    return data.describe(by=owner, model=model, name="Sample", **ROLES)


def handed_in(owner, dataset: Dataset, lines: list[str]) -> Window:
    content = "\n".join(["income,sex,said,stands_for", *lines]).encode()
    said = {"name": "one", "part": "current", "file_name": "w.csv"}
    return data.add_window(by=owner, dataset=dataset, file=io.BytesIO(content), **said)


@pytest.mark.parametrize("taken", ["income", "sex", "said", "case", "day"])
def test_it_has_no_other_role(owner, taken):
    roles = {**ROLES, "identifier": "case", "time": "day", "weight": taken}
    with pytest.raises(RuleBroken) as refused:
        data.describe(by=owner, model=a_model(owner), name="Sample", **roles)
    assert [each.where for each in refused.value.problems] == ["weight"]


def test_it_is_kept_and_holds_numbers(owner):
    dataset = described(owner)
    with pytest.raises(RuleBroken) as refused:
        handed_in(owner, dataset, [*LINES, "1,f,1,many"])
    assert "many" in str(refused.value.problems[0].what)
    assert "stands_for" in [each["name"] for each in handed_in(owner, dataset, LINES).columns]


@pytest.mark.parametrize("weight", ["-1", ""])
def test_a_weight_below_nothing_or_missing_is_told_and_not_green(owner, weight):
    dataset = described(owner)
    handed_in(owner, dataset, [*LINES, f"1,f,1,{weight}"])
    result = answered(owner, dataset)
    assert result.verdict == "insufficient_data"
    assert "stands_for" in sentence("fairness", result.summary)


def test_a_plan_of_counts_leaves_the_groups_out(owner):
    dataset = described(owner)
    assert receiving.plan_of_counts(dataset, Part.REFERENCE)["sensitive"] == []


def test_the_form_takes_it(owner, client):
    model = a_model(owner)
    sent = {**ROLES, "name": "Sample", "features": "income", "sensitive": "sex", "favourable": "1"}
    answer = sign_in(client, owner).post(f"/models/{model.pk}/data/", sent)
    assert answer.status_code == 302
    with viewing(owner):
        assert Dataset.objects.get().weight == "stands_for"


def test_the_decisions_of_an_artefact_that_runs_here_are_weighed(owner):
    model = a_model(owner)
    a_version(owner, model)
    roles = {"features": FEATURES, "sensitive": SENSITIVE, "label": "approve", "weight": "stands_for"}
    dataset = data.describe(by=owner, model=model, name="Sample", **roles)
    rows = _frame("current")
    rows = rows.assign(stands_for=[1 + 2 * (n % 2) for n in range(len(rows))])
    said = {"name": "one", "part": "current", "file_name": "w.csv"}
    data.add_window(by=owner, dataset=dataset, file=io.BytesIO(rows.to_csv(index=False).encode()), **said)
    assert answered(owner, dataset).verdict != "insufficient_data"
    with viewing(owner):
        figures = {(each.metric, each.subject): each for each in Measurement.objects.all()}
    kish = int(rows.stands_for.sum() ** 2 / (rows.stands_for**2).sum())
    worth = figures["effective_rows", "stands_for"]
    assert (worth.value, worth.n) == (kish, len(rows)) and kish < len(rows)
    assert figures["selection_rate", ""].n == kish


def answered(owner, dataset: Dataset) -> Result:
    runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    for run in runs.start(by=owner, model=dataset.model):
        runs.work(run.pk)
    with viewing(owner):
        result: Result = Result.objects.select_related("run").get(run__check_key="fairness")
    return result
