"""A run that is called off ends without an answer: its child is killed, and what the schedule wanted is missing."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F

from governance.errors import NotAllowed, OutOfOrder
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import answers, cancelling, claims, compute, queries, telling
from monitoring.runs import services as runs
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Finding, Result, Run
from tests.factories import sign_in
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import a_period, answer, due_run, on_record, run_of
from tests.monitoring.runs.test_claims import children, worker_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(owner) -> Loans:
    """Drift is planned, and its data are there."""
    things = on_record(owner)
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    return things


def drift(owner: Actor) -> Run:
    return run_of(owner, "drift", "current")


def latest(owner: Actor, things: Loans) -> queries.Answer | None:
    with viewing(owner):
        return next(each for each in queries.board(things.model).asked if each.check.key == "drift").latest


def days_pass(owner: Actor, days: int) -> None:
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        passed = timedelta(days=days)
        times = ("scheduled_at", "asked_at", "due_at", "finished_at")
        Run.objects.update(**{at: F(at) - passed for at in times})


def test_a_scheduled_run_that_is_cancelled_is_a_finding_and_not_green(owner, validator, watched):
    runs.catch_up(owner.organisation_id)
    run = runs.cancel(by=validator, run=drift(owner))
    assert (run.status, run.error, run.is_finished) == ("cancelled", "cancelled", True)
    with viewing(owner):
        finding = Finding.objects.get()
        assert (finding.kind, finding.severity, finding.run_id) == ("not_run", "amber", run.pk)
        assert "cancelled this run" in telling.found(finding)
    shown = latest(owner, watched)
    assert shown.status == "not_run" and "cancelled this run" in shown.sentence
    runs.catch_up(owner.organisation_id)
    assert drift(owner).pk == run.pk, "it is not asked again before its next tick"
    days_pass(owner, 8)
    runs.catch_up(owner.organisation_id)
    assert drift(owner).pk != run.pk


def test_an_answer_of_the_next_run_closes_what_was_cancelled(owner, watched):
    runs.catch_up(owner.organisation_id)
    runs.cancel(by=owner, run=drift(owner))
    runs.start(by=owner, model=watched.model)
    answer(drift(owner), "passed")
    a_period(owner, watched.dataset, "december")
    runs.catch_up(owner.organisation_id)
    answer(run_of(owner, "drift", "december"), "passed")
    with viewing(owner):
        assert not Finding.objects.open().exists()


def test_what_a_person_asked_for_besides_changes_no_tick_and_hides_no_answer(owner, watched):
    runs.catch_up(owner.organisation_id)
    scheduled = drift(owner)
    answer(scheduled, "passed")
    days_pass(owner, 3)
    runs.start(by=owner, model=watched.model)
    extra = runs.cancel(by=owner, run=drift(owner))
    assert extra.pk != scheduled.pk and not extra.is_scheduled
    assert latest(owner, watched).status == "passed"
    with viewing(owner):
        assert not Finding.objects.exists()
    days_pass(owner, 3)
    runs.catch_up(owner.organisation_id)
    assert drift(owner).pk == extra.pk
    days_pass(owner, 1)
    runs.catch_up(owner.organisation_id)
    third = drift(owner)
    assert third.pk not in (extra.pk, scheduled.pk) and third.is_scheduled


TEMPLATE = b"monitoring.sandbox.template"
"""The sandbox starts it when it is first asked, and it stays: it is nobody's computation."""


@pytest.mark.usefixtures("preloaded")
def test_the_child_is_killed_at_the_next_beat_and_a_late_answer_is_refused(owner, tmp_path):
    _things, run = due_run(owner, "explanation")
    claim = claims.take(worker_of(owner), run.pk)
    before = children()
    os.mkfifo(tmp_path / "never")  # whoever reads it waits for ever, as in a long computation

    def beat(progress: int, phase: str) -> bool:
        cancelling.cancel(by=owner, run=run)
        return claims.renew(claim, progress, phase)

    with pytest.raises(compute.Lost):
        compute.measured("explanation", replace(inputs_of(claim.run), current=tmp_path / "never"), beat)
    left = {
        each for each in children() - before if TEMPLATE not in Path(f"/proc/{each}/cmdline").read_bytes()
    }
    assert left == set()
    assert answers.finish(claim, {"withdrawn": "window"}) is None
    claims.give_back(claim, "late")
    assert claims.take(worker_of(owner), run.pk) is None
    with viewing(owner):
        assert Run.objects.get().status == "cancelled" and not Result.objects.exists()


def test_who_may_not_ask_may_not_cancel(owner, administrator, stranger, watched):
    runs.catch_up(owner.organisation_id)
    for who in (administrator, stranger):
        with pytest.raises((NotAllowed, Run.DoesNotExist)):
            runs.cancel(by=who, run=drift(owner))
    assert drift(owner).status == "due"


def test_what_has_ended_is_not_cancelled(owner, watched):
    runs.catch_up(owner.organisation_id)
    answer(drift(owner), "passed")
    with pytest.raises(OutOfOrder):
        runs.cancel(by=owner, run=drift(owner))
    assert drift(owner).status == "done"


def test_the_button_and_the_call_of_a_program(owner, administrator, bank, stranger, watched, client):
    runs.start(by=owner, model=watched.model)
    run = drift(owner)
    sign_in(client, administrator)
    assert "Cancel this run" not in client.get(f"/runs/{run.pk}/").content.decode()
    assert client.post(f"/runs/{run.pk}/cancel/").status_code == 403
    sign_in(client, owner)
    assert "Cancel this run" in client.get(f"/runs/{run.pk}/").content.decode()
    assert client.post(f"/runs/{run.pk}/cancel/").status_code == 302
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert "Somebody cancelled this run" in page and "Cancel this run" not in page
    runs.start(by=owner, model=watched.model)
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["windows:write"], days=1
    )
    call = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    done = client.post(f"/api/v1/runs/{drift(owner).pk}/cancel", **call)
    assert (done.status_code, done.json()["status"], done.json()["verdict"]) == (200, "cancelled", None)
    assert client.post(f"/api/v1/runs/{drift(owner).pk}/cancel", **call).status_code == 409
