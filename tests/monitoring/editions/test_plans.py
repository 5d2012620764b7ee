"""Plans go on with the corrected description where they fit it; those that do not end, and it is said which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.errors import NotFound, OutOfOrder, RuleBroken
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.editions import queries
from monitoring.editions import services as editions
from monitoring.runs import past, planning
from monitoring.runs import services as runs
from monitoring.runs.models import NotApplicable, Plan, Run
from tests.monitoring.editions.conftest import WRONG, corrected, planned
from tests.monitoring.loans import FEATURES, a_version
from tests.monitoring.runs.conftest import a_period, run_of

pytestmark = pytest.mark.django_db


def test_plans_go_on_with_their_limits_reasons_and_schedules(owner, things):
    edition = corrected(owner, things.dataset)

    assert (set(edition.checks.going_on), edition.checks.ended) == ({"drift", "fairness"}, [])
    assert planned(owner, things.dataset) == []
    drift = next(each for each in planned(owner, edition.dataset) if each.check_key == "drift")
    assert (drift.limits["feature_score"], drift.every_days, drift.reason) == (0.3, 7, "Our policy 12")
    with viewing(owner):
        former = Plan.objects.get(dataset=things.dataset, check_key="drift")
    assert former.ended_at == drift.set_at and former.schedule == drift.schedule


def test_what_is_planned_next_is_asked_over_the_data_of_the_new_version(owner, validator, things):
    a_period(owner, things.dataset, "current")
    edition = corrected(owner, things.dataset)
    with viewing(owner):
        assert planning.wanted([things.model]) == []  # nothing was handed in under it yet

    newer = a_period(owner, edition.dataset, "reference", part="reference")
    data.accept_reference(by=validator, window=newer, reason="The same rows under the right description.")
    again = a_period(owner, edition.dataset, "current")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        asked = set(Run.objects.values_list("check_key", "window_id"))
    assert asked == {("drift", again.pk), ("fairness", again.pk)}


def test_a_check_that_loses_what_it_needs_ends_and_is_named(owner, things):
    """The version has no artefact, so nothing answers in place of the column of decisions."""
    runs.set_plan(by=owner, dataset=things.dataset, check_key="robustness")
    edition = corrected(owner, things.dataset, prediction="", score="")

    assert edition.checks.ended == ["fairness"]
    assert set(edition.checks.going_on) == {"drift", "robustness"}  # what that lacks, it lacked before
    with viewing(owner):
        [_second, first] = queries.versions_of(edition.dataset)
    assert (first.dataset.version, list(first.ended)) == (1, ["fairness"])
    assert list(map(str, first.checks)) == ["Fairness between groups"]


def test_limits_of_a_column_that_is_gone_end_their_plan(owner, things):
    own = {"limits": {"columns": "hrat: wasserstein 0.2"}, "reason": "It moves a lot."}
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", **own)
    edition = corrected(owner, things.dataset, features=["appinc", "obrat"])
    assert (edition.checks.going_on, edition.checks.ended) == (["fairness"], ["drift"])


def test_a_plan_that_loses_its_groups_waits_for_the_second_line(owner, things):
    edition = corrected(owner, things.dataset, sensitive=[])
    assert "fairness" in edition.checks.going_on


def test_a_log_is_asked_nothing_that_rows_are_asked(owner, things):
    columns = {"version": "v", "input": "i", "output": "o", "action": "a", "operator": "w"}
    log = {"kind": "decisions", "log_columns": columns, "log_values": {"override": ["x"]}}
    nothing = {"features": [], "sensitive": [], "prediction": "", "favourable": "1"}
    edition = corrected(owner, things.dataset, **nothing, **log, time="t", identifier="n")
    assert (edition.checks.going_on, set(edition.checks.ended)) == ([], {"drift", "fairness"})


def test_a_past_day_shows_the_plans_and_the_description_that_stood(owner, things):
    edition = corrected(owner, things.dataset)
    with viewing(owner):
        moment = edition.dataset.created_at
        stood = {each.plan.dataset_id for each in past.answered(things.model, None, moment)}
        later = moment + timedelta(days=1)
        stands = {each.plan.dataset_id for each in past.answered(things.model, None, later)}
    assert (stood, stands) == ({things.dataset.pk}, {edition.dataset.pk})


def test_what_the_second_line_accepted_was_of_the_former_description(owner, validator, things):
    roles = {"features": FEATURES, "prediction": "approve"}
    dataset = data.describe(by=owner, model=things.model, name="Borrowers", **roles)
    plan = runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    runs.accept_not_applicable(by=validator, plan=plan, reason="Companies only.")
    corrected(owner, dataset, sensitive=[])
    runs.catch_up(owner.organisation_id)
    a_version(owner, things.model, "2.0", bare=True)
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert NotApplicable.objects.get().ended_reason == WRONG
        assert not Evidence.objects.standing().filter(source__startswith="set_aside:").exists()


def test_nothing_is_planned_for_a_description_that_has_ended(owner, things):
    retired = editions.retire(by=owner, dataset=things.dataset, reason="Sold.")
    assert set(retired.checks.ended) == {"drift", "fairness"}
    for deed in (
        lambda: runs.set_plan(by=owner, dataset=things.dataset, check_key="drift"),
        lambda: runs.set_default_plans(by=owner, dataset=things.dataset),
    ):
        with pytest.raises(OutOfOrder, match="is retired"):
            deed()
    with pytest.raises(NotFound):
        runs.follow_proposal(by=owner, dataset=things.dataset, check_key="drift")
    with viewing(owner):
        assert planning.wanted([things.model]) == []


def test_a_run_that_waits_measures_nothing_once_its_description_has_ended(owner, things):
    a_period(owner, things.dataset, "current")
    runs.catch_up(owner.organisation_id)
    run = run_of(owner, "drift", "current")
    corrected(owner, things.dataset)
    runs.work(run.pk)
    with viewing(owner):
        run = Run.objects.select_related("result").get(pk=run.pk)
    assert (run.result.verdict, run.result.summary["withdrawn"]) == ("not_applicable", "dataset")


def test_a_correction_that_is_refused_ends_no_plan(owner, things):
    with pytest.raises(RuleBroken):
        corrected(owner, things.dataset, categorical=["elsewhere"])
    assert len(planned(owner, things.dataset)) == 2
