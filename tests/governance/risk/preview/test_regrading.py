"""A candidate questionnaire judges the answers on file: which grades would be others, and which are open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml
from django.utils import timezone

from governance.errors import RuleBroken
from governance.people.acting import viewing
from governance.risk import services as risk
from governance.risk.models import RiskAssessment
from governance.risk.overriding import services as overriding
from governance.risk.preview.reading import candidate
from governance.risk.preview.regrading import regrade
from tests.governance.inventory.made import registered
from tests.governance.risk.given import gravest, mildest
from tests.governance.risk.preview.candidates import (
    acts_alone,
    asks_more,
    candidate_file,
    mild_is_grave,
    other_class,
)
from tests.journeys.refusing import reading_only

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(owner):
    model = registered(owner)
    risk.assess(by=owner, model=model, answers=mildest())
    return model


def tried(actor, content):
    with viewing(actor):
        return regrade(by=actor, questionnaire=candidate(content), today=timezone.localdate())


def changes(found):
    return [(change.axis, change.was, change.now) for row in found.rows for change in row.changes]


def test_the_questionnaire_of_today_changes_nothing(validator, model):
    found = tried(validator, candidate_file())
    assert (found.rows, found.models, found.ungraded) == ([], 1, 0)


def test_an_answer_that_pulls_higher_changes_the_degree_and_the_tier_and_nothing_is_written(validator, model):
    with reading_only():
        found = tried(validator, candidate_file(mild_is_grave))

    assert changes(found) == [("risk", "minimal", "high"), ("tier", "4", "1")]
    with viewing(validator):
        assert RiskAssessment.objects.get().risk_degree == "minimal"


def test_another_class_under_eu_law_is_a_change_of_its_own(validator, model):
    assert changes(tried(validator, candidate_file(other_class))) == [("eu", "none", "high")]


def test_a_question_that_nobody_was_asked_is_open_and_never_assumed(validator, model):
    [row] = tried(validator, candidate_file(asks_more)).rows

    assert (row.outcome, row.now, row.changes) == ("open", None, [])
    assert [question.id for question in row.questions] == ["reach"]


def test_an_answer_that_is_no_option_any_more_is_open(validator, model):
    def forgets(raw):
        del raw["questions"][0]["options"][0]

    [row] = tried(validator, candidate_file(forgets)).rows
    assert (row.outcome, [question.id for question in row.questions]) == ("open", ["stop"])


def test_high_autonomy_without_a_special_law_is_refused_as_it_would_be_in_grading(validator, model):
    [row] = tried(validator, candidate_file(acts_alone)).rows

    assert (row.outcome, row.now) == ("blocked", None)
    assert [question.id for question in row.questions] == ["decides", "intervene"]


def test_what_is_set_by_hand_ends_with_a_new_grade(owner, validator, model):
    until = timezone.localdate() + timedelta(days=30)
    overriding.override(
        by=validator, model=model, axis="risk", value="high", reason="A pilot with people", ends_on=until
    )
    found = tried(validator, candidate_file(other_class))

    assert changes(found) == [("risk", "high", "minimal"), ("eu", "none", "high")]


def test_a_model_without_a_grade_stays_without_one(owner, validator):
    registered(owner)
    found = tried(validator, candidate_file(mild_is_grave))
    assert (found.rows, found.models, found.ungraded) == ([], 0, 1)


def test_it_counts_from_the_day_that_the_candidate_states(validator, model):
    today = timezone.localdate()
    later = today + timedelta(days=90)

    assert tried(validator, candidate_file(applies_from=later)).on == later
    assert tried(validator, candidate_file(applies_from=today - timedelta(days=1))).on == today
    assert tried(validator, candidate_file()).on == today


def test_everybody_sees_the_models_that_they_may_see(validator, model, stranger, supervisor):
    content = candidate_file(mild_is_grave)
    assert len(tried(validator, content).rows) == len(tried(supervisor, content).rows) == 1
    assert tried(stranger, content).rows == []


def test_as_many_queries_for_three_models_as_for_one(validator, owner, django_assert_num_queries, model):
    content = candidate_file(mild_is_grave)
    with django_assert_num_queries(8) as one:
        tried(validator, content)
    for _more in range(2):
        risk.assess(by=owner, model=registered(owner), answers=gravest())
    with django_assert_num_queries(len(one.captured_queries)):
        assert tried(validator, content).models == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- 1\n- 2\n", "This is not a questionnaire"),
        (b"questions: 5\n", "This is not a questionnaire"),
        (
            candidate_file(lambda raw: raw["questions"][0]["title"].pop("kk")),
            "kz-2099.yaml: question stop: title: it is not in kk, ru and en",
        ),
        (
            candidate_file(lambda raw: raw["questions"][0].update(weight=3)),
            "kz-2099.yaml: question stop: weight: there is no such key",
        ),
        (
            candidate_file(lambda raw: raw["questions"][0].pop("article")),
            "kz-2099.yaml: question stop: article: it is missing",
        ),
        (candidate_file(applies_from="soon"), "kz-2099.yaml: applies_from: 'soon' is no day"),
        (b"edition: &x [*x]\n", "by reference"),
    ],
    ids=["a_list", "no_questions", "untranslated", "unknown_key", "no_article", "no_day", "aliases"],
)
def test_what_is_no_questionnaire_is_refused_with_the_same_words_as_one_of_ours(content, words):
    with pytest.raises(RuleBroken) as refusal:
        candidate(content)
    assert any(words in str(problem.what) for problem in refusal.value.problems)


def test_each_flaw_stands_by_itself():
    raw = yaml.safe_load(candidate_file())
    raw["questions"][0]["reading"] = "theirs"
    raw["floors"][0]["tier"] = 9
    with pytest.raises(RuleBroken) as refusal:
        candidate(yaml.safe_dump(raw, allow_unicode=True).encode())
    assert len(refusal.value.problems) == 2
