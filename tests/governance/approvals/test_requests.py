"""A version comes before the committee once, whole, and only when there is something to decide on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from governance.approvals import canonical
from governance.approvals import services as approvals
from governance.approvals.models import ApprovalRequest
from governance.approvals.readiness import TRIES, Ready, computed_first, refuse_unless_ready
from governance.errors import NotAllowed, OutOfOrder, RuleBroken, Unavailable
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting, viewing
from governance.post.models import Message
from governance.risk.models import RiskAssessment
from tests.factories import REGISTER, join
from tests.governance.approvals.conftest import ARTEFACT, add_version, ask_for, check, sweep

pytestmark = pytest.mark.django_db


def arrange(model: type, **values) -> None:
    with acting(REGISTER, "test.arranged"):
        model.objects.update(**values)


def refused(error, by, version, count, environment="production"):
    with pytest.raises(error) as caught:
        ask_for(by, version, environment)
    assert count(ApprovalRequest) == 0
    assert count(Message) == 0
    return caught.value


def test_a_request_holds_all_that_the_committee_decides_on(version, card, owner):
    passed = check(version)
    check(version, "uncertain", kind="check:drift", source="plan:drift")
    request = ask_for(owner, version)
    manifest = request.manifest
    assert manifest["version"] == "1.0"
    assert manifest["artefact_sha256"] == ARTEFACT
    assert manifest["version_facts"]["features"] == ["income", "age"]
    assert manifest["version_facts"]["decision_threshold"] == 0.5
    assert manifest["grade"] == {"risk_degree": "medium", "autonomy_degree": "low", "tier": 3}
    assert manifest["documents"] == {str(card.pk): "1" * 64}
    assert [each["title"] for each in manifest["cited_documents"]] == ["Model card"]
    assert manifest["evidence"][str(passed.pk)] == "e" * 64
    assert {each["kind"] for each in manifest["cited_evidence"]} == {
        "check:drift",
        "check:fairness",
        "document:model_card",
    }
    assert manifest["open_points"]["uncertain"]["evidence"] == ["check:drift"]
    assert manifest["route"] == {"key": "standard", "edition": request.route_edition}


def test_its_digest_is_that_of_what_the_database_gives_back(asked):
    with viewing(REGISTER):
        kept = ApprovalRequest.objects.get(pk=asked.pk)
    assert canonical.sha256(kept.manifest) == kept.manifest_sha256


def test_of_one_plan_only_the_newest_answer_comes_before_the_committee(version, card, owner):
    check(version, "passed", taken_at=timezone.now() - timedelta(days=2))
    newest = check(version, "failed")
    request = ask_for(owner, version)
    checks = [each for each in request.manifest["cited_evidence"] if each["kind"] == "check:fairness"]
    assert [each["id"] for each in checks] == [str(newest.pk)]
    assert request.manifest["open_points"]["failing"]["evidence"] == ["check:fairness"]


def test_the_same_content_makes_the_same_manifest(asked, owner, version):
    approvals.withdraw(by=owner, request=asked)
    assert ask_for(owner, version).manifest_sha256 == asked.manifest_sha256


def test_every_member_who_may_vote_is_told_in_their_language(version, card, owner, committee, validator):
    asked = ask_for(owner, version)
    with viewing(REGISTER):
        messages = list(Message.objects.filter(key="approval_requested"))
    assert {each.to_id for each in messages} == {member.user_id for member in committee}
    assert {each.link for each in messages} == {f"/requests/{asked.pk}/"}
    assert messages[0].subject == "Your vote is asked for: M-0001 Credit scoring, version 1.0"
    assert mail.outbox == []


def test_a_model_that_nobody_graded_is_refused(version, owner, count):
    with acting(REGISTER, "test.arranged"):
        RiskAssessment.objects.update(superseded_at=timezone.now())
    refused(OutOfOrder, owner, version, count)


def test_a_draft_is_refused(version, owner, count):
    arrange(AIModel, status="draft")
    refused(OutOfOrder, owner, version, count)


def test_a_withdrawn_version_is_refused(version, owner, count):
    arrange(ModelVersion, withdrawn_at=timezone.now())
    refused(OutOfOrder, owner, version, count)


def test_an_older_version_is_refused_because_requirements_are_judged_for_the_newest(
    version, model, owner, count
):
    add_version(model, "2.0")
    refused(OutOfOrder, owner, version, count)


def test_an_environment_that_the_route_does_not_know_is_refused(version, owner, count):
    assert refused(RuleBroken, owner, version, count, environment="moon").problems


def test_requirements_that_are_behind_are_computed_first_or_the_request_is_refused(version, owner, count):
    with viewing(owner), pytest.raises(Unavailable):  # inside somebody's transaction nobody else can compute
        ask_for(owner, version)
    assert count(ApprovalRequest) == 0
    assert ask_for(owner, version).is_open


def test_what_is_recorded_between_the_computation_and_the_lock_is_computed_too(version):
    """A worker records whenever it likes, and nobody has to press the button again for it. It gives up at last."""

    def disturbed(times: int) -> Ready:
        left = iter(range(times))

        def write() -> Ready:
            if next(left, None) is not None:
                check(version)
            with acting(REGISTER, "test.looked"):
                return refuse_unless_ready(ModelVersion.objects.get(pk=version.pk), "production")

        return computed_first(version.organisation_id, write)

    assert disturbed(TRIES - 1).sheet.model_id == version.model_id
    with pytest.raises(Unavailable):
        disturbed(TRIES)


def test_a_version_is_before_the_committee_once_for_each_environment(asked, version, owner, count):
    with pytest.raises(OutOfOrder):
        ask_for(owner, version)
    assert count(ApprovalRequest) == 1
    sweep(version)
    assert ask_for(owner, version, "pilot").is_open


def test_only_the_owner_of_the_model_asks(version, card, bank, validator, committee, stranger, count):
    colleague = join(bank, "model_owner", email="colleague@bank.example")
    for by in (colleague, validator, committee[0], stranger):
        refused(NotAllowed, by, version, count)


def test_only_the_requester_withdraws_and_only_once(asked, owner, committee, count):
    with pytest.raises(NotAllowed):
        approvals.withdraw(by=committee[0], request=asked)
    assert approvals.withdraw(by=owner, request=asked).status == "withdrawn"
    with pytest.raises(OutOfOrder):
        approvals.withdraw(by=owner, request=asked)
