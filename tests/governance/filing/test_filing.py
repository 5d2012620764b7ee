"""A return is filled in from the register, signed by a named officer, numbered, and kept whatever follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.filing import campaigns, services, snapshot
from governance.filing.models import Return
from governance.filing.occasion import Occasion
from governance.inventory import services as inventory
from governance.people.acting import acting, viewing
from tests.factories import REGISTER
from tests.governance.filing.conftest import (
    ENDS,
    STARTS,
    again,
    due,
    nothing_filed,
    said,
    signed,
    since,
)
from tests.governance.inventory.made import draft, registered
from tests.governance.obligations.things import graded

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year
QUARTER = Occasion(STARTS, ENDS)


def file(by, organisation, occasion=QUARTER, **changed):
    return services.file(by=by, organisation=organisation, occasion=occasion, said=said(**changed))


@pytest.fixture
def model(owner):
    return since(registered(owner, vendor="Vector AI LLP", origin="vendor"), date(2026, 2, 1))


def test_a_full_return_holds_a_row_for_each_registered_model(bank, owner, administrator, model, campaign):
    graded(owner, model, "high", "low")
    draft(owner, name="Not registered")
    filed = signed(administrator, bank, campaign)
    [row] = filed.rows
    expected = {
        "number": "M-0001",
        "name": "Document search",
        "risk_degree": "high",
        "autonomy_degree": "low",
        "tier": 2,
        "origin": "vendor",
        "vendor": "Vector AI LLP",
        "status": "registered",
        "registered_on": "2026-02-01",
        "permission": "",
        "requirements": None,
    }
    assert {name: row[name] for name in expected} == expected
    assert (filed.kind, filed.model_count, filed.due_on) == ("full", 1, campaign.due_on)


def test_its_digest_can_be_computed_again_from_what_it_holds(bank, administrator, model, campaign):
    filed = signed(administrator, bank, campaign)
    assert filed.digest == snapshot.sealed(bank, "2026-1", STARTS, ENDS, again(filed).rows)
    assert filed.digest != snapshot.sealed(bank, "2026-1", STARTS, ENDS, [])


def test_numbers_follow_each_other_in_an_organisation_and_a_year(bank, administrator, model, campaign):
    first = signed(administrator, bank, campaign)
    second = file(administrator, bank, Occasion(date(2025, 1, 1), date(2025, 3, 31)), kind="nil")
    assert (first.number, second.number) == (f"R-{YEAR}-0001", f"R-{YEAR}-0002")
    assert first.acknowledgement == f"R-{YEAR}-0001/{timezone.localdate():%Y%m%d}"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"officer": " "}, "officer"),
        ({"position": ""}, "position"),
        ({"is_complete": False}, "is_complete"),
    ],
    ids=["nobody", "no_position", "not_declared"],
)
def test_what_no_named_officer_declares_is_refused(bank, administrator, model, changed, where):
    with pytest.raises(RuleBroken) as refusal:
        file(administrator, bank, **changed)
    assert [each.where for each in refusal.value.problems] == [where]
    assert nothing_filed()


@pytest.mark.parametrize(
    "period",
    [
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2024, 1, 1), date(2026, 1, 2)),
        (date(2100, 1, 1), date(2100, 3, 31)),
    ],
    ids=["backwards", "too_long", "future"],
)
def test_only_a_period_that_has_ended_is_reported(bank, administrator, period):
    with pytest.raises(RuleBroken):
        file(administrator, bank, Occasion(*period), kind="nil")
    assert nothing_filed()


def test_a_nil_return_beside_registered_models_needs_an_explanation(bank, administrator, model):
    with pytest.raises(RuleBroken) as refusal:
        file(administrator, bank, kind="nil")
    [problem] = refusal.value.problems
    assert problem.where == "remark" and "M-0001" in str(problem.what)
    assert nothing_filed()

    explained = file(administrator, bank, kind="nil", remark="It was registered early and went live in May.")
    assert (explained.model_count, explained.rows) == (0, [])


def test_a_full_return_of_an_empty_register_is_refused(bank, administrator):
    with pytest.raises(OutOfOrder):
        file(administrator, bank)
    assert nothing_filed()


def test_a_model_that_was_withdrawn_before_the_period_is_not_in_it(bank, owner, administrator, model):
    inventory.withdraw(by=owner, model=model, reason="Replaced.")
    assert [row["status"] for row in file(administrator, bank).rows] == ["withdrawn"]
    tomorrow = Occasion(timezone.localdate(), timezone.localdate())
    assert len(file(administrator, bank, tomorrow).rows) == 1
    with viewing(REGISTER):
        day = timezone.localdate() + timedelta(days=1)
        assert not snapshot.models_in(bank.pk, day, day).exists()


def test_a_model_that_was_registered_later_counts_only_where_somebody_says_so(
    bank, owner, administrator, model
):
    late = registered(owner, name="Came late")
    assert [row["name"] for row in file(administrator, bank).rows] == ["Document search"]
    other = Occasion(date(2025, 10, 1), date(2025, 12, 31))
    listed = file(administrator, bank, other, also=[late.pk])
    assert [row["name"] for row in listed.rows] == ["Came late"]
    assert listed.rows[0]["registered_on"] == timezone.localdate().isoformat()


def test_a_list_that_changed_since_it_was_looked_at_is_not_signed(bank, owner, administrator, model):
    with viewing(administrator):
        seen = snapshot.of_models(snapshot.rows_of(bank.pk, STARTS, ENDS))
    since(registered(owner, name="In between"), date(2026, 2, 2))
    with pytest.raises(OutOfOrder, match="changed since you looked"):
        file(administrator, bank, seen=seen)
    assert nothing_filed()


def test_a_day_is_covered_once(bank, administrator):
    file(administrator, bank, kind="nil")
    with pytest.raises(OutOfOrder, match=f"R-{YEAR}-0001"):
        file(administrator, bank, Occasion(ENDS, date(2026, 4, 30)), kind="nil")


def test_a_campaign_is_answered_once(bank, administrator, model, campaign):
    signed(administrator, bank, campaign)
    with pytest.raises(OutOfOrder, match="correct that one"):
        signed(administrator, bank, campaign)
    filed = again(Return(pk=_only().pk))
    with pytest.raises(IntegrityError), acting(REGISTER, "test.doubled"):
        filed.pk, filed.number = None, "R-X"
        filed.save(force_insert=True)


def _only() -> Return:
    with viewing(REGISTER):
        return Return.objects.get()


def test_a_late_return_is_taken_and_marked(bank, administrator, model, campaign):
    late = signed(administrator, bank, due(campaign, 3))
    assert late.is_late and late.state == "late"


def test_a_closed_campaign_takes_no_return_but_corrections(bank, administrator, model, campaign, supervisor):
    filed = signed(administrator, bank, campaign)
    campaigns.close_campaign(by=supervisor, campaign=campaign)
    services.withdraw(by=administrator, filed=filed, reason="A mistake.")
    with pytest.raises(OutOfOrder, match="closed"):
        signed(administrator, bank, campaign)


def test_a_correction_keeps_the_former_and_its_day(bank, owner, administrator, model, campaign):
    former = signed(administrator, bank, campaign)
    since(registered(owner, name="Forgotten"), date(2026, 2, 2))
    campaign = due(campaign, 1)
    with pytest.raises(RuleBroken) as refusal:
        file(administrator, bank, Occasion.correcting(former))
    assert [each.where for each in refusal.value.problems] == ["remark"]

    correction = file(administrator, bank, Occasion.correcting(former), remark="One was forgotten.")
    former = again(former)
    assert (former.state, former.model_count, correction.model_count) == ("corrected", 1, 2)
    assert (correction.corrects_id, correction.campaign_id) == (former.pk, campaign.pk)
    assert correction.first_filed_at == former.filed_at and correction.number == f"R-{YEAR}-0002"
    with pytest.raises(OutOfOrder):
        file(administrator, bank, Occasion.correcting(former), remark="Again.")
    with pytest.raises(OutOfOrder):
        services.withdraw(by=administrator, filed=former, reason="Too late.")


def test_a_mistaken_return_is_withdrawn_and_stays(bank, administrator):
    nil = file(administrator, bank, kind="nil")
    with pytest.raises(RuleBroken):
        services.withdraw(by=administrator, filed=nil, reason=" ")
    services.withdraw(by=administrator, filed=nil, reason="A chatbot was forgotten.")
    with pytest.raises(OutOfOrder):
        services.withdraw(by=administrator, filed=nil, reason="Again.")
    assert (again(nil).state, file(administrator, bank, kind="nil").number) == ("withdrawn", f"R-{YEAR}-0002")


def test_whoever_came_to_see_some_models_reads_no_list_of_all(bank, administrator, model, campaign):
    signed(administrator, bank, campaign)
    visitor = replace(administrator, models=frozenset({model.pk}))
    with viewing(visitor):
        assert not Return.objects.visible_to(visitor).exists() and not Return.objects.exists()
    with viewing(administrator):
        assert Return.objects.visible_to(administrator).exists()


def test_neither_owners_nor_strangers_nor_supervisors_file_for_a_bank(bank, owner, stranger, supervisor):
    for by in (owner, stranger, supervisor):
        with pytest.raises(NotAllowed):
            file(by, bank, kind="nil")
    assert nothing_filed()
