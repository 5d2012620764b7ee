"""Suspensions are kept as orders: who, why, for which incident, and which decision lifted them."""

from __future__ import annotations

import pytest

from governance.approvals import gate
from governance.approvals import services as approvals
from governance.approvals.models import ApprovalRequest, Authorisation
from governance.errors import NotAllowed, NotFound, OutOfOrder
from governance.incidents import services as incidents
from governance.incidents.models import SuspensionOrder
from governance.people.acting import viewing
from tests.factories import REGISTER
from tests.governance.approvals.conftest import ARTEFACT, ask_for, sweep, vote_all
from tests.governance.incidents.conftest import again, messages

pytestmark = pytest.mark.django_db


def with_model(permission: Authorisation) -> Authorisation:
    with viewing(REGISTER):
        return Authorisation.objects.select_related("model").get(pk=permission.pk)


@pytest.fixture
def standing(permission) -> Authorisation:
    return with_model(permission)


def answer(by) -> str:
    verdict = gate.ask(by=by, model="M-0001", label="1.0", artefact_sha256=ARTEFACT, environment="production")
    return verdict.answer


def lifted(order: SuspensionOrder, owner, committee) -> None:
    sweep(order)
    with viewing(owner):
        order = SuspensionOrder.objects.select_related("authorisation__model").get(pk=order.pk)
    vote_all(committee, incidents.ask_for_lift(by=owner, order=order, reason="Mended"))
    incidents.catch_up(order.organisation_id)


def test_an_order_names_its_incident_and_everybody_is_told(standing, incident, committee, validator):
    order = incidents.suspend(
        by=committee[0], authorisation=standing, reason="Harm to clients", incident=incident
    )
    assert (order.incident_id, order.authority, order.is_standing) == (incident.pk, {}, True)
    told = messages("permission_suspended")
    assert len(told) == 5
    assert "Harm to clients" in told[0].body
    assert again(standing).state == "suspended"


def test_the_order_is_lifted_when_the_committee_has_decided(standing, owner, committee):
    order = incidents.suspend(by=owner, authorisation=standing, reason="Harm")
    incidents.catch_up(order.organisation_id)
    assert again(order).lifted_at is None
    lifted(order, owner, committee)
    done, permission = again(order), again(standing)
    assert (done.outcome, done.lifted_by_id, permission.state) == ("lifted", permission.lift_id, "active")
    assert done.lifted_at == permission.changed_at
    sweep(order)
    assert answer(owner) == "allow"


def test_the_emergency_stop_stops_every_permission_at_once(standing, version, owner, committee, validator):
    vote_all(committee, ask_for(owner, version, "pilot"))
    orders = incidents.emergency_stop(by=validator, model=standing.model, reason="It answers nonsense")
    assert [each.is_emergency for each in orders] == [True, True]
    with viewing(REGISTER):
        assert set(Authorisation.objects.values_list("state", flat=True)) == {"suspended"}
    assert answer(owner) == "deny"
    assert len(messages("permission_suspended")) == 5


def test_nothing_running_is_nothing_to_stop(model, owner, count):
    with pytest.raises(OutOfOrder):
        incidents.emergency_stop(by=owner, model=model, reason="Now")
    assert count(SuspensionOrder) == 0


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_nobody_else_stops(standing, stranger, administrator, who, count):
    by = {"stranger": stranger, "administrator": administrator}[who]
    with pytest.raises(NotAllowed):
        incidents.suspend(by=by, authorisation=standing, reason="Mine")
    with pytest.raises(NotAllowed):
        incidents.emergency_stop(by=by, model=standing.model, reason="Mine")
    assert (count(SuspensionOrder), again(standing).state) == (0, "active")


def test_an_incident_of_another_model_is_no_ground(standing, incident, owner, bank, count):
    from governance.inventory import services as inventory

    other = inventory.register(by=owner, organisation=bank, fields={"name": "Other"})
    foreign = incidents.open_incident(by=owner, model=other, kind="other", severity="low", title="x")
    with pytest.raises(NotFound):
        incidents.suspend(by=owner, authorisation=standing, reason="Harm", incident=foreign)
    assert count(SuspensionOrder) == 0


def test_an_officer_suspends_at_a_participant_in_the_name_of_the_supervisor(standing, owner, supervisor):
    from audits.ledger.models import LedgerEntry

    order = incidents.suspend(by=supervisor, authorisation=standing, reason="Complaints of clients")
    assert (order.organisation_id, order.authority["en"]) == (standing.organisation_id, "Supervisor")
    assert answer(owner) == "deny"
    assert "The supervisor (Supervisor) ordered it." in messages("permission_suspended")[0].body
    with viewing(REGISTER):
        entry = LedgerEntry.objects.get(table="governance_suspensionorder", row=order.pk)
    assert (entry.actor, entry.action) == (supervisor.label, "permission.suspended")


def test_what_the_supervisor_holds_is_not_put_before_the_committee(standing, owner, supervisor, count):
    order = incidents.suspend(by=supervisor, authorisation=standing, reason="Complaints")
    with pytest.raises(OutOfOrder):
        approvals.ask_for_lift(by=owner, authorisation=with_model(standing), reason="Please")
    assert count(ApprovalRequest) == 1
    with viewing(supervisor):
        order = SuspensionOrder.objects.select_related("authorisation__model", "model").get(pk=order.pk)
    released = incidents.release(by=supervisor, order=order)
    assert (released.awaits_release, again(standing).is_held, again(standing).state) == (
        False,
        False,
        "suspended",
    )
    assert [each.to_id for each in messages("suspension_released")] == [owner.user_id]


def test_the_participant_does_not_release_what_the_supervisor_holds(standing, owner, committee, supervisor):
    order = incidents.suspend(by=supervisor, authorisation=standing, reason="Complaints")
    for by in (owner, committee[0]):
        with viewing(by):
            mine = SuspensionOrder.objects.select_related("authorisation__model").get(pk=order.pk)
        with pytest.raises(NotAllowed):
            incidents.release(by=by, order=mine)
    assert again(standing).is_held


def test_a_supervisor_can_hold_what_the_participant_has_stopped_itself(standing, owner, supervisor):
    incidents.suspend(by=owner, authorisation=standing, reason="We saw harm")
    incidents.suspend(by=supervisor, authorisation=with_model(standing), reason="So did we")
    held = again(standing)
    assert held.is_held
    assert [each["key"] for each in held.reasons] == ["We saw harm", "So did we"]
    with pytest.raises(OutOfOrder):
        incidents.suspend(by=supervisor, authorisation=with_model(standing), reason="Twice")


def test_an_officer_brings_no_other_role_into_a_participant(standing, bank, owner):
    """Somebody who is an officer and on the supervisor's own committee votes at nobody else's."""
    from governance.people.rights import may, reaching
    from tests.factories import found, join

    both = join(found(4, kind="supervisor"), "officer", "committee", "validator", email="both@x.example")
    reached = reaching(both, "permission.suspend", standing.model)
    assert reached.roles == frozenset({"officer"})
    assert not may(reached, "incident.handle", standing.model)
    assert not may(reached, "duty.conclude", standing.model)


def test_an_order_over_a_withdrawn_version_ends(standing, owner):
    from governance.inventory import services as inventory
    from governance.inventory.models import ModelVersion

    order = incidents.suspend(by=owner, authorisation=standing, reason="Harm")
    with viewing(owner):
        version = ModelVersion.objects.select_related("model").get(pk=standing.version_id)
    inventory.withdraw_version(by=owner, version=version)
    incidents.catch_up(order.organisation_id)
    assert (again(order).outcome, again(order).lifted_by_id) == ("ended", None)
