"""Somebody who is there deals with a finding: it goes along with its model, and returns to the owner from who has left."""

from __future__ import annotations

import pytest
from django.utils import timezone

from audits.ledger.models import LedgerEntry
from governance.desk.waiting import waiting_for
from governance.errors import NotAllowed
from governance.inventory import services as inventory
from governance.people import services as people
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Membership
from monitoring.runs import handling
from monitoring.runs.models import Finding
from tests.factories import REGISTER, join
from tests.monitoring.runs.test_handling import handle, in_days, noted

pytestmark = pytest.mark.django_db

LOOK = "Look into what a check found"


@pytest.fixture
def colleague(bank) -> Actor:
    return join(bank, "model_owner", email="next@bank.example")


def on_the_desk(actor: Actor) -> bool:
    with viewing(actor):
        return LOOK in [str(each.what) for each in waiting_for(actor)]


def holder(actor: Actor) -> object:
    with viewing(actor):
        return Finding.objects.get().owner_id


@pytest.mark.parametrize("who", ["owner", "administrator"])
def test_open_findings_go_to_the_next_owner_with_the_model(owner, administrator, colleague, who):
    finding, by = noted(owner), {"owner": owner, "administrator": administrator}[who]
    assert on_the_desk(owner) and not on_the_desk(colleague)
    inventory.reassign(by=by, model=finding.model, to=colleague.user_id, reason="Moves to treasury")
    assert holder(owner) == colleague.user_id
    assert on_the_desk(colleague) and not on_the_desk(owner)
    with viewing(REGISTER):
        entry = LedgerEntry.objects.get(action="finding.passed_on")
    assert (entry.table, entry.row, entry.operation) == ("monitoring_finding", finding.pk, "U")


def test_what_a_colleague_deals_with_stays_with_them(owner, bank, colleague):
    finding, validator = noted(owner), join(bank, "validator", email="second@bank.example")
    handle(owner, finding, owner_id=validator.user_id, due_on=in_days(10))
    inventory.reassign(by=owner, model=finding.model, to=colleague.user_id, reason="Moves to treasury")
    assert holder(owner) == validator.user_id
    assert on_the_desk(validator) and not on_the_desk(colleague)


def test_one_of_somebody_who_has_left_waits_for_the_owner_of_the_model(owner, administrator, bank):
    finding, validator = noted(owner), join(bank, "validator", email="second@bank.example")
    handle(owner, finding, owner_id=validator.user_id, due_on=in_days(10))
    assert not on_the_desk(owner)
    with viewing(REGISTER):
        membership = Membership.objects.get(user_id=validator.user_id)
    people.end(by=administrator, membership=membership, on=timezone.localdate())
    assert on_the_desk(owner)


def test_nobody_else_passes_findings_on(owner, stranger, validator, colleague):
    finding = noted(owner)
    for who in (stranger, validator, colleague):
        with pytest.raises((NotAllowed, finding.model.DoesNotExist)):
            handling.pass_on(by=who, model=finding.model, to=colleague.user_id, reason="Mine")
    assert holder(owner) == owner.user_id
