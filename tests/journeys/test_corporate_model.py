"""A bank's model of corporate default on 400 Kazakh borrowers: no people to compare, and an economy that has moved.

The data are the regulator's (`ares-kz`, `AFR`). What 400 borrowers and 61 quarters can answer stands in
docs/decisions/2026-11-22-few-rows-of-the-corporate-model.md.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from governance.demo.cast import BANK, REGISTER
from governance.demo.corporate.answers import NO_PERSONS
from governance.demo.corporate.story import QUARTERS, TENGE, VERSION, play
from governance.demo.proofs import figure
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.runs.models import Run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


@pytest.fixture(scope="module")
def story(senim) -> Any:
    senim.tell("CI registers a model by itself")  # the bank's first two models have their numbers
    return senim.play(play)


def test_fairness_is_not_applicable_with_the_second_lines_reason(senim, story):
    with senim.database(), viewing(REGISTER):
        kept = Evidence.objects.filter(model_id=UUID(story.model_id), kind="check:fairness")
        told = [(each.verdict, each.summary["reason"], each.summary["approved_by"]) for each in kept]

    assert told == [("not_applicable", NO_PERSONS, BANK.part("validator").name)]


def test_fairness_is_never_run_and_never_green(senim, story):
    with senim.database(), viewing(REGISTER):
        assert not Run.objects.filter(model_id=UUID(story.model_id), check_key="fairness").exists()
        verdicts = Evidence.objects.filter(model_id=UUID(story.model_id), kind="check:fairness")
        assert "passed" not in verdicts.values_list("verdict", flat=True)


def test_the_explanation_runs_on_its_artefact(story):
    run = story.verdicts[VERSION]["explanation"]

    assert (run["status"], run["verdict"]) == ("done", "passed")


def test_its_performance_is_judged_on_rows_it_was_not_trained_on(story):
    run = story.verdicts[VERSION]["performance"]

    assert figure(run, "accuracy_reference", "")["n"] == 100
    assert 0.75 < figure(run, "accuracy_reference", "")["value"] < 0.9


def test_22_quarters_are_too_few_and_not_green(story):
    assert story.drifts[QUARTERS]["verdict"] == "insufficient_data"


def test_the_tenge_has_drifted_for_real(story):
    level, change = (figure(story.drifts[TENGE], "wasserstein", name) for name in ("level", "change"))

    assert story.drifts[TENGE]["verdict"] == "failed"
    assert level["low"] > 5 * level["limit"]
    assert change["verdict"] == "passed"
