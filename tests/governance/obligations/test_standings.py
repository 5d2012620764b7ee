"""The columns that the matrix adds up are the counts of the sheets, whatever was computed last."""

from __future__ import annotations

import pytest

from governance.obligations import services as obligations
from governance.obligations.matrix.models import STATUSES, Standing
from governance.obligations.models import DutySheet
from governance.obligations.sheets import ASKS_NOTHING
from governance.obligations.words import STATUSES as WORDS
from governance.people.acting import acting, viewing
from tests.factories import REGISTER
from tests.governance.obligations.things import a_model, a_paper

pytestmark = pytest.mark.django_db


def kept() -> dict[tuple[object, str], dict[str, int]]:
    with viewing(REGISTER):
        return {
            (row.model_id, row.framework_key): {
                status: getattr(row, status) for status in STATUSES if getattr(row, status)
            }
            for row in Standing.objects.all()
        }


def counted() -> dict[tuple[object, str], dict[str, int]]:
    with viewing(REGISTER):
        return {
            (sheet.model_id, key): {status: n for status, n in tally.items() if status in STATUSES}
            for sheet in DutySheet.objects.all()
            for key, tally in sheet.counts.items()
        }


def test_every_status_that_asks_something_has_a_column():
    assert set(STATUSES) == WORDS.keys() - ASKS_NOTHING


def test_they_are_the_counts_of_the_sheets_and_follow_them(bank, owner):
    first, _second = a_model(owner), a_model(owner, number="M-0002")
    obligations.catch_up(bank.pk)
    before = kept()
    assert before and before == counted()

    a_paper(owner, first, "risk_register", "model_card")
    obligations.catch_up(bank.pk)
    assert kept() == counted() != before


def test_a_framework_that_is_no_longer_on_leaves(bank, owner, validator):
    model = a_model(owner)
    adoption = obligations.adopt(by=validator, organisation=bank, framework_key="wfe")
    obligations.catch_up(bank.pk)
    assert (model.pk, "wfe") in kept()

    with acting(validator, "framework.ended"):
        type(adoption).objects.update(ended_at=adoption.adopted_at)
    obligations.catch_up(bank.pk)
    assert (model.pk, "wfe") not in kept() and kept() == counted()
