"""What counts as evidence: of this model, this version, in date, in use, and the last word of its series."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from governance.obligations.rules import Subject, answer
from tests.governance.obligations.judging import SUBJECT, TODAY, duty, fact, keys, status

YESTERDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("passed", "on_file"),
        ("uncertain", "on_file"),
        ("amber", "on_file"),
        ("failed", "failing"),
        ("insufficient_data", "missing"),
        ("not_run", "missing"),
        ("not_applicable", "missing"),
    ],
)
def test_a_check_counts_only_when_it_passed(verdict, expected):
    answered = answer(duty("check:fairness"), {}, [fact("check:fairness", verdict)], TODAY, SUBJECT)

    assert answered.status == expected
    assert verdict == "passed" or verdict in keys(answered)


def test_a_check_of_another_version_does_not_count_and_the_reason_says_so():
    old = fact("check:fairness", "passed", version_id="v1")
    answered = answer(duty("check:fairness"), {}, [old], TODAY, SUBJECT)

    assert answered.status == "missing"
    assert keys(answered) == ["other_version", "nothing_on_file"]


def test_a_check_never_counts_for_a_model_without_a_version():
    bare = Subject(model_id="m")

    assert (
        status(duty("check:drift"), fact("check:drift", "passed", version_id=None), subject=bare) == "missing"
    )


def test_a_failure_of_an_old_version_does_not_fail_the_current_one():
    assert status(duty("check:drift"), fact("check:drift", "failed", version_id="v1")) == "missing"


def test_an_approval_of_an_old_version_does_not_count_but_one_without_a_version_does():
    assert status(duty("approval"), fact("approval", version_id="v1")) == "missing"
    assert status(duty("approval"), fact("approval", version_id="v2")) == "on_file"
    assert status(duty("approval"), fact("approval", version_id=None)) == "on_file"


def test_a_document_of_an_old_version_counts_unless_the_text_itself_asks_per_release():
    old = fact("document:test_report", version_id="v1")

    assert status(duty("document:test_report", periodicity="per_release"), old) == "on_file"
    law = duty("document:test_report", periodicity="per_release", periodicity_basis="text")
    assert status(law, old) == "missing"


def test_evidence_of_another_model_is_not_ours():
    assert status(duty("document:model_card"), fact("document:model_card", model_id="other")) == "missing"
    assert status(duty("document:model_card"), fact("document:model_card", model_id=None)) == "missing"


def test_an_organisation_answers_once_for_all_its_models():
    charter = duty("document:governance_charter", level="organisation")

    assert status(charter, fact("document:governance_charter", model_id=None)) == "on_file"
    assert status(charter, fact("document:governance_charter")) == "missing"


def test_revoked_evidence_counts_until_the_day_before_it_was_revoked():
    card = fact("document:model_card", on=date(2026, 1, 1), revoked_at=datetime(2026, 11, 22, 8, tzinfo=UTC))

    assert status(duty("document:model_card"), card) == "missing"
    assert status(duty("document:model_card"), card, as_of=YESTERDAY) == "on_file"


def test_evidence_of_tomorrow_does_not_answer_for_yesterday():
    assert status(duty("document:model_card"), fact("document:model_card"), as_of=YESTERDAY) == "missing"


def test_the_last_run_of_a_plan_decides_and_not_the_best_one():
    passed = fact("check:fairness", "passed", hour=8)
    failed = fact("check:fairness", "failed", hour=9)
    again = fact("check:fairness", "passed", hour=10)

    assert status(duty("check:fairness"), passed, failed) == "failing"
    assert status(duty("check:fairness"), passed, failed, again) == "on_file"


def test_the_plan_of_one_attribute_does_not_hide_the_failure_of_another():
    by_age = fact("check:fairness", "failed", series="age", hour=8)
    by_sex = fact("check:fairness", "passed", series="sex", hour=9)

    assert status(duty("check:fairness"), by_age, by_sex) == "failing"


def test_a_failed_check_is_not_outvoted_by_an_alternative():
    log = fact("human_oversight_log")
    failed = fact("check:fairness", "failed")

    answered = answer(duty("check:fairness", "human_oversight_log"), {}, [log, failed], TODAY, SUBJECT)

    assert answered.status == "failing"
    assert answered.groups[0].by == (log.id,)
    assert answered.groups[0].failing == (failed.id,)


@pytest.mark.parametrize(("vendor", "expected"), [(True, "on_file"), (False, "missing"), (None, "missing")])
def test_a_disclosure_by_a_vendor_needs_a_vendor(vendor, expected):
    disclosure = fact("vendor_disclosure")

    assert status(duty("vendor_disclosure"), disclosure, flags={"third_party": vendor}) == expected


@pytest.mark.parametrize("kind", ["notification_text", "label_text"])
def test_a_text_counts_only_while_it_is_in_use(kind):
    assert status(duty(kind), fact(kind)) == "missing"
    assert status(duty(kind), fact(kind, in_use=True)) == "on_file"


def test_a_registration_field_answers_when_it_is_filled():
    asked = duty("registration_field:risk_level")

    assert status(asked) == "missing"
    assert status(asked, subject=replace(SUBJECT, filled={"risk_level": "high"})) == "on_file"


def test_evidence_counts_on_its_last_day_and_not_after():
    disclosure = fact("approval", on=date(2026, 1, 1), valid_until=TODAY)

    assert status(duty("approval"), disclosure) == "due_soon"
    assert status(duty("approval"), disclosure, as_of=date(2026, 11, 23)) == "missing"
