"""Logs from the description of their columns to the figures, the finding, the evidence and the page, by the real worker."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from governance import store
from governance.approvals.models import ApprovalRequest, Authorisation, Decision
from governance.errors import RuleBroken
from governance.incidents.models import SuspensionOrder
from governance.inventory.rows.models import OrderAlgorithm
from governance.obligations.models import Evidence
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.preview.candidates import one
from monitoring.preview.turning import preview
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.runs import queries, tiers, usual, words
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Measurement, Plan, Result, Run
from tests.factories import join, sign_in
from tests.monitoring.engines import decision_logs, order_logs
from tests.monitoring.loans import a_dataset, a_model, a_version
from tests.monitoring.logs import decision_log, hand_in, order_log, state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def a_trader(owner, **stated):
    """A model that trades and states its limits, with one registered algorithm."""
    model = state(owner, a_model(owner), trading=True, **stated)
    a_version(owner, model, bare=True)
    register(owner, model, "MM-1", "MM-2")
    return model


def register(owner, model, *algorithms):
    common = {"objective": "quotes", "venues": "KASE", "initiates": True}
    common |= {"risk_parameters": "see the sheet", "kill_switch": "risk desk, one button"}
    with acting(owner, "row.added"):
        for name in algorithms:
            OrderAlgorithm.objects.create(
                organisation_id=model.organisation_id, model=model, algorithm_id=name, **common
            )


def answered(owner, model) -> Result:
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    with viewing(owner):
        result: Result = Result.objects.select_related("run__plan").get(run=run)
    return result


def figures(owner, result) -> dict[tuple[str, str], Measurement]:
    with viewing(owner):
        return {(each.metric, each.subject): each for each in Measurement.objects.filter(result=result)}


def test_an_order_log_is_measured_whole_and_its_broken_limits_become_a_finding(owner, client):
    model = a_trader(owner, largest_order=40_000, orders_per_day=10_000)
    dataset, rows = order_log(owner, model), order_logs.busy()
    hand_in(owner, dataset, order_logs.as_csv(rows))
    limits = {"trials": 20, "trials_variance": 0.5, "messages_per_second": 500}
    runs.set_plan(by=owner, dataset=dataset, check_key="trading", limits=limits, reason="Sheet of 5 October.")
    result = answered(owner, model)
    measured = figures(owner, result)
    fastest = {name: measured["messages_per_second", name].value for name in ("MM-1", "MM-2")}
    assert fastest == {name: order_logs.fullest_second(rows, name) for name in fastest}
    assert measured["order_value", "MM-1"].limit == 40_000
    assert measured["order_value_beyond", "MM-1"].low > 0
    assert (measured["kill_seconds", ""].value, measured["kill_seconds", ""].n) == (1.25, 1)
    assert measured["kill_left_open", ""].n == 3 and measured["unregistered_messages", ""].value == 0.0
    assert measured["deflated_sharpe", ""].n == 40
    assert result.verdict == "failed" and "MM-1, MM-2" in words.sentence("trading", result.summary)
    with viewing(owner):
        evidence = Evidence.objects.get(kind="check:trading")
        finding = Finding.objects.get(kind="check", check_key="trading")
    assert (evidence.verdict, evidence.digest, finding.severity) == ("failed", result.sha256, "red")
    told = json.loads(store.read(owner.organisation_id, result.sha256))
    assert told["registered"] == ["MM-1", "MM-2"] and told["limits"]["order_value"] == 40_000
    page = sign_in(client, owner)
    assert "Messages in the fullest second" in page.get(f"/runs/{result.run_id}/").content.decode()
    board = page.get(f"/models/{model.pk}/checks/").content.decode()
    assert "Limits are broken" in board and "Data quality" not in board


@pytest.mark.parametrize("trials", [0, 0.5, 19.5, -1])
def test_trials_are_a_whole_number_from_one_in_the_form_and_by_rest(owner, bank, client, trials):
    dataset = order_log(owner, a_trader(owner))
    form = {key: "" if value is None else value for key, value in CHECKS["trading"].default_limits.items()}
    form |= {"trials": trials, "trials_variance": 0.5, "every_days": 7, "reason": "Sheet 5"}
    page = sign_in(client, owner).post(f"/datasets/{dataset.pk}/checks/trading/", form)

    administrator = join(bank, "administrator", email="ci@bank.example")
    scopes = ["models:read", "windows:write"]
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=1)
    answer = client.put(
        f"/api/v1/datasets/{dataset.pk}/plans/trading",
        json.dumps({"limits": {"trials": trials, "trials_variance": 0.5}, "reason": "Sheet 5"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"},
    )
    for refused in (page, answer):
        assert refused.status_code == 422
        assert "This must be a whole number, 1 or more." in refused.content.decode()
    with viewing(owner):
        assert not Plan.objects.exists()


def test_a_whole_number_of_trials_is_planned_and_an_older_plan_without_one_is_still_answered(owner):
    model = a_trader(owner)
    dataset = order_log(owner, model)
    hand_in(owner, dataset, order_logs.as_csv(order_logs.busy()))
    limits = {"trials": 20.0, "trials_variance": 0.5}
    plan = runs.set_plan(by=owner, dataset=dataset, check_key="trading", limits=limits, reason="Sheet 5")
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        Plan.objects.filter(pk=plan.pk).update(limits={**plan.limits, "trials": 0.5})
    measured = figures(owner, answered(owner, model))["deflated_sharpe", ""]
    assert (measured.value, measured.verdict) == (None, "insufficient_data")


def test_the_limits_of_the_registration_are_the_usual_ones_of_the_plan(owner):
    model = a_trader(owner, largest_order=5_000_000, largest_position=20_000_000, orders_per_day=900)
    dataset = order_log(owner, model)
    [plan] = runs.set_default_plans(by=owner, dataset=dataset)
    stated = {"order_value": 5e6, "position_value": 2e7, "orders_per_day": 900.0}
    assert (plan.check_key, plan.limits) == ("trading", CHECKS["trading"].default_limits | stated)
    with viewing(owner):
        assert "those that the registration states" in words.reason(Plan.objects.get(pk=plan.pk))
    assert usual.limits(dataset, CHECKS["drift"]) == CHECKS["drift"].default_limits
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(
            by=owner, dataset=dataset, check_key="trading", limits={**plan.limits, "order_value": 9e6}
        )
    assert [each.where for each in refused.value.problems] == ["reason"]
    state(owner, model, trading=True, largest_order=4_000_000)
    again = runs.follow_proposal(by=owner, dataset=dataset, check_key="trading")
    assert again.limits["order_value"] == 4e6


def test_the_form_of_a_plan_begins_with_what_the_registration_states(owner, client):
    dataset = order_log(owner, a_trader(owner, largest_order=5_000_000))
    page = sign_in(client, owner).get(f"/datasets/{dataset.pk}/checks/trading/")
    assert page.context["form"].fields["order_value"].initial == 5e6


def test_without_a_kill_switch_the_answer_is_not_green(owner):
    model = a_trader(owner)
    dataset = order_log(owner, model, log_columns={**order_logs.COLUMNS})
    hand_in(owner, dataset, order_logs.as_csv(order_logs.busy(days=5, kills=False)))
    runs.set_default_plans(by=owner, dataset=dataset)
    result = answered(owner, model)
    assert result.verdict == "uncertain"
    assert figures(owner, result)["kill_seconds", ""].verdict == "insufficient_data"


def test_a_check_of_logs_is_asked_of_its_own_kind_alone(owner):
    model = a_trader(owner)
    of_rows, of_orders = a_dataset(owner, model), order_log(owner, model)
    for dataset, check in ((of_rows, "trading"), (of_orders, "drift"), (of_orders, "decision_log")):
        with pytest.raises(RuleBroken) as refused:
            runs.set_plan(by=owner, dataset=dataset, check_key=check)
        assert [each.where for each in refused.value.problems] == ["check"]
    assert not any(plan.check_key == "trading" for plan in runs.set_default_plans(by=owner, dataset=of_rows))
    with viewing(owner):
        board = queries.board(model)
    assert [each.check.key for each in board.asked if each.dataset == of_orders] == ["trading"]


@pytest.mark.parametrize(("tier", "days"), [(1, 7), (2, 14), (3, 30), (4, 90)])
def test_the_tier_says_how_often_a_log_is_asked_for(tier, days):
    for check in ("trading", "decision_log"):
        assert tiers.propose(check, tier).every_days == days
        assert tiers.propose(check, tier, "high").every_days == days // 2


def permitted(owner, model, starts_at: datetime) -> Authorisation:
    """A permission as the committee left it."""
    of = {"organisation_id": model.organisation_id}
    with acting(owner, "test.arranged"):
        version = model.versions.get()
        request = ApprovalRequest.objects.create(
            **of,
            model=model,
            version=version,
            environment="production",
            route="standard",
            route_edition="1",
            manifest={},
            manifest_sha256="0" * 64,
            requested_by_id=owner.user_id,
        )
        decision = Decision.objects.create(
            **of, model=model, request=request, verdict="approve", manifest_sha256="0" * 64
        )
        return Authorisation.objects.create(
            **of,
            model=model,
            version=version,
            decision=decision,
            environment="production",
            starts_at=starts_at,
            expires_at=starts_at + timedelta(days=900),
        )


def a_clerk(owner):
    """A model of which a version has been permitted since before its log begins."""
    model = a_model(owner)
    a_version(owner, model, bare=True)
    return model, permitted(owner, model, datetime(2026, 9, 1, tzinfo=UTC))


def logged(owner, model, rows) -> Result:
    dataset = decision_log(owner, model)
    hand_in(owner, dataset, decision_logs.as_csv(rows))
    [plan] = runs.set_default_plans(by=owner, dataset=dataset)
    assert plan.check_key == "decision_log"
    return answered(owner, model)


def test_a_whole_log_is_evidence_of_the_log_of_decisions(owner, client):
    model, _permission = a_clerk(owner)
    result = logged(owner, model, decision_logs.whole())
    measured = figures(owner, result)
    assert (result.verdict, measured["complete_share", ""].value) == ("passed", 1.0)
    rate = measured["override_rate", ""]
    assert rate.low < rate.value < rate.high and rate.n == 400
    with viewing(owner):
        evidence = Evidence.objects.get(kind="audit_log")
    assert (evidence.verdict, evidence.source_id) == ("passed", result.run_id)
    assert "is whole" in sign_in(client, owner).get(f"/models/{model.pk}/checks/").content.decode()


def test_decisions_of_a_version_that_nobody_permitted_are_a_red_finding(owner):
    model, _permission = a_clerk(owner)
    result = logged(owner, model, decision_logs.whole() + decision_logs.whole(20, version="1.1-test"))
    measured = figures(owner, result)
    assert measured["unapproved_decisions", ""].value == pytest.approx(20 / 420)
    with viewing(owner):
        assert Finding.objects.get(check_key="decision_log").severity == "red"


def test_decisions_after_a_suspension_are_found(owner):
    model, permission = a_clerk(owner)
    begins = decision_logs.FIRST.replace(tzinfo=timezone.get_default_timezone())
    with acting(owner, "test.arranged"):
        SuspensionOrder.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            authorisation=permission,
            ordered_by_id=owner.user_id,
            reason="Drift.",
            ordered_at=begins + timedelta(hours=50),
        )
    result = logged(owner, model, decision_logs.whole())
    assert figures(owner, result)["suspended_decisions", ""].value == 200 / 400
    assert result.verdict == "failed"


def test_a_log_of_a_model_without_any_permission_is_not_green(owner):
    model = a_model(owner)
    a_version(owner, model, bare=True)
    result = logged(owner, model, decision_logs.whole())
    assert result.verdict == "uncertain"
    assert figures(owner, result)["unapproved_decisions", ""].verdict == "insufficient_data"


def test_what_the_register_learns_later_changes_no_past_run(owner, validator):
    """The same run computed again is told what was known when it was asked."""
    model, permission = a_clerk(owner)
    result = logged(owner, model, decision_logs.whole())
    with acting(owner, "test.arranged"):
        Authorisation.objects.filter(pk=permission.pk).update(state="void", changed_at=timezone.now())
    with viewing(owner):
        run = Run.objects.get(pk=result.run_id)
        assert Plan.objects.count() == 1
    asked = recomputing.recompute(by=validator, run=run)
    recomputing.work(owner.organisation_id, asked.pk)
    with viewing(owner):
        again = Recomputation.objects.get(pk=asked.pk)
    assert (again.digest, again.verdict) == (result.sha256, "passed")


def test_another_limit_is_tried_on_the_answer_on_file(owner, validator):
    model = a_trader(owner)
    dataset = order_log(owner, model)
    hand_in(owner, dataset, order_logs.as_csv(order_logs.busy(days=3, kills=False)))
    runs.set_default_plans(by=owner, dataset=dataset)
    assert answered(owner, model).verdict == "uncertain"
    with viewing(validator):
        found = preview(by=validator, candidate=one("trading", "messages_per_second", 1), now=timezone.now())
    assert [(each.run.check_key, each.now) for each in found.checks] == [("trading", "failed")]
    assert found.answers == 1
