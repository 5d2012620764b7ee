"""A plan says its limits, who set them and why; who may not is refused, and nothing is written."""

from __future__ import annotations

import re

import pytest

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.models import ModelVersion
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.runs import services as runs
from monitoring.runs.models import Plan, Run
from monitoring.runs.words import REFUSALS, cause, reason, sentence
from tests.factories import join
from tests.monitoring.loans import OF_ROWS, a_dataset, a_model, a_version, loans

pytestmark = pytest.mark.django_db
PARAMETER = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def dataset(owner):
    return a_dataset(owner, a_model(owner))


def test_the_usual_limits_are_taken_over_by_a_named_person(owner, dataset):
    runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    with viewing(owner):
        plan = Plan.objects.select_related("set_by").get()
    assert plan.limits == CHECKS["fairness"].default_limits
    assert plan.set_by_id == owner.user_id
    assert "a convention and not a rule of the law" in reason(plan) and "owner" in reason(plan)


def test_other_limits_need_a_reason(owner, dataset):
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(
            by=owner, dataset=dataset, check_key="fairness", limits={"demographic_parity_ratio": 0.9}
        )
    assert [problem.where for problem in refused.value.problems] == ["reason"]
    plan = runs.set_plan(
        by=owner,
        dataset=dataset,
        check_key="fairness",
        limits={"demographic_parity_ratio": 0.9},
        reason="Our policy 12",
    )
    assert (plan.limits["demographic_parity_ratio"], reason(plan)) == (0.9, "Our policy 12")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"check_key": "astrology"}, "check"),
        ({"limits": {"luck": 1}}, "luck"),
        ({"limits": {"demographic_parity_ratio": "high"}}, "demographic_parity_ratio"),
        ({"limits": {"demographic_parity_ratio": float("nan")}}, "demographic_parity_ratio"),
        ({"limits": {"minimum_group": None}}, "minimum_group"),
        ({"check_key": "drift", "limits": {"numeric_method": "magic"}}, "numeric_method"),
        ({"every_days": 0}, "every_days"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(owner, dataset, said, where):
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(by=owner, dataset=dataset, reason="because", **{"check_key": "fairness", **said})
    assert where in [problem.where for problem in refused.value.problems]
    with viewing(owner):
        assert not Plan.objects.exists()


def test_a_new_plan_ends_the_former_one(owner, dataset):
    first = runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    second = runs.set_plan(by=owner, dataset=dataset, check_key="fairness", every_days=7)
    with viewing(owner):
        assert Plan.objects.get(pk=first.pk).ended_at is not None
        assert Plan.objects.get(ended_at=None) == second


def test_what_the_data_cannot_answer_is_not_planned(owner):
    model = a_model(owner)
    a_version(owner, model, bare=True)
    bare = a_dataset(owner, model, sensitive=[], prediction="", label="")
    planned = runs.set_default_plans(by=owner, dataset=bare)
    assert [plan.check_key for plan in planned] == ["drift", "quality"]
    assert runs.set_default_plans(by=owner, dataset=bare) == []


def test_without_a_decision_threshold_no_decision_can_turn_so_robustness_is_not_planned(owner):
    things = loans(owner)
    with acting(owner, "version.edited"):
        ModelVersion.objects.update(decision_threshold=None)
    planned = {plan.check_key for plan in runs.set_default_plans(by=owner, dataset=things.dataset)}
    assert planned == set(OF_ROWS) - {"robustness"}


def test_only_those_who_answer_for_the_model_plan_and_start(owner, bank, stranger, administrator, validator):
    things = loans(owner)
    colleague = join(bank, "model_owner", email="colleague@bank.example")
    for other in (stranger, administrator, colleague):
        with pytest.raises((NotAllowed, things.model.DoesNotExist)):
            runs.set_plan(by=other, dataset=things.dataset, check_key="fairness")
        with pytest.raises((NotAllowed, things.model.DoesNotExist)):
            runs.start(by=other, model=things.model)
    with viewing(owner):
        assert not Plan.objects.exists() and not Run.objects.exists()
    runs.set_plan(by=validator, dataset=things.dataset, check_key="fairness")
    assert len(runs.start(by=validator, model=things.model)) == 1


def test_starting_without_data_says_what_is_missing(owner, dataset):
    with pytest.raises(OutOfOrder, match="a plan, a version and a current data period"):
        runs.start(by=owner, model=dataset.model)


def test_no_person_may_do_the_workers_work(owner):
    from governance.people.rights import may

    things = loans(owner)
    assert not may(owner, "run.work", things.model)
    assert may(Actor.system("checks worker", owner.organisation_id), "run.work", things.model)


def test_every_sentence_of_a_check_can_be_said():
    for key, check in CHECKS.items():
        for summary_key in check.summaries:
            said = sentence(key, {"key": summary_key, "params": _everything()})
            assert "%(" not in said and "older version" not in said
            assert set(PARAMETER.findall(str(check.summaries[summary_key]))) <= set(_everything())
    for rule in REFUSALS:
        assert "%(" not in sentence("drift", {"refused": rule, "params": _everything()})
    assert sentence("drift", {"refused": "a rule of tomorrow", "params": {}}) == (
        "The check could not measure this: a rule of tomorrow."
    )
    assert cause("killed by signal 11") == "killed by signal 11"


def _everything() -> dict[str, object]:
    """Every parameter that any sentence may ask for."""
    names = "attribute value low high n limit lowest highest minimum_group missing drifted measured unmeasured share"
    names += (
        " names top fewest agreement agreement_limit share_limit columns types format inside declared outputs"
    )
    names += (
        " method favourable rule explained strong multiple column values found fewest needed accuracy_limit"
    )
    names += " accuracy_current accuracy_reference auc_current auc_reference auc_limit"
    names += " outside groups changed repeated days noise feature missing_share check hidden attributes"
    names += " messages algorithms kills slowest left_open deflated rate ratio size position busiest unregistered limit"
    names += " complete numbers silence unapproved suspended overridden"
    names += (
        " rows rise labelled least left pairs own not_counted not_answered amber accuracy_amber auc_amber"
    )
    names += " measure by_chance too_few"
    names += " proxies"
    beyond = ("top_agreement", "attribution_ndcg", "attribution_distance", "fidelity", "proxy_share")
    names += " " + " ".join(f"{key}_{what}" for key in beyond for what in ("value", "limit"))
    return dict.fromkeys(names.split(), "x")
