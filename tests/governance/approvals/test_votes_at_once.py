"""Two members vote in the same moment: one of them decides, the other hears that it is decided."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from governance.approvals import services as approvals
from governance.approvals.models import Authorisation, Decision, Vote
from governance.errors import OutOfOrder
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, found, join
from tests.governance.approvals.conftest import add_version, ask_for, grade, vote_all


@pytest.mark.commits
def test_two_last_votes_at_once_decide_once(committing):
    bank = found(1)
    owner = join(bank, "model_owner", email="owner@bank.example")
    members = [join(bank, "committee", email=f"member{n}@bank.example") for n in (1, 2, 3, 4)]
    asked = ask_for(owner, _version(bank, owner))
    vote_all(members[:2], asked)
    outcomes, start = [], threading.Barrier(2)

    def last(member) -> None:
        try:
            start.wait()
            approvals.vote(by=member, request=asked, ballot="approve")
            outcomes.append("voted")
        except OutOfOrder:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=last, args=(member,)) for member in members[2:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with viewing(REGISTER):
        assert (Vote.objects.count(), Decision.objects.count(), Authorisation.objects.count()) == (3, 1, 1)
    assert sorted(outcomes) == ["refused", "voted"]


def _version(bank, owner) -> ModelVersion:
    with acting(REGISTER, "model.registered"):
        model = AIModel.objects.create(
            organisation=bank,
            number="M-0001",
            name="Scoring",
            owner_id=owner.user_id,
            status="registered",
            registered_at=timezone.now(),
        )
    grade(model)
    return add_version(model, "1.0")
