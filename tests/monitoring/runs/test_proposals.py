"""A plan takes over what is proposed for the tier and says so; what a person sets otherwise, and what nobody planned, is told."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from governance.errors import NotAllowed, RuleBroken
from governance.inventory.models import AIModel
from governance.people import services as people
from governance.people.acting import acting, viewing
from monitoring.checks import CHECKS
from monitoring.data.models import Dataset
from monitoring.runs import queries, usual
from monitoring.runs import services as runs
from monitoring.runs.models import Plan, Run
from monitoring.runs.telling import limits_basis
from tests.factories import join, sign_in
from tests.monitoring.loans import Loans, a_model, a_version
from tests.monitoring.runs.conftest import a_period, answer, on_record
from tests.monitoring.runs.test_watching import grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(owner) -> Loans:
    """A graded model of tier 4 with a described dataset."""
    found = on_record(owner)
    grade(owner, found, 4)
    return found


def states(owner, model: AIModel, **answers: bool) -> None:
    """What its registration says of it."""
    with acting(owner, "test.arranged"):
        AIModel.objects.filter(pk=model.pk).update(**answers)


def page_of(client, actor, model: AIModel) -> str:
    return unescape(sign_in(client, actor).get(f"/models/{model.pk}/checks/").content.decode())


def test_a_plan_takes_over_the_limits_of_the_tier_and_names_edition_and_tier(owner, things):
    plan = runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    assert plan.limits == {**CHECKS["drift"].default_limits, "feature_score": 0.25}
    assert plan.basis["limits"] == {"edition": "2026-4", "tier": 4, "otherwise": {}}
    with viewing(owner):
        assert limits_basis(Plan.objects.get()) == "Limits from edition 2026-4, tier 4."


def test_who_is_not_graded_has_the_limits_of_the_highest_tier(owner):
    found = on_record(owner)
    plan = runs.set_plan(by=owner, dataset=found.dataset, check_key="performance")
    assert (plan.limits["accuracy_fall_amber"], plan.basis["limits"]["tier"]) == (0.03, None)
    with viewing(owner):
        assert limits_basis(Plan.objects.get()) == "Limits from edition 2026-4, tier 1."


def test_another_limit_than_the_tier_s_needs_a_reason_even_where_it_is_the_check_s_own(owner, things):
    said = {"dataset": things.dataset, "check_key": "drift", "limits": {"feature_score": 0.1}}
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(by=owner, **said)
    assert [each.where for each in refused.value.problems] == ["reason"]
    with viewing(owner):
        assert not Plan.objects.exists()
    plan = runs.set_plan(by=owner, **said, reason="Our policy 12")
    assert plan.basis["limits"]["otherwise"] == {"feature_score": 0.25}


def test_what_differs_is_told_with_who_set_it_and_why_on_both_pages(client, owner, things):
    limits = {"feature_score": 0.1}
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits=limits, reason="Our policy 12")
    sentence = "tier 4, but for these, which owner set otherwise: A feature has drifted from this score on."
    for page in (
        page_of(client, owner, things.model),
        unescape(client.get(f"/datasets/{things.dataset.pk}/checks/drift/").content.decode()),
    ):
        assert sentence in page and "Our policy 12" in page
    board = page_of(client, owner, things.model)
    assert "proposed: 0.250" in board
    assert "Something else is proposed" not in board  # it was chosen, and the reason stands there


def test_the_form_of_a_plan_begins_with_the_limits_of_the_tier_and_says_which_they_are(client, owner, things):
    page = sign_in(client, owner).get(f"/datasets/{things.dataset.pk}/checks/drift/")
    form = page.context["form"]
    assert (form.fields["feature_score"].initial, form.fields["every_days"].initial) == (0.25, 90)
    said = " ".join(page.content.decode().split())
    assert (
        "In place of the check's own: Limits: A feature has drifted from this score on – 0.250."
        in unescape(said)
    )


def test_a_plan_from_before_a_limit_existed_is_shown_and_changed_with_the_check_s_own(client, owner, things):
    plan = runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    with acting(owner, "test.arranged"):
        kept = {key: value for key, value in plan.limits.items() if key != "fewest_rows"}
        Plan.objects.update(limits=kept, basis={})
    page = sign_in(client, owner).get(f"/datasets/{things.dataset.pk}/checks/drift/")
    assert page.context["form"].fields["fewest_rows"].initial == 50
    assert "none: reported only" not in page_of(client, owner, things.model)


def test_rest_without_limits_takes_those_of_the_tier_and_says_from_where(client, owner, bank, things):
    administrator = join(bank, "administrator", email="ci@bank.example")
    scopes = ["models:read", "windows:write"]
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=1)

    def asked(**said):
        address = f"/api/v1/datasets/{things.dataset.pk}/plans/drift"
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        return client.put(address, json.dumps(said), content_type="application/json", headers=headers)

    told = asked().json()
    assert (told["every_days"], told["limits"]["feature_score"]) == (90, 0.25)
    assert told["limits_from"] == {"edition": "2026-4", "tier": 4, "otherwise": {}}
    assert asked(limits={"feature_score": 0.1}).status_code == 422
    other = asked(limits={"feature_score": 0.1}, reason="Our policy").json()
    assert other["limits_from"]["otherwise"] == {"feature_score": 0.25}


def test_another_grade_proposes_other_limits_and_changes_no_plan_until_they_are_taken_over(
    client, owner, things
):
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    grade(owner, things, 3)
    page = page_of(client, owner, things.model)
    assert "The grade has changed, and something else is proposed now." in page
    assert "A feature has drifted from this score on – 0.100" in page
    client.post(f"/datasets/{things.dataset.pk}/checks/drift/proposal/")
    with viewing(owner):
        plan = Plan.objects.get(ended_at=None)
    assert (plan.limits["feature_score"], plan.every_days, plan.basis["limits"]["tier"]) == (0.1, 30, 3)
    assert "something else is proposed" not in page_of(client, owner, things.model).lower()


def test_a_newer_edition_proposes_and_changes_no_plan(client, owner, things):
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    with acting(owner, "test.arranged"):
        former = {"every_days": 90, "edition": "2026-3", "tier": 4, "autonomy": "low"}
        Plan.objects.update(limits=CHECKS["drift"].default_limits, basis=former)
    assert "A newer edition proposes something else." in page_of(client, owner, things.model)


def test_limits_that_a_person_gave_a_reason_for_stay_when_the_period_follows(owner, things):
    said = {"limits": {"feature_score": 0.1}, "every_days": 120, "reason": "Our policy 12"}
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", **said)
    plan = runs.follow_proposal(by=owner, dataset=things.dataset, check_key="drift")
    assert (plan.limits["feature_score"], plan.every_days, plan.reason) == (0.1, 90, "Our policy 12")


def expected(owner, model: AIModel) -> dict[str, tuple[bool, list[str], str]]:
    with viewing(owner):
        board = queries.board(AIModel.objects.get(pk=model.pk))
    return {each.check.key: (each.is_planned, list(each.can), each.missing) for each in board.expected}


def test_an_expected_check_that_nobody_planned_is_told_and_who_can_answer_it(client, owner, things):
    states(owner, things.model, decisions_about_persons=True, trading=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    assert expected(owner, things.model) == {
        "quality": (False, ["Applications"], ""),
        "drift": (True, [], ""),
        "performance": (False, [], "a column of the true outcome"),
        "fairness": (False, ["Applications"], ""),
        "explanation": (False, ["Applications"], ""),
        "trading": (False, [], ""),
    }
    page = " ".join(page_of(client, owner, things.model).split())
    assert "What tier 4 expects" in page and "(edition 2026-4)" in page
    assert "Tier 4 expects “Fairness between groups”, not planned. Can be asked of: Applications." in page
    assert "Tier 4 expects “Performance”, not planned. No dataset can answer it yet." in page
    assert "No dataset of the kind that it reads is described." in page
    assert "Tier 4 expects “Data drift”" not in page


def test_one_press_plans_all_of_it_that_the_data_can_answer_as_proposed(client, owner, things):
    states(owner, things.model, decisions_about_persons=True)
    sign_in(client, owner)
    assert client.post(f"/datasets/{things.dataset.pk}/checks/").status_code == 302
    assert {key for key, (is_planned, *_more) in expected(owner, things.model).items() if not is_planned} == {
        "performance"
    }
    with viewing(owner):
        plans = {each.check_key: each for each in Plan.objects.all()}
        dataset = Dataset.objects.get(pk=things.dataset.pk)
        assert {key: plan.limits for key, plan in plans.items()} == {
            key: usual.limits(dataset, CHECKS[key]) for key in plans
        }
    assert all(plan.basis["limits"]["edition"] == "2026-4" for plan in plans.values())


def test_who_may_not_plan_is_refused_and_nothing_is_planned(client, owner, administrator, things):
    with pytest.raises(NotAllowed):
        runs.set_default_plans(by=administrator, dataset=things.dataset)
    assert sign_in(client, administrator).post(f"/datasets/{things.dataset.pk}/checks/").status_code == 403
    with viewing(owner):
        assert not Plan.objects.exists()


def test_nothing_is_expected_of_a_draft_or_of_a_model_that_nobody_has_graded(client, owner, things):
    ungraded = on_record(owner, number="M-0002")
    assert expected(owner, ungraded.model) == {}
    assert "expects" not in page_of(client, owner, ungraded.model)
    states(owner, things.model, status="draft")
    assert expected(owner, things.model) == {}


def test_a_model_without_any_dataset_is_told_what_its_tier_expects(owner):
    model = a_model(owner)
    grade(owner, Loans(model, None, None, {}), 2)  # type: ignore[arg-type]
    assert set(expected(owner, model)) == {"quality", "drift", "performance", "explanation", "robustness"}
    assert all(told == (False, [], "") for told in expected(owner, model).values())


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_it_is_told_in_the_person_s_language(client, owner, things, language):
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    with viewing(owner), translation.override(language):
        said = limits_basis(Plan.objects.get())
    assert "2026-4" in said and "Limits" not in said


def test_a_new_version_is_explained_at_once_and_then_every_week(owner, things):
    grade(owner, things, 2)
    a_period(owner, things.dataset, "current")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="explanation")
    for at in (1, 2):
        runs.catch_up(owner.organisation_id)
        with viewing(owner):
            asked = list(Run.objects.select_related("version", "window", "plan").order_by("asked_at"))
        assert [run.version.label for run in asked] == ["1.0", "2.0"][:at]
        answer(asked[-1], "passed")
        if at == 1:
            a_version(owner, things.model, "2.0", bare=True)
    with viewing(owner):
        plan = Plan.objects.get(ended_at=None)
        assert plan.every_days == 7
        first = queries.board(things.model)
    explained = next(each for each in first.asked if each.check.key == "explanation")
    days = explained.timing.next_due - timezone.now()
    assert timedelta(days=6) < days <= timedelta(days=7)


def test_one_dataset_costs_as_many_queries_as_three(client, owner, things):
    sign_in(client, owner)
    counts = []
    for name in ("Second", "Third", ""):
        client.get(f"/models/{things.model.pk}/checks/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/models/{things.model.pk}/checks/")
        counts.append(len(asked))
        if name:
            with acting(owner, "test.arranged"):
                things.dataset.pk, things.dataset.name = None, name
                things.dataset._state.adding = True
                things.dataset.save()
    assert counts[0] == counts[2]
