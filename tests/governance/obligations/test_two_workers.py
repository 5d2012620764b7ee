"""Two workers that sweep at the same moment do the work once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from governance.obligations import services as obligations
from governance.obligations.models import Duty, DutySheet, Evidence
from governance.people.acting import viewing
from governance.people.actor import Actor
from tests.factories import REGISTER, found, join
from tests.governance.obligations.things import DIGEST, a_model, a_paper

pytestmark = [pytest.mark.commits]


def at_once(work) -> list[object]:
    def alone(_n: int) -> object:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(alone, range(4)))


@pytest.fixture
def model(committing):
    bank = found(1)
    owner = join(bank, "model_owner", email="owner@bank.example")
    model = a_model(owner, origin="in_house", role="owner_or_holder")
    a_paper(owner, model, "risk_register", "model_card")
    return model


def test_four_sweeps_at_once_leave_one_sheet_and_each_piece_of_evidence_once(model):
    at_once(lambda: obligations.catch_up(model.organisation_id))

    with viewing(REGISTER):
        model.refresh_from_db()
        assert DutySheet.objects.get().computed_at_revision == model.revision
        assert Duty.objects.count() == 171
        assert sorted(Evidence.objects.values_list("kind", flat=True)) == [
            "document:model_card",
            "document:risk_register",
        ]


def test_a_run_that_is_answered_four_times_is_recorded_once(model):
    run, by = uuid.uuid4(), Actor.system("checks worker", model.organisation_id)

    def record() -> uuid.UUID:
        return obligations.record(
            by=by, organisation_id=model.organisation_id, model_id=model.pk, version_id=None, kind="check:drift",
            verdict="passed", source="plan:1", source_id=run, digest=DIGEST, taken_at=timezone.now(),
        ).pk  # fmt: skip

    assert len(set(at_once(record))) == 1
