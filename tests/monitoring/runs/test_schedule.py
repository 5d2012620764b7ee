"""The schedule at work: blackouts, free days, missed ticks left out, and evidence that is renewed before it lapses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from governance.errors import RuleBroken
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.blackouts import services as blackouts
from monitoring.blackouts.models import Blackout
from monitoring.blackouts.rules import ALMATY, open_from
from monitoring.data.models import Window
from monitoring.runs import claims, telling
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Plan, Result, Run
from monitoring.runs.schedules import Schedule
from tests.factories import sign_in
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import a_period, answer, on_record, run_of

pytestmark = pytest.mark.django_db

PLAIN = Schedule()


@pytest.fixture
def things(owner) -> Loans:
    things = on_record(owner)
    a_period(owner, things.dataset, "current")
    return things


def plan(owner: Actor, things: Loans, *, every: int = 7, schedule: Schedule = PLAIN) -> Plan:
    return runs.set_plan(
        by=owner,
        dataset=things.dataset,
        check_key="drift",
        every_days=every,
        schedule=schedule,
        reason="As we need it.",
    )


def freeze(by: Actor, bank, days: float = 3) -> Blackout:
    now = timezone.now()
    return blackouts.declare(
        by=by, organisation=bank, reason="The freeze", starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(days=days),
    )  # fmt: skip


def days_pass(owner: Actor, days: float) -> None:
    """Everything that has happened so far happened that much earlier."""
    passed = timedelta(days=days)
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        moments = ("scheduled_at", "tick_at", "asked_at", "due_at", "finished_at")
        Run.objects.update(**{at: F(at) - passed for at in moments})
        Result.objects.update(at=F("at") - passed)
        Plan.objects.update(set_at=F("set_at") - passed)
        Window.objects.update(uploaded_at=F("uploaded_at") - passed)
        Blackout.objects.update(starts_at=F("starts_at") - passed, ends_at=F("ends_at") - passed)
        Evidence.objects.update(taken_at=F("taken_at") - passed, valid_until=F("valid_until") - passed)


def count(owner: Actor) -> int:
    with viewing(owner):
        return Run.objects.count()


def test_in_a_blackout_the_schedule_asks_nothing_and_after_it_once(owner, validator, bank, things):
    plan(owner, things)
    freeze(validator, bank)
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)
    assert count(owner) == 0
    days_pass(owner, 3)
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)
    assert count(owner) == 1
    run = run_of(owner, "drift", "current")
    assert run.moved["because"] and run.tick_at < run.scheduled_at
    with viewing(owner):
        assert not Finding.objects.exists(), "what waited for the end of a blackout is not late"


def test_a_person_s_question_runs_in_a_blackout(owner, validator, bank, things):
    plan(owner, things)
    freeze(validator, bank)
    [run] = runs.start(by=owner, model=things.model)
    claim = claims.take(Actor.system("checks worker", owner.organisation_id), run.pk)
    assert claim is not None


def test_what_waits_in_line_when_a_blackout_begins_waits_for_its_end(owner, validator, bank, things):
    plan(owner, things)
    runs.catch_up(owner.organisation_id)
    run, worker = run_of(owner, "drift", "current"), Actor.system("checks worker", owner.organisation_id)
    blackout = freeze(validator, bank)
    assert claims.take(worker, run.pk) is None, "even before the next sweep"
    runs.catch_up(owner.organisation_id)
    held = run_of(owner, "drift", "current")
    assert held.due_at == held.scheduled_at == blackout.ends_at
    blackouts.lift(by=validator, blackout=blackout, reason="Over sooner.")
    runs.catch_up(owner.organisation_id)
    assert claims.take(worker, run.pk) is not None and count(owner) == 1


def test_what_a_person_asks_for_is_taken_out_of_the_line_that_waits(owner, validator, bank, things):
    plan(owner, things)
    runs.catch_up(owner.organisation_id)
    freeze(validator, bank)
    runs.catch_up(owner.organisation_id)
    [run] = runs.start(by=owner, model=things.model)
    assert claims.take(Actor.system("checks worker", owner.organisation_id), run.pk) is not None


def test_blackouts_of_another_organisation_move_nothing(owner, things, stranger):
    plan(owner, things)
    now = timezone.now()
    with acting(Actor.system("tests", stranger.organisation_id), "test.arranged"):
        Blackout.objects.create(
            organisation_id=stranger.organisation_id, reason="Theirs", starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=1), declared_by_id=stranger.user_id,
        )  # fmt: skip
    runs.catch_up(owner.organisation_id)
    assert count(owner) == 1


def test_a_plan_for_working_days_looks_at_what_is_new_on_any_day_and_comes_again_on_working_days_alone(
    owner, things
):
    plan(owner, things, schedule=Schedule(working_days_only=True))
    runs.catch_up(owner.organisation_id)
    assert count(owner) == 1
    answer(run_of(owner, "drift", "current"), "passed")
    days_pass(owner, 7)
    runs.catch_up(owner.organisation_id)
    now = timezone.now().astimezone(ALMATY)
    is_open = open_from(now, (), working_days_only=True).at == now
    assert count(owner) == 1 + int(is_open)


def test_a_plan_that_leaves_out_what_was_missed_says_so_and_waits(owner, things):
    plan(owner, things, schedule=Schedule("skip"))
    runs.catch_up(owner.organisation_id)
    answer(run_of(owner, "drift", "current"), "passed")
    days_pass(owner, 16)
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)
    assert count(owner) == 1
    with viewing(owner):
        finding = Finding.objects.get(kind="tick_missed")
        said = telling.found(finding)
    assert finding.severity == "red" and "2 times were missed" in said and "leaves missed times out" in said
    days_pass(owner, 5)
    runs.catch_up(owner.organisation_id)
    assert count(owner) == 2
    run = run_of(owner, "drift", "current")
    assert run.moved["skipped"] == 2
    answer(run, "passed")
    with viewing(owner):
        assert Finding.objects.get(kind="tick_missed").closing["cause"] == "caught_up"


def on_file(owner: Actor, run: Run, *, days: int) -> None:
    """The run gave evidence that counts for so many days more."""
    obligations.record(
        by=Actor.system("checks worker", owner.organisation_id), organisation_id=run.organisation_id,
        model_id=run.model_id, version_id=run.version_id, kind="check:drift", verdict="passed",
        source=f"plan:{run.plan_id}", source_id=run.pk, digest="0" * 64, taken_at=timezone.now(),
        valid_until=timezone.localdate() + timedelta(days=days), summary={},
    )  # fmt: skip


def test_evidence_about_to_lapse_is_renewed_exactly_once(owner, things):
    plan(owner, things, every=30, schedule=Schedule(renew_days=5))
    runs.catch_up(owner.organisation_id)
    first = run_of(owner, "drift", "current")
    answer(first, "passed")
    on_file(owner, first, days=20)
    runs.catch_up(owner.organisation_id)
    days_pass(owner, 14)
    runs.catch_up(owner.organisation_id)
    assert count(owner) == 1
    days_pass(owner, 1)
    for _sweep in range(3):
        runs.catch_up(owner.organisation_id)
    assert count(owner) == 2
    renewed = run_of(owner, "drift", "current")
    assert renewed.moved["because"] == ["renewal"]
    answer(renewed, "insufficient_data")
    for _day in range(3):
        days_pass(owner, 1)
        runs.catch_up(owner.organisation_id)
    assert count(owner) == 2, "that it did not help is no reason to ask every day"
    days_pass(owner, 12)
    runs.catch_up(owner.organisation_id)
    assert count(owner) == 3, "the tick itself stays where it was"


def test_without_renewal_days_nothing_is_renewed(owner, things):
    plan(owner, things, every=30)
    runs.catch_up(owner.organisation_id)
    first = run_of(owner, "drift", "current")
    answer(first, "passed")
    on_file(owner, first, days=3)
    days_pass(owner, 2)
    runs.catch_up(owner.organisation_id)
    assert count(owner) == 1


def test_another_schedule_than_the_proposed_one_needs_a_reason(owner, things):
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(
            by=owner, dataset=things.dataset, check_key="drift", schedule=Schedule("skip", renew_days=91)
        )
    assert {problem.where for problem in refused.value.problems} == {"reason", "renew_days"}
    usual = runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    assert usual.schedule == Schedule("once", False, 3)


def test_the_form_sets_the_schedule_and_the_page_keeps_every_plan_with_who_and_why(owner, things, client):
    sign_in(client, owner)
    page = f"/datasets/{things.dataset.pk}/checks/drift/"
    form = client.get(page).context["form"]
    said = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    said |= {"missed_ticks": "skip", "working_days_only": "yes", "renew_days": 9, "reason": "Our policy 7"}
    assert client.post(page, said).status_code == 302
    with viewing(owner):
        assert Plan.objects.get(ended_at=None).schedule == Schedule("skip", True, 9)
    shown = client.get(page).content.decode()
    assert "Our policy 7" in shown and "All plans so far" in shown
    assert client.post(page, {**said, "renew_days": 91}).status_code == 422


def test_page_and_api_say_when_it_is_asked_next_and_why_it_moved(owner, validator, bank, things, client):
    plan(owner, things)
    freeze(validator, bank)
    sign_in(client, owner)
    assert (
        "Moved out of a blackout: The freeze"
        in client.get(f"/models/{things.model.pk}/checks/").content.decode()
    )
    page = client.get(f"/datasets/{things.dataset.pk}/checks/drift/").content.decode()
    assert "Moved out of a blackout: The freeze" in page


def test_the_api_reads_plans_and_blackouts(owner, validator, bank, things, client):
    from governance.people import services as people
    from tests import factories

    plan(owner, things)
    blackout = freeze(validator, bank)
    administrator = factories.join(bank, "administrator", email="ci@bank.example")
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=1
    )
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    [told] = client.get(f"/api/v1/models/{things.model.pk}/plans", headers=headers).json()
    assert (told["check"], told["every_days"], told["missed_ticks"]) == ("drift", 7, "once")
    assert told["following"][0]["because"] == ["Moved out of a blackout: The freeze"]
    [closed] = client.get("/api/v1/blackouts", headers=headers).json()
    assert (closed["id"], closed["reason"]) == (str(blackout.pk), "The freeze")
