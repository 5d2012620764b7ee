"""What the check of an order log found stands in the pack, with the roles of its columns, and verifies offline."""

from __future__ import annotations

import json

import pytest

from governance.people.acting import viewing
from monitoring.engines.preload import preload
from monitoring.runs import services as runs
from monitoring.runs.models import Result
from tests.audits.packs.conftest import made, unpacked, verified
from tests.monitoring.engines import order_logs
from tests.monitoring.loans import a_model, a_version
from tests.monitoring.logs import hand_in, order_log

pytestmark = pytest.mark.django_db


def test_an_order_log_and_its_answer_stand_in_the_pack(owner, tmp_path):
    preload()
    model = a_model(owner)
    a_version(owner, model, bare=True)
    dataset = order_log(owner, model)
    hand_in(owner, dataset, order_logs.as_csv(order_logs.busy(days=3)))
    runs.set_default_plans(by=owner, dataset=dataset)
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    with viewing(owner):
        result = Result.objects.get(run=run)

    folder = unpacked(made(owner, model), tmp_path)

    assert verified(folder).returncode == 0
    [stored] = folder.rglob(f"{result.sha256}.json")
    assert json.loads(stored.read_text())["kills"]["n"] == 1
    told = "".join(each.read_text() for each in folder.rglob("*.jsonl"))
    assert '"kill_seconds"' in told and '"log_columns"' in told and '"ref_px"' in told
