"""The first reference counts at once; every later one waits until a second person of the second line has accepted it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audits.ledger.models import LedgerEntry
from governance.desk.waiting import waiting_for
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import receiving, references
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.editions import services as editions
from tests.factories import REGISTER, join, sign_in
from tests.monitoring.loans import FEATURES, Loans, a_dataset, a_model, a_window, csv, loans
from tests.monitoring.runs.conftest import a_period
from tests.monitoring.runs.test_api import ci

__all__ = ["ci"]

REASON = "The portfolio was sold in May."
pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner))


def a_reference(owner: Actor, dataset: Dataset, name: str, ends_on: date | None = None) -> Window:
    return a_period(owner, dataset, name, part="reference", ends_on=ends_on)


def used(actor: Actor, dataset: Dataset) -> str:
    with viewing(actor):
        reference = references.of_dataset(dataset.pk)
    return reference.name if reference else ""


def now(window: Window) -> tuple[Any, ...]:
    with viewing(REGISTER):
        window = Window.objects.get(pk=window.pk)
    return window.acceptance, window.decided_by_id, window.decision_reason


def test_the_first_counts_at_once_and_a_later_one_waits(owner, dataset):
    first, current = (a_window(owner, dataset, part) for part in ("reference", "current"))
    second = a_window(owner, dataset, "reference", name="second", ends_on=date(2026, 5, 31))
    assert [each.acceptance for each in (first, current, second)] == ["first", "", "waiting"]
    assert used(owner, dataset) == "reference"


def test_accepted_it_counts_and_the_ledger_says_who_and_why(owner, validator, dataset):
    a_reference(owner, dataset, "first", date(2025, 12, 31))
    newer = a_reference(owner, dataset, "newer", date(2026, 5, 31))
    data.accept_reference(by=validator, window=newer, reason=f" {REASON} ")
    assert now(newer) == ("accepted", validator.user_id, REASON)
    assert used(owner, dataset) == "newer"
    with viewing(owner):
        entry = LedgerEntry.objects.get(action="reference.accepted", row=newer.pk)
    assert (entry.operation, entry.table) == ("U", "monitoring_window")


def test_declined_it_stays_on_file_and_never_counts(owner, validator, dataset):
    a_reference(owner, dataset, "first")
    newer = a_reference(owner, dataset, "newer", date(2026, 5, 31))
    data.decline_reference(by=validator, window=newer, reason=REASON)
    assert now(newer) == ("declined", validator.user_id, REASON)
    assert used(owner, dataset) == "first"
    with viewing(owner):
        assert LedgerEntry.objects.filter(action="reference.declined", row=newer.pk).exists()
    with pytest.raises(OutOfOrder):
        data.accept_reference(by=validator, window=newer, reason=REASON)
    assert now(newer)[0] == "declined"


@pytest.mark.parametrize("decide", [data.accept_reference, data.decline_reference])
def test_neither_who_handed_it_in_nor_the_owner_nor_another_line_decides(owner, bank, dataset, decide):
    """A person of the second line who hands data in through a token of theirs is no second person."""
    a_reference(owner, dataset, "first")
    both = join(bank, "model_owner", "validator", email="both@bank.example")
    by_both = a_reference(both, dataset, "by both")
    by_owner = a_reference(owner, dataset, "by the owner")
    others = [join(bank, role, email=f"{role}2@bank.example") for role in ("committee", "administrator")]
    owning = join(bank, "validator", email="owner@bank.example")
    assert owning.user_id == owner.user_id and owning.has("validator")
    refused = [(both, by_both), (owning, by_both), *((each, by_owner) for each in (owner, *others))]
    for actor, window in refused:
        with pytest.raises(NotAllowed):
            decide(by=actor, window=window, reason=REASON)
    assert now(by_both) == now(by_owner) == ("waiting", None, "")


def test_without_a_reason_nothing_is_decided(owner, validator, dataset):
    a_reference(owner, dataset, "first")
    newer = a_reference(owner, dataset, "newer")
    for decide in (data.accept_reference, data.decline_reference):
        with pytest.raises(RuleBroken, match="Say why"):
            decide(by=validator, window=newer, reason="  ")
    assert now(newer) == ("waiting", None, "")


def test_only_a_reference_that_stands_and_waits_is_decided_on(owner, validator, dataset):
    first = a_reference(owner, dataset, "first")
    withdrawn = a_reference(owner, dataset, "withdrawn")
    data.withdraw_window(by=owner, window=withdrawn, reason="Another month.")
    current = a_period(owner, dataset, "current")
    for window in (first, withdrawn, current):
        with pytest.raises(OutOfOrder):
            data.accept_reference(by=validator, window=window, reason=REASON)


def test_no_reference_becomes_the_first_by_withdrawing_correcting_or_describing_anew(owner, dataset):
    first = a_window(owner, dataset, "reference")
    said = {"file": csv("current"), "file_name": "rows.csv", "reason": "Another month."}
    corrected = data.correct_window(by=owner, window=first, **said)
    data.withdraw_window(by=owner, window=corrected, reason="Another month.")
    anew = a_reference(owner, dataset, "anew")
    described = {"features": FEATURES[:3], "prediction": "approve"}
    second = editions.correct(by=owner, dataset=dataset, reason="Fewer.", **described).dataset
    of_second = a_reference(owner, second, "of the second version")
    assert [each.acceptance for each in (corrected, anew, of_second)] == ["waiting"] * 3
    assert (used(owner, dataset), used(owner, second)) == ("", "")


def test_the_database_refuses_a_decision_without_a_second_person_and_a_second_first(owner, dataset):
    first = a_reference(owner, dataset, "first")
    newer = a_reference(owner, dataset, "newer")
    told = {"decided_at": newer.uploaded_at, "decision_reason": REASON}
    wrong = (
        (newer, {"acceptance": "accepted"}),
        (newer, {"acceptance": "accepted", "decided_by": owner.user_id, **told}),
        (newer, {"acceptance": "first"}),
        (first, {"acceptance": ""}),
    )
    for window, columns in wrong:
        with pytest.raises(IntegrityError), transaction.atomic(), acting(owner, "test.arranged"):
            Window.objects.filter(pk=window.pk).update(**columns)


def test_the_last_day_decides_and_without_one_a_reference_stands_behind(owner, validator, dataset):
    a_reference(owner, dataset, "undated first")
    order = ["undated first"]
    for name, day in (
        ("may", date(2026, 5, 31)),
        ("undated", None),
        ("april", date(2026, 4, 30)),
        ("june", date(2026, 6, 30)),
    ):
        newer = a_reference(owner, dataset, name, day)
        data.accept_reference(by=validator, window=newer, reason=REASON)
        order.append(used(owner, dataset))
    assert order == ["undated first", "may", "may", "may", "june"]


def test_of_two_without_a_day_the_one_accepted_last_counts(owner, validator, dataset):
    a_reference(owner, dataset, "first")
    second, third = (a_reference(owner, dataset, name) for name in ("second", "third"))
    for newer in (third, second):
        data.accept_reference(by=validator, window=newer, reason=REASON)
    assert used(owner, dataset) == "second"


def test_the_plan_of_counts_goes_by_the_reference_that_counts(owner, validator, dataset):
    a_window(owner, dataset, "reference")
    with viewing(owner):
        before = receiving.plan_of_counts(dataset)
    newer = a_window(
        owner, dataset, "reference", name="newer", file=csv("current"), ends_on=date(2026, 5, 31)
    )
    with viewing(owner):
        assert receiving.plan_of_counts(dataset) == before
    data.accept_reference(by=validator, window=newer, reason=REASON)
    with viewing(owner):
        assert receiving.plan_of_counts(dataset)["columns"] != before["columns"]


def test_strangers_find_nothing(owner, stranger, dataset, client):
    a_reference(owner, dataset, "first")
    newer = a_reference(owner, dataset, "newer")
    with pytest.raises(AIModel.DoesNotExist):
        data.accept_reference(by=stranger, window=newer, reason=REASON)
    page = sign_in(client, stranger)
    address = f"/windows/{newer.pk}/reference/"
    unknown = "/windows/00000000-0000-4000-8000-000000000000/reference/"
    for answer in (page.get(address), page.post(address, {"verdict": "accepted", "reason": REASON})):
        assert answer.status_code == 404
    assert page.get(address).content == page.get(unknown).content
    assert now(newer) == ("waiting", None, "")


@pytest.fixture
def waiting(owner) -> tuple[Loans, Window]:
    things = loans(owner, bare=True)
    said = {"name": "newer", "file": csv("current"), "ends_on": date(2026, 5, 31)}
    return things, a_window(owner, things.dataset, "reference", **said)


def test_the_pages_say_what_waits_and_take_the_decision(owner, validator, waiting, client):
    things, newer = waiting
    with viewing(validator):
        [line] = [each for each in waiting_for(validator) if each.status == "to_accept"]
    with viewing(owner):
        assert [each for each in waiting_for(owner) if each.status == "to_accept"] == []
    assert line.url == f"/windows/{newer.pk}/reference/"
    seen = sign_in(client, owner).get(f"/models/{things.model.pk}/data/").content.decode()
    assert "Waits for the second line" in seen and line.url not in seen
    assert client.get(line.url).status_code == 403

    page = sign_in(client, validator)
    assert line.url in page.get(f"/models/{things.model.pk}/data/").content.decode()
    shown = page.get(line.url).content.decode()
    assert "in use now" in shown and newer.sha256[:12] in shown
    refused = page.post(line.url, {"verdict": "accepted", "reason": " "})
    assert refused.status_code == 422 and now(newer)[0] == "waiting"
    done = page.post(line.url, {"verdict": "accepted", "reason": REASON}, follow=True)
    assert "newer is accepted as a reference" in done.content.decode()
    assert now(newer) == ("accepted", validator.user_id, REASON)
    assert REASON in page.get(f"/models/{things.model.pk}/data/").content.decode()
    assert page.get(line.url).status_code == 409
    with viewing(validator):
        assert [each for each in waiting_for(validator) if each.status == "to_accept"] == []


def test_who_accepts_one_that_would_not_be_used_is_told(owner, validator, waiting, client):
    things, newer = waiting
    data.accept_reference(by=validator, window=newer, reason=REASON)
    undated = a_reference(owner, things.dataset, "undated")
    shown = sign_in(client, validator).get(f"/windows/{undated.pk}/reference/").content.decode()
    assert "Accepted, it is not used yet" in shown


def test_rest_says_what_a_reference_waits_for(owner, validator, waiting, ci):
    _things, newer = waiting
    assert ci("get", f"/windows/{newer.pk}").json()["acceptance"] == "waiting"
    data.decline_reference(by=validator, window=newer, reason=REASON)
    told = ci("get", f"/windows/{newer.pk}").json()
    assert (told["acceptance"], told["decision_reason"]) == ("declined", REASON) and told["decided_at"]
