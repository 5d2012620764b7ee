"""The gate denies at the very next ask after the suspending commit, in transactions that really commit."""

from __future__ import annotations

import time

import pytest

from governance.approvals import gate
from governance.approvals import services as approvals
from governance.approvals.models import Authorisation
from governance.people.acting import viewing
from tests import factories
from tests.governance.approvals.conftest import (
    ARTEFACT,
    a_card,
    a_model,
    add_version,
    ask_for,
    sweep,
    vote_all,
)

pytestmark = pytest.mark.commits


def ask(by):
    return gate.ask(by=by, model="M-0001", label="1.0", artefact_sha256=ARTEFACT, environment="production")


def test_the_gate_denies_within_a_second_of_the_commit(committing, record_property):
    bank = factories.found(1, name="First Bank")
    owner = factories.join(bank, "model_owner", email="owner@bank.example")
    members = [factories.join(bank, "committee", email=f"member{n}@bank.example") for n in (1, 2, 3)]
    model = a_model(owner, bank)
    a_card(model)
    asked = ask_for(owner, add_version(model, "1.0"))
    vote_all(members, asked)
    sweep(asked)
    assert ask(owner).answer == "allow"
    with viewing(factories.REGISTER):
        permission = Authorisation.objects.select_related("model").get()

    approvals.suspend(by=members[0], authorisation=permission, reason="Clients were refused without cause")
    committed = time.monotonic()
    verdict = ask(owner)
    seconds = time.monotonic() - committed

    record_property("seconds_from_commit_to_denial", round(seconds, 4))
    assert (verdict.answer, verdict.reasons[0]["key"]) == ("deny", "suspended")
    assert seconds < 1, f"denied after {seconds:.3f} s"
