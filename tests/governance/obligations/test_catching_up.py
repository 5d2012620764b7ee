"""Duties follow the register: what is behind is computed, what is up to date is left alone."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.obligations import services as obligations
from governance.obligations.models import DutySheet, Evidence, KeptAnswer
from governance.people.acting import acting, viewing
from governance.people.models import Organisation
from tests.factories import REGISTER
from tests.governance.obligations.things import a_model, a_paper, a_run, a_version, caught_up, graded, sheet

pytestmark = pytest.mark.django_db

SCORING = {
    "role": "owner_or_holder", "origin": "in_house", "trained_model": True, "credit_scoring": True,
    "decisions_about_persons": True, "natural_persons": True, "client_facing": True, "personal_data": True,
    "usage_mode": "closed",
}  # fmt: skip


@pytest.fixture
def scoring(owner) -> AIModel:
    model = a_model(owner, **SCORING)
    graded(owner, model, "high", "medium")
    return model


def writes(queries: CaptureQueriesContext) -> list[str]:
    verbs = ("INSERT", "UPDATE", "DELETE")
    return [query["sql"][:80] for query in queries if query["sql"].lstrip().startswith(verbs)]


def test_a_second_round_writes_nothing(bank, owner, scoring):
    a_paper(owner, scoring, "risk_register")
    obligations.catch_up(bank.pk)

    with CaptureQueriesContext(connection) as queries:
        obligations.catch_up(bank.pk)

    assert writes(queries) == []


def test_a_paper_that_was_handed_in_is_evidence_after_the_sweep(bank, owner, scoring):
    before = caught_up(bank, owner, scoring)["kz-art18-1-1-identify-risks"].status
    revision = a_paper(owner, scoring, "risk_register", "human_oversight_log", "approval")

    duty = caught_up(bank, owner, scoring)["kz-art18-1-1-identify-risks"]

    with viewing(owner):
        evidence = list(Evidence.objects.order_by("kind"))
    assert (before, duty.status) == ("missing", "on_file")
    assert [each.kind for each in evidence] == ["document:risk_register", "human_oversight_log"]
    assert {each.source_id for each in evidence} == {revision.pk}
    assert duty.evidence_ids == [str(evidence[0].pk)]


def test_a_new_revision_takes_the_place_of_the_former(bank, owner, scoring):
    first = a_paper(owner, scoring, "risk_register")
    obligations.catch_up(bank.pk)
    second = a_paper(owner, scoring, sha256="b" * 64, document=first.document)

    duty = caught_up(bank, owner, scoring)["kz-art18-1-1-identify-risks"]

    with viewing(owner):
        standing = {each.source_id: each.revoked_at is None for each in Evidence.objects.all()}
    assert standing == {first.pk: False, second.pk: True}
    assert duty.status == "on_file"


def test_evidence_that_a_person_revoked_is_not_pulled_again(bank, owner, validator, scoring):
    a_paper(owner, scoring, "risk_register")
    obligations.catch_up(bank.pk)
    with viewing(validator):
        [evidence] = Evidence.objects.all()
    obligations.revoke(by=validator, evidence=evidence, reason="It belongs to another model.")

    assert caught_up(bank, owner, scoring)["kz-art18-1-1-identify-risks"].status == "missing"


def written(reader) -> tuple[set[str], set[str]]:
    """Answers that are kept, and the places of standings in PostgreSQL: a row that is written again moves."""
    with viewing(reader), connection.cursor() as cursor:
        cursor.execute("SELECT framework_key || ctid::text FROM governance_standing")
        places = {place for (place,) in cursor.fetchall()}
        return {str(key) for key in KeptAnswer.objects.values_list("pk", flat=True)}, places


def test_only_what_changed_is_written(bank, owner, scoring):
    obligations.catch_up(bank.pk)
    answers, places = written(owner)
    a_paper(owner, scoring, "residual_risk_statement")
    obligations.catch_up(bank.pk)
    more, moved = written(owner)

    assert answers < more and len(more - answers) < 20
    assert 0 < len(moved - places) < len(places)


def test_an_answer_that_two_models_share_is_kept_once(bank, owner, scoring):
    obligations.catch_up(bank.pk)
    answers, _places = written(owner)
    twin = a_model(owner, number="M-0002", **SCORING)
    graded(owner, twin, "high", "medium")
    duties = caught_up(bank, owner, twin)

    assert len(duties) == 171
    assert written(owner)[0] == answers


def test_an_answer_that_is_kept_never_changes(bank, owner, scoring):
    obligations.catch_up(bank.pk)
    with acting(REGISTER, "test.tried"):
        assert KeptAnswer.objects.update(status="on_file") == 0
        assert KeptAnswer.objects.all().delete()[0] == 0


def test_each_version_is_judged_by_its_own_checks(bank, owner, scoring):
    first, second = a_version(owner, scoring, "1.0", days_ago=9), a_version(owner, scoring, "2.0")
    a_run(scoring, first, "check:fairness", "failed")
    a_run(scoring, second, "check:fairness", "uncertain")

    duties = caught_up(bank, owner, scoring)

    failing = sheet(owner, scoring).failing
    on_first = {each["key"] for each in failing[str(first.pk)] if each["status"] == "failing"}
    assert "kz-art6-fairness-equality" in on_first
    assert failing[str(second.pk)] == []
    assert duties["kz-art6-fairness-equality"].status != "failing"


def test_a_later_pass_of_the_same_plan_speaks_last(bank, owner, scoring):
    version = a_version(owner, scoring, "1.0")
    a_run(scoring, version, "check:fairness", "failed", taken_at=timezone.now() - timedelta(hours=1))
    a_run(scoring, version, "check:fairness", "passed")
    obligations.catch_up(bank.pk)
    assert sheet(owner, scoring).failing == {str(version.pk): []}

    a_run(scoring, version, "check:fairness", "failed", source="plan:another")
    obligations.catch_up(bank.pk)
    assert sheet(owner, scoring).failing[str(version.pk)] != []


def test_a_withdrawn_version_is_no_longer_judged(bank, owner, scoring):
    first, second = a_version(owner, scoring, "1.0", days_ago=9), a_version(owner, scoring, "2.0")
    with acting(owner, "version.withdrawn"):
        ModelVersion.objects.filter(pk=second.pk).update(withdrawn_at=timezone.now())
    obligations.catch_up(bank.pk)

    assert list(sheet(owner, scoring).failing) == [str(first.pk)]


def test_a_draft_is_told_what_it_will_owe_and_a_withdrawn_model_is_left_alone(bank, owner):
    draft = a_model(owner, number="M-0001", status="draft", **SCORING)
    gone = a_model(owner, number="M-0002", **SCORING)
    with acting(owner, "model.withdrawn"):
        AIModel.objects.filter(pk=gone.pk).update(
            status="withdrawn", withdrawn_at=timezone.now(), withdrawn_reason="No longer used"
        )
    obligations.catch_up(bank.pk)

    with viewing(owner):
        assert list(DutySheet.objects.values_list("model_id", flat=True)) == [draft.pk]


def test_a_framework_comes_on_with_the_answer_that_switches_it_on_and_goes_with_it(bank, owner, scoring):
    obligations.catch_up(bank.pk)
    assert set(sheet(owner, scoring).counts) == {"kz-ai-law", "iosco", "nist-ai-rmf"}
    for answer, there in ((True, True), (False, False)):
        with acting(owner, "model.edited"):
            AIModel.objects.filter(pk=scoring.pk).update(eu_scope=answer)
        duties = caught_up(bank, owner, scoring)
        assert ("eu-ai-act" in sheet(owner, scoring).counts) is there
        assert ("eu-art4-ai-literacy" in duties) is there


def test_an_adopted_framework_is_judged_too(bank, owner, validator, scoring):
    obligations.catch_up(bank.pk)
    obligations.adopt(by=validator, organisation=bank, framework_key="mas-feat")
    obligations.catch_up(bank.pk)

    assert sum(sheet(owner, scoring).counts["mas-feat"].values()) == 14


def test_a_licence_of_the_organisation_reaches_its_models(bank, owner, scoring):
    obligations.catch_up(bank.pk)
    before = sheet(owner, scoring).basis
    with acting(REGISTER, "organisation.corrected"):
        Organisation.objects.filter(pk=bank.pk).update(is_licensed=True)
    obligations.catch_up(bank.pk)

    assert sheet(owner, scoring).basis != before


def test_another_model_of_the_firm_decides_what_the_firm_owes(bank, owner, scoring):
    """GOVERN 6.1 asks the organisation about third parties: one bought model is enough."""
    assert caught_up(bank, owner, scoring)["nist-govern-6-1"].status == "not_applicable"
    a_model(owner, number="M-0002", origin="vendor", vendor="Some vendor")

    assert caught_up(bank, owner, scoring)["nist-govern-6-1"].status == "missing"


def test_evidence_of_the_organisation_answers_what_is_asked_of_it(bank, owner, scoring):
    a_run(scoring, None, "document:ai_policy", "on_file", source="board", model_id=None)
    duties = caught_up(bank, owner, scoring)

    answered = {key for key, duty in duties.items() if duty.evidence_ids}
    assert answered
    assert {duties[key].obligation.level for key in answered} == {"organisation"}


def test_a_day_that_turns_an_answer_brings_the_sheet_behind(bank, owner, scoring):
    version = a_version(owner, scoring, "1.0")
    soon = timezone.localdate() + timedelta(days=3)
    a_run(scoring, version, "check:fairness", "passed", valid_until=soon)
    obligations.catch_up(bank.pk)
    assert sheet(owner, scoring).stale_after == soon

    with acting(REGISTER, "clock.moved"):
        DutySheet.objects.update(stale_after=timezone.localdate() - timedelta(days=1))
    obligations.catch_up(bank.pk)
    assert sheet(owner, scoring).stale_after == soon


def test_one_model_is_computed_well_within_a_third_of_a_second(bank, owner, scoring, capsys):
    for label in ("1.0", "2.0", "3.0"):
        version = a_version(owner, scoring, label)
        for kind in ("check:fairness", "check:drift", "check:explainability"):
            a_run(scoring, version, kind, "passed", valid_until=timezone.localdate() + timedelta(days=40))
    a_paper(owner, scoring, "risk_register", "model_card", "system_document", "validation_report")
    obligations.catch_up(bank.pk)
    a_paper(owner, scoring, "test_report")
    started, worked = time.perf_counter(), time.process_time()
    obligations.catch_up(bank.pk)
    elapsed, worked = time.perf_counter() - started, time.process_time() - worked

    with capsys.disabled():
        figures = f"{elapsed * 1000:.0f} ms, of which {worked * 1000:.0f} ms our own work"
        print(f"\n  one model, 171 requirements, 3 versions: {figures}")
    assert elapsed < 1.0
