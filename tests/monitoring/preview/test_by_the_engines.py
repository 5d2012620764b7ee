"""What a preview says of results that the engines measured is what they measure once the limit is set."""

from __future__ import annotations

import pytest
import yaml
from django.utils import timezone

from governance.people.acting import viewing
from monitoring.checks import CHECKS
from monitoring.engines.preload import preload
from monitoring.preview.candidates import from_file, one
from monitoring.preview.turning import preview
from monitoring.runs import services as runs
from monitoring.runs.models import Result, Run
from tests.monitoring.loans import OF_ROWS, loans

pytestmark = pytest.mark.django_db


def answered(owner, model):
    runs.start(by=owner, model=model)
    with viewing(owner):
        ids = list(Run.objects.filter(model=model, result=None).values_list("pk", flat=True))
    for run_id in ids:
        runs.work(run_id)
    with viewing(owner):
        newest = Result.objects.filter(model=model).order_by("at").select_related("run")
        return {each.run.check_key: each.verdict for each in newest}


def tried(actor, candidate):
    with viewing(actor):
        found = preview(by=actor, candidate=candidate, now=timezone.now())
    assert found.answers
    return {each.run.check_key: each.now for each in found.checks}


def test_the_same_limits_say_the_same_and_another_one_says_what_the_next_run_will(owner, validator):
    preload()
    things = loans(owner)
    runs.set_default_plans(by=owner, dataset=things.dataset)
    before = answered(owner, things.model)
    usual = {"tiers": {1: {key: check.default_limits for key, check in CHECKS.items()}}}

    assert set(before) == set(OF_ROWS)
    assert tried(validator, from_file(yaml.safe_dump(usual).encode())) == {}
    stricter = tried(validator, one("drift", "feature_score", 0.01))
    assert stricter == {"drift": "failed"} and before["drift"] == "amber"

    limits = {"feature_score": 0.01}
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits=limits, reason="as agreed")
    assert answered(owner, things.model)["drift"] == stricter["drift"]
