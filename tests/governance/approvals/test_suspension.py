"""One person stops a permission and the gate denies at once; only the committee lets it run again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.approvals import gate
from governance.approvals import services as approvals
from governance.approvals.models import ApprovalRequest, Authorisation
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from tests.factories import REGISTER
from tests.governance.approvals.conftest import ARTEFACT, ask_for, revise, sweep, vote_all

pytestmark = pytest.mark.django_db


def ask(by):
    return gate.ask(by=by, model="M-0001", label="1.0", artefact_sha256=ARTEFACT, environment="production")


def stop(by, permission: Authorisation, reason: str = "Clients were refused without cause") -> Authorisation:
    with viewing(by):
        permission = Authorisation.objects.select_related("model").get(pk=permission.pk)
    return approvals.suspend(by=by, authorisation=permission, reason=reason)


def lift(by, permission: Authorisation, reason: str = "The field was mended") -> ApprovalRequest:
    with viewing(by):
        permission = Authorisation.objects.select_related("model").get(pk=permission.pk)
    return approvals.ask_for_lift(by=by, authorisation=permission, reason=reason)


def now(permission: Authorisation) -> Authorisation:
    with viewing(REGISTER):
        return Authorisation.objects.select_related("lift", "decision").get(pk=permission.pk)


def keys(verdict) -> list[str]:
    return [each["key"] for each in verdict.reasons]


def test_the_very_next_question_is_denied_with_the_reason(permission, owner):
    assert ask(owner).answer == "allow"
    stop(owner, permission)
    verdict = ask(owner)
    assert verdict.answer == "deny"
    assert verdict.reasons[0] == {
        "answer": "deny",
        "key": "suspended",
        "params": {"reason": "Clients were refused without cause"},
    }


@pytest.mark.parametrize("who", ["owner", "validator", "member"])
def test_owner_second_line_and_any_member_may_stop(permission, owner, validator, committee, who):
    by = {"owner": owner, "validator": validator, "member": committee[0]}[who]
    assert stop(by, permission).is_suspended


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_nobody_else_stops_it(permission, stranger, administrator, who):
    by = {"stranger": stranger, "administrator": administrator}[who]
    with pytest.raises(NotAllowed):
        approvals.suspend(by=by, authorisation=loaded(permission), reason="Mine")
    assert now(permission).state == "active"


def test_a_reason_is_needed(permission, owner):
    with pytest.raises(RuleBroken):
        stop(owner, permission, "  ")
    assert now(permission).state == "active"


def test_what_is_suspended_is_not_suspended_again(permission, owner, validator):
    stop(owner, permission, "First")
    with pytest.raises(OutOfOrder):
        stop(validator, permission, "Second")
    assert [each["key"] for each in now(permission).reasons] == ["First"]


def test_a_lift_is_a_decision_of_the_committee(permission, owner, committee):
    stop(owner, permission)
    sweep(permission)
    asked = lift(owner, permission)
    assert (asked.purpose, asked.lifts_id) == ("lift", permission.pk)
    assert asked.manifest["suspension"]["why_lift"] == "The field was mended"
    assert now(permission).state == "suspended"
    vote_all(committee, asked)
    lifted = now(permission)
    assert (lifted.state, lifted.reasons, lifted.lift.request_id) == ("active", [], asked.pk)
    assert lifted.decision_id == permission.decision_id
    assert lifted.expires_at == permission.expires_at
    sweep(permission)
    assert ask(owner).answer == "allow"


def test_a_lift_leaves_its_decision_as_evidence(permission, owner, committee):
    stop(owner, permission)
    sweep(permission)
    vote_all(committee, lift(owner, permission))
    with viewing(REGISTER):
        sources = set(Evidence.objects.filter(kind="approval").values_list("source_id", flat=True))
    assert sources == {permission.decision_id, now(permission).lift_id}


def test_a_rejected_lift_leaves_it_suspended(permission, owner, committee):
    stop(owner, permission)
    sweep(permission)
    vote_all(committee, lift(owner, permission), "reject")
    assert now(permission).state == "suspended"
    assert keys(ask(owner))[0] == "suspended"


def test_the_lifted_permission_rests_on_what_the_committee_saw_at_the_lift(
    permission, card, owner, committee
):
    stop(owner, permission)
    revise(card, 2)
    sweep(permission)
    vote_all(committee, lift(owner, permission))
    sweep(permission)
    assert now(permission).state == "active"
    revise(card, 3)
    sweep(permission)
    assert now(permission).state == "void"


@pytest.mark.parametrize("who", ["stranger", "committee", "administrator"])
def test_only_owner_and_second_line_ask_for_a_lift(
    permission, owner, stranger, committee, administrator, who, count
):
    stop(owner, permission)
    by = {"stranger": stranger, "committee": committee[0], "administrator": administrator}[who]
    with pytest.raises(NotAllowed):
        approvals.ask_for_lift(by=by, authorisation=loaded(permission), reason="Please")
    assert count(ApprovalRequest) == 1


def test_what_is_active_needs_no_lift(permission, owner, count):
    with pytest.raises(OutOfOrder):
        lift(owner, permission)
    assert count(ApprovalRequest) == 1


def test_a_new_permission_does_not_lead_around_a_suspension(permission, version, owner, count):
    stop(owner, permission)
    sweep(permission)
    with pytest.raises(OutOfOrder):
        ask_for(owner, version)
    assert count(ApprovalRequest) == 1


def test_nobody_votes_past_a_suspension_that_came_after_the_request(
    permission, version, owner, committee, count
):
    again = ask_for(owner, version)
    stop(owner, permission)
    with pytest.raises(OutOfOrder):
        approvals.vote(by=committee[0], request=again, ballot="approve")
    assert count(Authorisation) == 1
    with viewing(REGISTER):
        assert not again.votes.exists()


def test_a_permission_that_ended_while_suspended_is_replaced_by_a_new_one(
    permission, version, owner, committee
):
    stop(owner, permission)
    past = timezone.now() - timedelta(minutes=1)
    with acting(REGISTER, "test.arranged"):
        Authorisation.objects.filter(pk=permission.pk).update(
            starts_at=past - timedelta(days=1), expires_at=past
        )
    sweep(permission)
    with pytest.raises(OutOfOrder):
        lift(owner, permission)
    vote_all(committee, ask_for(owner, version))
    sweep(permission)
    assert (now(permission).state, ask(owner).answer) == ("void", "allow")


def test_requirements_are_computed_before_a_lift_is_asked(permission, owner):
    """Nobody swept since the suspension; asking does it by itself."""
    stop(owner, permission)
    assert lift(owner, permission).is_open


def loaded(permission: Authorisation) -> Authorisation:
    with viewing(REGISTER):
        return Authorisation.objects.select_related("model").get(pk=permission.pk)
