"""Runs over data periods that are counts instead of rows."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, FindingKind, Run
from monitoring.runs.words import sentence
from tests.monitoring.counting.files import counted
from tests.monitoring.loans import a_dataset, a_model, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def test_checks_answer_from_counts_and_those_that_need_rows_say_so(owner, tmp_path):
    dataset = a_dataset(owner, a_model(owner), sensitive=["white"])
    a_version(owner, dataset.model)
    with viewing(owner):
        runs.set_default_plans(by=owner, dataset=dataset)
    for part, document in counted(tmp_path).items():
        file = BytesIO(json.dumps(document).encode())
        data.add_window(by=owner, dataset=dataset, name=part, part=part, file=file, file_name=f"{part}.json")
    for run in runs.start(by=owner, model=dataset.model):
        runs.work(run.pk)

    with viewing(owner):
        results = {run.check_key: run.result for run in Run.objects.select_related("result")}
        assert {key: each.verdict for key, each in results.items()} == {
            "drift": "amber",
            "explanation": "not_run",
            "fairness": "failed",  # as from the rows
            "quality": "not_run",
            "robustness": "not_run",
        }
        said = sentence("explanation", results["explanation"].summary)
        assert said == "This check reads rows, and the data period was handed in as counts. Nothing was run."
        assert Finding.objects.filter(kind=FindingKind.NOT_RUN).count() == 3
