"""The child that measures: its answer comes back as JSON, and whatever befalls it befalls it alone."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from governance.people.models import Organisation
from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.engines.refusals import MissingColumns
from monitoring.runs import compute


@pytest.fixture
def check(monkeypatch):
    """Adds one more check to the register, as a file in monitoring/checks would."""

    def add(measure):
        monkeypatch.setitem(CHECKS, "tried", replace(CHECKS["drift"], key="tried", needs=(), measure=measure))
        return "tried"

    return add


def stay(percent: int, phase: str) -> bool:
    return True


def test_the_answer_comes_back_with_the_version_of_the_check(check):
    key = check(lambda inputs: {"seed": inputs.seed, "ours": os.getpid() != inputs.seed})
    assert compute.measured(key, Inputs(seed=7), stay) == {
        "seed": 7,
        "ours": True,
        "check_version": CHECKS[key].version,
    }


def test_a_refusal_is_an_answer(check):
    def measure(inputs):
        raise MissingColumns(["income"], "current")

    refused = {"refused": "missing_columns", "params": {"columns": ["income"], "where": "current"}}
    assert compute.measured(check(measure), Inputs(), stay) == refused


@pytest.mark.parametrize(
    ("measure", "cause"),
    [
        (lambda inputs: os._exit(3), "ended with code 3"),
        (lambda inputs: os.kill(os.getpid(), 9), "killed by signal 9"),
        (lambda inputs: {"much": len(bytearray(5 << 30))}, "MemoryError"),
        (lambda inputs: {}["nothing"], "KeyError"),
    ],
)
def test_a_child_that_dies_says_how(check, measure, cause):
    with pytest.raises(compute.Died, match=cause):
        compute.measured(check(measure), Inputs(), stay)


@pytest.mark.django_db
def test_the_child_holds_no_database(check, bank):
    with pytest.raises(compute.Died, match="OperationalError"):
        compute.measured(check(lambda inputs: {"n": Organisation.objects.count()}), Inputs(), stay)
    assert Organisation.objects.count() == 0  # our own connection lives; outside a scope it shows nothing


def test_progress_is_told_while_it_works(check):
    told: list[tuple[int, str]] = []

    def measure(inputs):
        inputs.progress(40, "scoring")
        time.sleep(1.5)
        return {}

    def listen(percent: int, phase: str) -> bool:
        told.append((percent, phase))
        return True

    compute.measured(check(measure), Inputs(), listen)
    assert told == [(40, "scoring")]


def test_a_child_whose_run_is_lost_is_ended(check):
    def measure(inputs):
        inputs.progress(1, "scoring")
        time.sleep(60)

    begun = time.monotonic()
    with pytest.raises(compute.Lost):
        compute.measured(check(measure), Inputs(), lambda percent, phase: False)
    assert time.monotonic() - begun < 10
