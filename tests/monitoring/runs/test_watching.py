"""What time brings: a check that is late, data that do not arrive, a version that was replaced, an answer that grew old."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from governance.approvals.models import ApprovalRequest, Authorisation, Decision
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.risk.models import RiskAssessment
from monitoring.data.models import Dataset, Window
from monitoring.runs import services as runs
from monitoring.runs import telling
from monitoring.runs.models import Finding, Plan, Result, Run
from monitoring.runs.queries import board
from tests.factories import sign_in
from tests.monitoring.loans import Loans, a_version
from tests.monitoring.runs.conftest import a_period, answer, on_record, run_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(owner) -> Loans:
    """Drift is asked weekly, has been asked and has passed."""
    things = on_record(owner)
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    runs.catch_up(owner.organisation_id)
    answer(run_of(owner, "drift", "current"), "passed")
    return things


def days_pass(owner: Actor, days: float) -> None:
    """Everything that has happened so far happened that much earlier."""
    passed = timedelta(days=days)
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Run.objects.update(
            **{at: F(at) - passed for at in ("scheduled_at", "asked_at", "due_at", "finished_at")}
        )
        Result.objects.update(at=F("at") - passed)
        Plan.objects.update(set_at=F("set_at") - passed)
        Window.objects.update(uploaded_at=F("uploaded_at") - passed)


def open_findings(owner: Actor) -> dict[str, tuple[str, str]]:
    with viewing(owner):
        return {each.kind: (each.severity, telling.found(each)) for each in Finding.objects.open()}


def asked(owner: Actor, things: Loans):
    with viewing(owner):
        return next(each for each in board(things.model).asked if each.check.key == "drift")


def test_a_check_that_nobody_asked_for_a_while_is_a_finding_until_it_has_run(watched, owner):
    days_pass(owner, 16)  # workers and clock were down over two ticks
    runs.catch_up(owner.organisation_id)
    severity, said = open_findings(owner)["tick_missed"]
    assert severity == "red" and "2 times were missed" in said
    late = run_of(owner, "drift", "current")
    assert timezone.now() - late.scheduled_at > timedelta(days=8.9)
    answer(late, "passed")
    with viewing(owner):
        assert Finding.objects.get(kind="tick_missed").closing == {"cause": "caught_up", "run": str(late.pk)}
    timing = asked(owner, watched).timing
    assert (timing.missed, timing.missing) == (2, 0)
    assert timing.next_due - late.scheduled_at == timedelta(days=14)


def test_a_check_whose_worker_is_dead_is_a_finding_too(watched, owner):
    days_pass(owner, 7)
    runs.catch_up(owner.organisation_id)
    assert open_findings(owner) == {}
    days_pass(owner, 0.3)  # it is asked, and nobody answers
    runs.catch_up(owner.organisation_id)
    severity, said = open_findings(owner)["tick_missed"]
    assert severity == "amber" and "1 time was missed" in said


def test_an_hour_late_is_not_worth_a_finding(watched, owner):
    days_pass(owner, 7 + 1 / 24)
    runs.catch_up(owner.organisation_id)
    assert open_findings(owner) == {}


def test_an_old_answer_is_never_shown_as_if_it_were_fresh(watched, owner, client):
    assert asked(owner, watched).latest.status == "passed"
    days_pass(owner, 15)
    latest = asked(owner, watched).latest
    assert latest.status == "not_run" and latest.sentence.startswith("Last answered on ")
    assert "since then not run" in latest.sentence


def expect_data(owner: Actor, things: Loans, *, every: int) -> None:
    with acting(owner, "dataset.described"):
        Dataset.objects.filter(pk=things.dataset.pk).update(expected_every_days=every)


def test_a_data_period_that_does_not_arrive_is_a_finding_until_it_does(watched, owner):
    expect_data(owner, watched, every=30)
    runs.catch_up(owner.organisation_id)
    assert open_findings(owner) == {}
    days_pass(owner, 34)
    runs.catch_up(owner.organisation_id)
    severity, said = open_findings(owner)["window_missing"]
    assert severity == "amber" and said.startswith("A data period was expected on ")
    days_pass(owner, 30)
    runs.catch_up(owner.organisation_id)
    runs.catch_up(owner.organisation_id)
    severity, said = open_findings(owner)["window_missing"]
    assert severity == "red" and said.startswith("2 data periods have not arrived")
    a_period(owner, watched.dataset, "at last", ends_on=timezone.localdate())
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert Finding.objects.get(kind="window_missing").closing == {"cause": "arrived"}


def test_data_that_nobody_expects_are_not_missed(watched, owner):
    days_pass(owner, 400)
    runs.catch_up(owner.organisation_id)
    assert "window_missing" not in open_findings(owner)


def permit(owner: Actor, version, environment: str) -> Authorisation:
    """A decision of the committee, as it stands on record."""
    same = {"organisation_id": owner.organisation_id, "model_id": version.model_id}
    with acting(Actor.system("tests", owner.organisation_id), "test.decided"):
        request = ApprovalRequest.objects.create(
            **same, version=version, environment=environment, route="standard", route_edition="1", manifest={},
            manifest_sha256="0" * 64, requested_by_id=owner.user_id, status="approved",
        )  # fmt: skip
        decision = Decision.objects.create(
            **same, request=request, verdict="approve", manifest_sha256="0" * 64
        )
        now = timezone.now()
        return Authorisation.objects.create(
            **same, version=version, decision=decision, environment=environment, starts_at=now,
            expires_at=now + timedelta(days=300),
        )  # fmt: skip


def test_what_was_found_of_a_version_ends_when_a_decision_puts_another_in_its_place(watched, owner):
    first = permit(owner, watched.version, "production")
    days_pass(owner, 8)
    runs.catch_up(owner.organisation_id)
    answer(run_of(owner, "drift", "current"), "failed")
    second = a_version(owner, watched.model, "2.0", bare=True)
    permit(owner, second, "staging")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert Finding.objects.get(kind="check").closed_at is None, "version 1 still runs in production"
    assert first.environment == "production"
    taken = permit(owner, second, "production")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        closing = Finding.objects.get(kind="check").closing
    assert (closing["cause"], closing["version"]) == ("superseded", "2.0")
    assert closing["decision"] != str(first.decision_id) and taken.pk


def grade(owner: Actor, things: Loans, tier: int) -> None:
    with acting(owner, "risk.assessed"):
        RiskAssessment.objects.update(superseded_at=timezone.now())
        RiskAssessment.objects.create(
            organisation_id=owner.organisation_id, model=things.model, edition="kz-2026", answers={},
            risk_degree="medium", autonomy_degree="low", tier=tier, assessed_by_id=owner.user_id,
        )  # fmt: skip


def test_a_plan_names_its_tier_and_a_new_grade_proposes_without_changing_it(watched, owner, client):
    grade(owner, watched, 3)
    page = f"/models/{watched.model.pk}/checks/"
    said = sign_in(client, owner).get(page).content.decode()
    assert "nobody has graded the model yet" in said and "The grade has changed" in said
    assert "Every 30 days, as proposed for tier 3" in said
    with viewing(owner):
        assert Plan.objects.get(ended_at=None).every_days == 7
    assert client.post(f"/datasets/{watched.dataset.pk}/checks/drift/proposal/").status_code == 302
    with viewing(owner):
        plan = Plan.objects.get(ended_at=None)
    assert (plan.every_days, plan.basis["tier"], plan.basis["edition"]) == (30, 3, "2026-4")
    assert "The grade has changed" not in client.get(page).content.decode()


def test_each_data_period_is_asked_once_of_the_versions_that_stood_when_it_came(watched, owner):
    a_period(owner, watched.dataset, "old", ends_on=date(2020, 1, 31))
    a_version(owner, watched.model, "2.0", bare=True)
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)
    with viewing(owner):
        pairs = sorted(Run.objects.values_list("version__label", "window__name"))
    assert pairs == [("1.0", "current"), ("1.0", "old"), ("2.0", "current")]
    days_pass(owner, 60)
    runs.set_plan(by=owner, dataset=watched.dataset, check_key="drift", every_days=3)
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert Run.objects.filter(window__name="old").count() == 1
