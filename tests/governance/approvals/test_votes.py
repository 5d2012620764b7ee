"""Four eyes, one vote each, over one manifest; the vote that completes the tally decides, once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.approvals import services as approvals
from governance.approvals.models import (
    ApprovalRequest,
    Authorisation,
    Condition,
    Decision,
    Recommendation,
    Vote,
)
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.models import ModelVersion
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.post.models import Message
from tests.factories import REGISTER, join
from tests.governance.approvals.conftest import ARTEFACT, ask_for, check, grade, revise, sweep, vote_all

pytestmark = pytest.mark.django_db


def vote(by, request, ballot="approve", **more):
    return approvals.vote(by=by, request=request, ballot=ballot, **more)


def refused(error, count, *args, **more):
    with pytest.raises(error) as caught:
        vote(*args, **more)
    assert (count(Vote), count(Decision)) == (0, 0)
    return caught.value


def test_three_votes_and_a_majority_give_a_permission_for_the_months_of_its_tier(asked, committee):
    vote_all(committee[:2], asked)
    with viewing(REGISTER):
        assert not Decision.objects.exists()
    vote_all(committee[2:], asked, "reject")
    with viewing(REGISTER):
        permission = Authorisation.objects.select_related("decision").get()
        assert ApprovalRequest.objects.get().status == "approved"
    assert permission.decision.manifest_sha256 == asked.manifest_sha256
    assert (permission.artefact_sha256, permission.state) == (ARTEFACT, "active")
    assert permission.expires_at == permission.starts_at.replace(year=permission.starts_at.year + 1)


def test_an_approval_is_evidence_of_exactly_this_manifest(permission):
    with viewing(REGISTER):
        piece = Evidence.objects.get(kind="approval")
    assert (piece.source, piece.source_id) == ("decision", permission.decision_id)
    assert (piece.version_id, piece.verdict) == (permission.version_id, "on_file")
    assert piece.valid_until == timezone.localdate(permission.expires_at)


def test_a_rejection_gives_no_permission_and_tells_the_requester(asked, committee, owner, count):
    vote_all(committee, asked, "reject")
    assert (count(Decision), count(Authorisation), count(Evidence)) == (1, 0, 1)
    with viewing(REGISTER):
        message = Message.objects.get(key="approval_decided")
        assert ApprovalRequest.objects.get().status == "rejected"
    assert message.to_id == owner.user_id
    assert message.subject == "Rejected: M-0001 Credit scoring, version 1.0"


def test_the_requester_hears_the_conditions_of_an_approval(asked, committee, validator):
    approvals.add_condition(by=validator, request=asked, text="Report fairness every month.")
    vote_all(committee, asked)
    with viewing(REGISTER):
        message = Message.objects.get(key="approval_decided")
    assert message.subject == "Approved: M-0001 Credit scoring, version 1.0"
    assert "- Report fairness every month." in message.body


def test_a_requester_cannot_vote_even_from_the_committee(version, card, bank, count):
    both = join(bank, "model_owner", "committee", email="both@bank.example")
    with acting(REGISTER, "test.arranged"):
        version.model.owner_id = both.user_id
        version.model.save(update_fields=["owner"])
    refused(NotAllowed, count, both, ask_for(both, version))


def test_only_members_of_this_committee_vote(asked, validator, stranger, administrator, count):
    for by in (validator, stranger, administrator):
        refused(NotAllowed, count, by, asked)


def test_a_vote_against_gives_its_reason(asked, committee, count):
    assert refused(RuleBroken, count, committee[0], asked, "reject", reason="  ").problems


def test_an_unknown_ballot_is_refused(asked, committee, count):
    refused(RuleBroken, count, committee[0], asked, "perhaps")


def test_nobody_votes_twice(asked, committee, count):
    vote(committee[0], asked)
    with pytest.raises(OutOfOrder):
        vote(committee[0], asked, "reject", reason="changed my mind")
    assert count(Vote) == 1


def test_nobody_votes_on_what_is_decided_or_withdrawn(asked, committee, owner, bank, count):
    fourth = join(bank, "committee", email="member4@bank.example")
    vote_all(committee, asked)
    with pytest.raises(OutOfOrder):
        vote(fourth, asked)
    assert (count(Vote), count(Decision)) == (3, 1)


def test_a_vote_over_another_manifest_than_the_one_on_record_is_refused(asked, committee, count):
    refused(OutOfOrder, count, committee[0], asked, shown="0" * 64)


def test_a_superseded_document_ends_the_voting_and_is_named(asked, committee, card, count):
    vote(committee[0], asked)
    revise(card, 2)
    sweep(asked)
    with pytest.raises(OutOfOrder) as caught:
        vote(committee[1], asked)
    assert "A newer revision of a cited document was handed in. (Model card)" in [
        each.what for each in caught.value.problems
    ]
    assert count(Vote) == 1


@pytest.mark.parametrize("change", ["version_withdrawn", "grade_raised", "evidence_revoked"])
def test_other_changes_of_the_content_end_the_voting_too(version, card, owner, committee, count, change):
    piece = check(version)
    asked = ask_for(owner, version)
    with acting(REGISTER, "test.arranged"):
        if change == "version_withdrawn":
            ModelVersion.objects.update(withdrawn_at=timezone.now())
        if change == "grade_raised":
            grade(version.model, risk="high", tier=2)
        if change == "evidence_revoked":
            Evidence.objects.filter(pk=piece.pk).update(revoked_at=timezone.now())
    assert len(refused(OutOfOrder, count, committee[0], asked).problems) == 1


def test_a_nightly_run_and_a_milder_grade_change_nothing(version, card, owner, committee):
    check(version)
    asked = ask_for(owner, version)
    check(version, "failed")
    grade(version.model, risk="minimal", tier=4)
    assert vote(committee[0], asked).manifest_sha256 == asked.manifest_sha256


def test_the_second_line_recommends_with_a_reason_and_never_on_its_own_request(
    asked, validator, committee, count
):
    said = approvals.recommend(by=validator, request=asked, verdict="approve", reason="Measured and sound.")
    assert said.by_id == validator.user_id
    with pytest.raises(NotAllowed):
        approvals.recommend(by=committee[0], request=asked, verdict="approve", reason="x")
    with pytest.raises(RuleBroken):
        approvals.recommend(by=validator, request=asked, verdict="reject", reason=" ")
    assert count(Recommendation) == 1


def test_conditions_come_from_the_second_line_and_the_committee(asked, validator, committee, owner, count):
    approvals.add_condition(by=committee[0], request=asked, text="A human reads every refusal.")
    with pytest.raises(NotAllowed):
        approvals.add_condition(by=owner, request=asked, text="None")
    with pytest.raises(RuleBroken):
        approvals.add_condition(by=validator, request=asked, text="")
    assert count(Condition) == 1


def test_a_new_approval_takes_the_place_of_the_former_one(permission, version, owner, committee):
    vote_all(committee, ask_for(owner, version))
    with viewing(REGISTER):
        former = Authorisation.objects.get(pk=permission.pk)
        assert Authorisation.objects.filter(state="active").count() == 1
    assert (former.state, former.reasons[0]["key"]) == ("void", "replaced")
