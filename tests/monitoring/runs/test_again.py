"""What gave no answer is asked again by a person, however old its data; what waits is put first in line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.blackouts import services as blackouts
from monitoring.data.models import Window
from monitoring.runs import claims, lining, telling
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Run
from tests.factories import sign_in
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import a_period, answer, on_record, run_of
from tests.monitoring.runs.test_claims import worker_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(owner) -> Loans:
    """January was asked by the schedule and given up; February came after it."""
    things = on_record(owner)
    a_period(owner, things.dataset, "january", ends_on=date(2026, 1, 31))
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    runs.catch_up(owner.organisation_id)
    a_period(owner, things.dataset, "february", ends_on=date(2026, 2, 28))
    claims.park(worker_of(owner), run_of(owner, "drift", "january"), "died")
    runs.catch_up(owner.organisation_id)
    return things


def january(owner: Actor) -> Run:
    return run_of(owner, "drift", "january")


def closed(owner: Actor) -> list[tuple[str, str, str]]:
    with viewing(owner):
        there = Finding.objects.filter(kind="not_run").select_related("window")
        return [(each.window.name, each.severity, each.closing.get("cause", "")) for each in there]


def test_only_an_answer_of_the_same_period_closes_what_could_not_run_as_answered(owner, watched):
    answer(run_of(owner, "drift", "february"), "passed")
    assert closed(owner) == [("january", "red", "answered_later")]
    with viewing(owner):
        assert "this one never was" in telling.closed(Finding.objects.get().closing)


def test_an_older_period_is_asked_again_over_the_same_data(owner, watched):
    failed = january(owner)
    asked = runs.ask_again(by=owner, run=failed)
    inputs = ("plan_id", "version_id", "window_id", "reference_id", "labels_id")
    assert asked.pk != failed.pk
    assert [getattr(asked, name) for name in inputs] == [getattr(failed, name) for name in inputs]
    assert (asked.status, asked.priority, asked.requested_by_id) == ("due", 0, owner.user_id)
    assert asked.scheduled_at == asked.asked_at and asked.grid == asked.scheduled_at
    with viewing(owner):
        assert lining.first(owner.organisation_id).pk == asked.pk
    answer(asked, "passed")
    assert closed(owner) == [("january", "red", "answered")]
    with pytest.raises(OutOfOrder, match="answered since"):
        runs.ask_again(by=owner, run=failed)


def test_the_same_question_is_asked_once_at_a_time_and_again_after_it_failed_again(owner, watched):
    failed = january(owner)
    second = runs.ask_again(by=owner, run=failed)
    with pytest.raises(OutOfOrder, match="under way"):
        runs.ask_again(by=owner, run=failed)
    runs.cancel(by=owner, run=second)
    third = runs.ask_again(by=owner, run=failed)
    assert third.pk not in (failed.pk, second.pk) and third.status == "due"


def test_what_no_longer_stands_is_not_asked_again(owner, watched):
    failed = january(owner)
    with pytest.raises(OutOfOrder, match="could not run or was cancelled"):
        runs.ask_again(by=owner, run=run_of(owner, "drift", "february"))
    with acting(worker_of(owner), "test.arranged"):
        Window.objects.filter(name="january").update(erased_at=timezone.now())
    with pytest.raises(OutOfOrder, match="erased"):
        runs.ask_again(by=owner, run=failed)
    with acting(worker_of(owner), "test.arranged"):
        Window.objects.filter(name="january").update(
            erased_at=None, withdrawn_at=timezone.now(), withdrawn_reason="By mistake"
        )
    with pytest.raises(OutOfOrder, match="withdrawn"):
        runs.ask_again(by=owner, run=failed)
    runs.set_plan(by=owner, dataset=watched.dataset, check_key="drift", every_days=1)
    with pytest.raises(OutOfOrder, match="plan"):
        runs.ask_again(by=owner, run=failed)
    with viewing(owner):
        assert Run.objects.filter(window__name="january").count() == 1


def test_one_waiting_run_is_put_before_the_others(owner, watched):
    things = on_record(owner, number="M-0002")
    a_period(owner, things.dataset, "march")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    runs.catch_up(owner.organisation_id)
    with acting(worker_of(owner), "test.arranged"):
        Run.objects.filter(window__name="february").update(
            priority=1, due_at=F("due_at") - timedelta(hours=1)
        )
    with viewing(owner):
        assert lining.first(owner.organisation_id).pk == run_of(owner, "drift", "february").pk
    hastened = runs.put_next(by=owner, run=run_of(owner, "drift", "march"))
    assert (hastened.priority, hastened.requested_by_id) == (0, None)
    with viewing(owner):
        assert lining.first(owner.organisation_id).pk == hastened.pk
    with pytest.raises(OutOfOrder, match="already"):
        runs.put_next(by=owner, run=hastened)
    with pytest.raises(OutOfOrder, match="not waiting"):
        runs.put_next(by=owner, run=january(owner))


def test_no_blackout_holds_up_what_was_put_first(owner, validator, bank, watched):
    now = timezone.now()
    said = {"starts_at": now - timedelta(minutes=1), "ends_at": now + timedelta(days=3)}
    blackouts.declare(by=validator, organisation=bank, reason="Freeze", **said)
    runs.catch_up(owner.organisation_id)
    february = run_of(owner, "drift", "february")
    assert claims.take(worker_of(owner), february.pk) is None
    runs.put_next(by=owner, run=february)
    assert claims.take(worker_of(owner), february.pk) is not None


def test_who_may_not_ask_changes_nothing(owner, administrator, stranger, watched):
    for who in (administrator, stranger):
        for verb, of in ((runs.ask_again, "january"), (runs.put_next, "february")):
            with pytest.raises((NotAllowed, ObjectDoesNotExist)):
                verb(by=who, run=run_of(owner, "drift", of))
    with viewing(owner):
        assert Run.objects.count() == 2 and not Run.objects.filter(priority=0).exists()


def test_the_buttons_and_the_calls_of_a_program(owner, administrator, bank, watched, client):
    failed, waiting = january(owner), run_of(owner, "drift", "february")
    sign_in(client, administrator)
    assert "Ask again" not in client.get(f"/runs/{failed.pk}/").content.decode()
    assert "Next in line" not in client.get(f"/runs/{waiting.pk}/").content.decode()
    assert client.post(f"/runs/{failed.pk}/again/").status_code == 403
    sign_in(client, owner)
    assert "Ask again" in client.get(f"/runs/{failed.pk}/").content.decode()
    assert "Next in line" in client.get(f"/runs/{waiting.pk}/").content.decode()
    assert client.post(f"/runs/{waiting.pk}/next/").status_code == 302
    assert "Next in line" not in client.get(f"/runs/{waiting.pk}/").content.decode()
    assert client.post(f"/runs/{failed.pk}/again/").status_code == 302
    page = client.get(f"/runs/{failed.pk}/").content.decode()
    assert "Ask again" not in page and "under way already" in page
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["windows:write"], days=1
    )
    call = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.post(f"/api/v1/runs/{waiting.pk}/next", **call).status_code == 409
    runs.cancel(by=owner, run=waiting)
    done = client.post(f"/api/v1/runs/{waiting.pk}/again", **call)
    assert (done.status_code, done.json()["status"], done.json()["window"]) == (202, "due", "february")
    assert client.post(f"/api/v1/runs/{waiting.pk}/again", **call).status_code == 409
