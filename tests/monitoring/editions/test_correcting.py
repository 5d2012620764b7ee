"""A wrong description is replaced by a corrected one, or retired; what stood is kept as it was, with who, when and why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections

from audits.ledger.models import LedgerEntry
from governance.errors import NotAllowed, OutOfOrder, Refusal, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.editions import queries
from monitoring.editions import services as editions
from tests.factories import found, join
from tests.monitoring.editions.conftest import WRONG, corrected, fresh
from tests.monitoring.loans import FEATURES, a_dataset, a_model


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner), expected_every_days=30)


def rows(actor) -> list[tuple[int, bool, str]]:
    with viewing(actor):
        found = Dataset.objects.order_by("version")
        return [(each.version, each.ended_at is None, each.favourable) for each in found]


@pytest.mark.django_db
def test_a_correction_is_the_next_version_and_leaves_the_former_as_it_was(owner, dataset):
    edition = corrected(owner, dataset, f" {WRONG} ")

    former, now = fresh(owner, dataset), fresh(owner, edition.dataset)
    assert (now.name, now.version, now.replaces_id, now.ended_at) == ("Applications", 2, dataset.pk, None)
    assert (now.favourable, now.expected_every_days, now.described_by_id) == ("0", None, owner.user_id)
    assert (former.favourable, former.expected_every_days, former.features) == ("1", 30, FEATURES)
    assert (former.ended_by_id, former.ended_reason) == (owner.user_id, WRONG)
    assert (former.title, now.title) == ("Applications", "Applications, version 2")


@pytest.mark.django_db
def test_the_ledger_says_who_did_what_and_why(owner, dataset):
    corrected(owner, dataset)
    with viewing(owner):
        written = LedgerEntry.objects.filter(action="dataset.corrected", table="monitoring_dataset")
        told = set(written.values_list("operation", "payload__content__reason"))
    assert told == {("U", WRONG), ("I", WRONG)}


@pytest.mark.django_db
def test_versions_follow_each_other(owner, dataset):
    second = corrected(owner, dataset).dataset
    third = corrected(owner, second, "A range was missing.", allowed={"hrat": {"low": 0}}).dataset
    assert rows(owner) == [(1, False, "1"), (2, False, "0"), (3, True, "0")]
    with viewing(owner):
        told = [(each.dataset.version, each.dataset.ended_reason) for each in queries.versions_of(dataset)]
    assert told == [(3, ""), (2, "A range was missing."), (1, WRONG)]
    assert third.replaces_id == second.pk


@pytest.mark.django_db
def test_what_is_not_said_of_the_protection_stays(owner, dataset):
    reason = "Rows of a public data set."
    open_rows = {"personal": False, "bank_secret": False, "protection_reason": reason}
    second = corrected(owner, dataset, **open_rows).dataset
    third = corrected(owner, second, favourable="1").dataset
    assert (third.personal, third.bank_secret, third.protection_reason) == (False, False, reason)
    assert corrected(owner, third, personal=True).dataset.is_protected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"reason": "  "}, ["reason"]),
        ({"features": []}, ["features"]),
        ({"prediction": "appinc"}, ["features"]),
        ({"expected_every_days": 0}, ["expected_every_days"]),
        ({"kind": "poems"}, ["kind"]),
        ({"favourable": "1", "expected_every_days": 30}, []),
    ],
)
def test_what_is_wrong_or_changes_nothing_is_refused_and_nothing_is_written(owner, dataset, said, where):
    said = {"sensitive": [], "prediction": ""} | said if said == {"features": []} else said
    with pytest.raises(RuleBroken) as refused:
        corrected(owner, dataset, **said)
    assert [each.where for each in refused.value.problems] == where
    assert rows(owner) == [(1, True, "1")]


@pytest.mark.django_db
def test_others_may_neither_correct_nor_retire(owner, validator, stranger, dataset):
    for other in (validator, stranger):
        for deed in (corrected, editions.retire):
            with pytest.raises((NotAllowed, AIModel.DoesNotExist)):
                deed(by=other, dataset=dataset, reason=WRONG)
    assert rows(owner) == [(1, True, "1")]


@pytest.mark.django_db
def test_a_withdrawn_model_has_no_new_versions(owner, dataset):
    inventory.withdraw(by=owner, model=dataset.model, reason="Sold")
    with pytest.raises(OutOfOrder):
        corrected(owner, dataset)


@pytest.mark.django_db
def test_a_retired_dataset_has_no_successor_until_its_name_is_described_again(owner, dataset):
    editions.retire(by=owner, dataset=dataset, reason="The product is sold no more.")
    with pytest.raises(OutOfOrder, match="is retired"):
        corrected(owner, dataset)
    with pytest.raises(OutOfOrder, match="is retired"):
        editions.retire(by=owner, dataset=dataset, reason="Twice.")
    assert rows(owner) == [(1, False, "1")]

    again = data.describe(by=owner, model=dataset.model, name="Applications", features=["income"])
    assert (again.version, again.replaces_id) == (2, dataset.pk)


@pytest.mark.django_db
def test_a_version_that_was_replaced_is_not_corrected_again(owner, dataset):
    corrected(owner, dataset)
    with pytest.raises(OutOfOrder, match="Version 2 of this description has taken its place"):
        corrected(owner, dataset, favourable="2")
    assert rows(owner) == [(1, False, "1"), (2, True, "0")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"ended_at": None, "ended_reason": ""}, "one_dataset_of_a_name_stands_in_its_model"),
        ({"ended_reason": ""}, "an_ended_dataset_says_who_and_why"),
        ({"version": 2}, "dataset_version_is_unique_in_its_name|a_later_version_of_a_dataset_replaces_one"),
    ],
)
def test_the_database_refuses_nonsense(owner, dataset, changed, constraint):
    corrected(owner, dataset)
    with pytest.raises(IntegrityError, match=constraint), acting(owner, "test.nonsense"):
        Dataset.objects.filter(pk=dataset.pk).update(**changed)


@pytest.mark.commits
def test_of_two_corrections_at_once_one_wins_and_the_other_is_told(committing):
    owner = join(found(1, name="First Bank"), "model_owner", email="owner@bank.example")
    dataset = a_dataset(owner, a_model(owner))
    both = Barrier(2, timeout=20)

    def corrects(favourable: str) -> str:
        try:
            both.wait()
            return str(corrected(owner, dataset, favourable=favourable).dataset.favourable)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(corrects, ["0", "no"]))
    won = next(each for each in told if each in ("0", "no"))
    assert [each for each in told if each != won] == ["out-of-order"]
    assert rows(owner) == [(1, False, "1"), (2, True, won)]
