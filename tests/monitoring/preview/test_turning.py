"""Candidate limits judge the answers on file: which checks, findings, models and requirements would change colour."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from governance.obligations import services as obligations
from governance.people.acting import acting, viewing
from monitoring.preview.candidates import from_file, one
from monitoring.preview.turning import preview
from monitoring.runs import services as runs
from monitoring.runs.models import Result
from tests.governance.obligations.things import caught_up, graded
from tests.journeys.refusing import reading_only
from tests.monitoring.preview.answered import answer, asked, drift, fairness, own_periods

pytestmark = pytest.mark.django_db


@pytest.fixture
def drifting(owner):
    """One of three features has drifted: amber by the usual limits."""
    things = asked(owner, "drift")
    answer(owner, things, "drift", drift(0.01, 0.02, 0.3))
    return things


def tried(actor, candidate, **later):
    with viewing(actor):
        return preview(by=actor, candidate=candidate, now=timezone.now() + timedelta(**later))


def verdicts(found):
    return [(each.run.check_key, each.was, each.now) for each in found.checks]


def test_the_limits_that_stand_change_nothing(validator, drifting):
    found = tried(validator, one("drift", "drifted_share", 0.5))
    assert (verdicts(found), found.models, found.turns, found.answers) == ([], [], [], 1)


def test_a_stricter_limit_turns_amber_to_red_with_its_finding_and_its_model_and_writes_nothing(
    validator, drifting
):
    with reading_only():
        found = tried(validator, one("drift", "drifted_share", 0.3))

    assert verdicts(found) == [("drift", "amber", "failed")]
    assert [(each.finding_was, each.finding_now) for each in found.checks] == [("amber", "red")]
    assert [(each.model, each.was, each.now) for each in found.models] == [
        (drifting.model, "amber", "failed")
    ]
    with viewing(validator):
        assert Result.objects.get().verdict == "amber"


def test_another_limit_of_a_feature_is_held_against_the_scores_on_file(validator, drifting):
    assert verdicts(tried(validator, one("drift", "feature_score", 0.4))) == [("drift", "amber", "passed")]
    assert verdicts(tried(validator, one("drift", "feature_score", 0.02))) == [("drift", "amber", "failed")]
    assert verdicts(tried(validator, one("drift", "feature_score", 0.3))) == []


def test_amber_and_red_may_be_tried_together_from_a_file(validator, drifting):
    both = b"edition: '2099-1'\ntiers: {1: {drift: {feature_score: 0.015, drifted_share: 0.7}}}\n"
    assert verdicts(tried(validator, from_file(both))) == []
    red = both.replace(b"0.7", b"0.6")
    assert verdicts(tried(validator, from_file(red))) == [("drift", "amber", "failed")]


def test_a_margin_over_own_periods_is_held_against_what_is_on_file(owner, validator):
    things = asked(owner, "drift", limits_from="own_periods", drifted_share=2.0)
    answer(owner, things, "drift", own_periods(0.4, largest=0.2))

    assert verdicts(tried(validator, one("drift", "margin", 2.5))) == [("drift", "amber", "passed")]
    assert verdicts(tried(validator, one("drift", "margin", 0.5))) == [("drift", "amber", "failed")]


def test_a_limit_that_the_figures_rest_on_needs_another_run_and_is_never_green(owner, validator):
    things = asked(owner, "fairness")
    answer(owner, things, "fairness", fairness(900))
    found = tried(validator, one("fairness", "minimum_group", 2000))

    assert verdicts(found) == [("fairness", "passed", "unknown")]
    assert [(each.was, each.now) for each in found.models] == [("passed", "unknown")]
    assert found.turns == []


def test_an_answer_of_another_version_of_the_check_needs_another_run(owner, validator):
    things = asked(owner, "drift")
    answer(owner, things, "drift", {**drift(0.01), "check_version": 1})
    assert verdicts(tried(validator, one("drift", "drifted_share", 0.3))) == [("drift", "passed", "unknown")]


def test_an_answer_whose_file_is_damaged_needs_another_run(validator, drifting):
    for path in (Path(settings.SENIM_HOME) / "store").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"{}")
    assert verdicts(tried(validator, one("drift", "drifted_share", 0.3))) == [("drift", "amber", "unknown")]


def test_what_was_refused_stays_refused(owner, validator):
    things = asked(owner, "drift")
    answer(owner, things, "drift", {"refused": "no_rows", "params": {}})
    found = tried(validator, one("drift", "drifted_share", 0.3))
    assert (verdicts(found), found.answers) == ([], 1)


def test_an_answer_that_is_too_old_stays_not_run(validator, drifting):
    found = tried(validator, one("drift", "drifted_share", 0.3), days=400)
    assert (verdicts(found), found.models, found.answers, found.stale) == ([], [], 1, 1)


def test_the_colour_of_a_model_is_that_of_its_worst_check(owner, validator):
    things = asked(owner, "drift", "fairness")
    answer(owner, things, "drift", drift(0.01, 0.3))
    answer(owner, things, "fairness", fairness(900))
    found = tried(validator, one("fairness", "demographic_parity_ratio", 0.95))

    assert verdicts(found) == [("fairness", "passed", "failed")]
    assert found.models == []


def test_a_limit_of_one_tier_is_for_the_models_of_that_tier(owner, validator, drifting):
    stricter = one("drift", "drifted_share", 0.3, tier=2)
    assert verdicts(tried(validator, stricter)) == []
    graded(owner, drifting.model, "high", "low")
    assert verdicts(tried(validator, stricter)) == [("drift", "amber", "failed")]


def test_requirements_that_rest_on_the_check_turn_as_they_do_when_the_limit_is_set(bank, owner, validator):
    things = asked(owner, "fairness")
    with acting(owner, "model.changed"):
        type(things.model).objects.filter(pk=things.model.pk).update(
            role="owner_or_holder", decisions_about_persons=True, natural_persons=True
        )
    graded(owner, things.model, "high", "low")
    answer(owner, things, "fairness", fairness(900))
    obligations.catch_up(bank.pk)
    with reading_only():
        found = tried(validator, one("fairness", "demographic_parity_ratio", 0.95))

    assert {(turn.model, turn.now, turn.on) for turn in found.turns} == {
        (things.model, "failing", timezone.localdate())
    }
    stricter = {"demographic_parity_ratio": 0.95}
    runs.set_plan(
        by=owner, dataset=things.dataset, check_key="fairness", limits=stricter, reason="as our policy says"
    )
    runs.start(by=owner, model=things.model)
    answer(owner, things, "fairness", fairness(900))
    failing = {key for key, duty in caught_up(bank, owner, things.model).items() if duty.status == "failing"}
    assert failing == {turn.obligation.key for turn in found.turns}


def test_everybody_sees_the_models_that_they_may_see(validator, drifting, stranger, supervisor):
    stricter = one("drift", "drifted_share", 0.3)
    assert verdicts(tried(supervisor, stricter)) == verdicts(tried(validator, stricter)) != []
    assert tried(stranger, stricter).checks == []


def test_as_many_queries_for_three_models_as_for_one(owner, validator, drifting, django_assert_num_queries):
    usual = one("drift", "drifted_share", 0.5)
    with django_assert_num_queries(11) as first:
        tried(validator, usual)
    for number in ("M-0002", "M-0003"):
        answer(owner, asked(owner, "drift", number=number), "drift", drift(0.01, 0.02, 0.3))
    with django_assert_num_queries(len(first.captured_queries)):
        assert tried(validator, usual).answers == 3


def test_another_limit_of_one_column_is_held_against_its_score_and_another_method_needs_a_run(
    validator, drifting
):
    def lines(said: str):
        return tried(validator, from_file(f"tiers: {{1: {{drift: {{columns: '{said}'}}}}}}".encode()))

    assert verdicts(lines("f2: 0.4")) == [("drift", "amber", "passed")]
    assert verdicts(lines("f0: 0.005")) == [("drift", "amber", "failed")]
    assert verdicts(lines("f2: wasserstein 0.4")) == [("drift", "amber", "unknown")]
