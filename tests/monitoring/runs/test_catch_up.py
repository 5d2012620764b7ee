"""What is due is asked once, rung for until somebody works on it, and asked again when its time has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.data import services as data
from monitoring.runs import services as runs
from monitoring.runs.models import Plan, Run, RunLease
from tests.monitoring.loans import OF_ROWS, Loans, a_version, a_window, loans

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(owner) -> Loans:
    things = loans(owner)
    runs.set_default_plans(by=owner, dataset=things.dataset)
    return things


def asked(owner: Actor) -> set[tuple[str, str, str, str | None]]:
    """(check, version, data period, reference) of every run."""
    with viewing(owner):
        return {
            (run.check_key, run.version.label, run.window.name, run.reference.name if run.reference else None)
            for run in Run.objects.select_related("version", "window", "reference")
        }


def days_pass(owner: Actor, days: int) -> None:
    """Every run so far was asked and answered that much earlier."""
    passed = timedelta(days=days)
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Run.objects.filter(status="due").update(status="done", finished_at=F("asked_at"))
        Run.objects.update(
            **{at: F(at) - passed for at in ("scheduled_at", "asked_at", "due_at", "finished_at")}
        )


def test_every_plan_is_asked_of_every_version_that_stands(planned, owner):
    a_version(owner, planned.model, "2.0")
    gone = a_version(owner, planned.model, "0.9")
    inventory.withdraw_version(by=owner, version=gone)
    runs.catch_up(owner.organisation_id)
    assert asked(owner) == {
        (
            check,
            version,
            "current",
            "reference" if CHECKS[check].takes_reference or "reference" in CHECKS[check].needs else None,
        )
        for check in OF_ROWS
        for version in ("1.0", "2.0")
    }


def test_a_second_sweep_asks_nothing(planned, owner):
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        before = AIModel.objects.get().revision, Run.objects.count()
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert (AIModel.objects.get().revision, Run.objects.count()) == before


def test_a_new_data_period_is_asked_about(planned, owner):
    runs.catch_up(owner.organisation_id)
    a_window(owner, planned.dataset, "current", name="december")
    runs.catch_up(owner.organisation_id)
    assert {window for _check, _version, window, _reference in asked(owner)} == {"current", "december"}


def test_a_withdrawn_data_period_is_not_asked_about(planned, owner):
    data.withdraw_window(by=owner, window=planned.windows["current"], reason="wrong month")
    runs.catch_up(owner.organisation_id)
    assert asked(owner) == set()


def test_what_compares_waits_for_its_reference(planned, owner):
    data.withdraw_window(by=owner, window=planned.windows["reference"], reason="wrong month")
    runs.catch_up(owner.organisation_id)
    assert {check for check, *_rest in asked(owner)} == {"explanation", "fairness", "robustness"}


def test_a_draft_is_not_asked(planned, owner):
    with acting(owner, "model.edited"):
        AIModel.objects.update(status="draft")
    runs.catch_up(owner.organisation_id)
    assert asked(owner) == set()


def test_the_question_is_asked_again_after_its_period(planned, owner):
    """Nobody has graded the model: drift, performance, quality and explanation weekly, the two others monthly."""
    runs.catch_up(owner.organisation_id)
    for days, count in ((6, 6), (1, 10), (22, 14), (1, 16)):
        days_pass(owner, days)
        runs.catch_up(owner.organisation_id)
        runs.catch_up(owner.organisation_id)
        with viewing(owner):
            assert Run.objects.count() == count


def test_a_changed_plan_is_asked_anew(planned, owner):
    runs.catch_up(owner.organisation_id)
    runs.set_plan(by=owner, dataset=planned.dataset, check_key="fairness", every_days=7)
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert Plan.objects.filter(check_key="fairness").count() == 2
        assert Run.objects.filter(check_key="fairness").count() == 2


def test_asking_twice_by_hand_starts_nothing_twice(planned, owner):
    first = {run.pk for run in runs.start(by=owner, model=planned.model)}
    assert {run.pk for run in runs.start(by=owner, model=planned.model)} == first


def test_the_bell_rings_for_what_waits_but_not_at_every_sweep(
    planned, owner, settings, django_capture_on_commit_callbacks
):
    settings.SENIM_BELL = "governance.config.sweep.ring"
    rings = []
    for _sweep in range(2):
        with django_capture_on_commit_callbacks() as callbacks:
            runs.catch_up(owner.organisation_id)
        rings.append(
            sum(
                each.func.__name__ == "_ring" and each.func.__module__.endswith("dispatch")
                for each in callbacks
            )
        )
    assert rings == [2, 0], "as many as there are slots, of those that wait"
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        RunLease.objects.update(rung_at=timezone.now() - timedelta(seconds=31))
    with django_capture_on_commit_callbacks() as callbacks:
        runs.catch_up(owner.organisation_id)
    assert len([each for each in callbacks if each.func.__module__.endswith("dispatch")]) == 2
