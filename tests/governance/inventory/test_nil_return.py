"""A participant that uses no AI files that, for a period that has ended, once, and only where it is true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.returns import services as returns
from governance.inventory.returns.models import NilReturn
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, join, sign_in
from tests.governance.inventory.made import registered

pytestmark = pytest.mark.django_db

QUARTER = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
SAID = {**QUARTER, "position": "Chairman of the board", "is_complete": True}


def file_nil(by, organisation, **changed):
    return returns.file_nil(by=by, organisation=organisation, **{**SAID, **changed})


def nothing_filed() -> bool:
    with viewing(REGISTER):
        return not NilReturn.objects.exists()


def test_a_return_gets_a_number_and_names_who_declares_it(bank, administrator):
    nil = file_nil(administrator, bank)
    assert nil.acknowledgement == f"N-0001/{timezone.localdate():%Y%m%d}"
    assert (nil.filed_by_id, nil.position) == (administrator.user_id, "Chairman of the board")


def test_the_next_period_gets_the_next_number(bank, administrator):
    file_nil(administrator, bank)
    later = file_nil(administrator, bank, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    assert later.number == "N-0002"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"ends_on": date(2025, 12, 31)}, "ends_on"),
        ({"starts_on": date(2024, 1, 1)}, "ends_on"),
        ({"starts_on": date(2100, 1, 1), "ends_on": date(2100, 3, 31)}, "ends_on"),
        ({"position": " "}, "position"),
        ({"is_complete": False}, "is_complete"),
    ],
    ids=["backwards", "too_long", "future", "nobody", "not_declared"],
)
def test_what_is_not_in_order_is_refused(bank, administrator, changed, where):
    with pytest.raises(RuleBroken) as refusal:
        file_nil(administrator, bank, **changed)
    assert [each.where for each in refusal.value.problems] == [where]
    assert nothing_filed()


def test_it_is_refused_while_the_register_holds_a_model_of_that_period(bank, owner, administrator):
    model = registered(owner)
    today = timezone.localdate()
    period = {"starts_on": today - timedelta(days=30), "ends_on": today}
    with pytest.raises(OutOfOrder, match="M-0001"):
        file_nil(administrator, bank, **period)
    assert nothing_filed()

    file_nil(administrator, bank)  # before the model was registered
    inventory.withdraw(by=owner, model=model, reason="It was never used.")
    with pytest.raises(OutOfOrder):
        file_nil(administrator, bank, **period)


def test_a_day_is_covered_once(bank, administrator):
    file_nil(administrator, bank)
    with pytest.raises(OutOfOrder, match="N-0001"):
        file_nil(administrator, bank, starts_on=date(2026, 3, 31), ends_on=date(2026, 4, 30))


def test_a_mistaken_return_is_withdrawn_and_stays(bank, administrator):
    nil = file_nil(administrator, bank)
    with pytest.raises(RuleBroken):
        returns.withdraw_nil(by=administrator, nil=nil, reason="")
    returns.withdraw_nil(by=administrator, nil=nil, reason="A chatbot was forgotten.")
    with pytest.raises(OutOfOrder):
        returns.withdraw_nil(by=administrator, nil=nil, reason="Again.")
    assert file_nil(administrator, bank).number == "N-0002"


def test_neither_owners_nor_strangers_file_for_a_bank(bank, owner, stranger):
    for by in (owner, stranger):
        with pytest.raises(NotAllowed):
            file_nil(by, bank)
    assert nothing_filed()


def test_the_page_files_and_withdraws(client, bank, administrator):
    sign_in(client, administrator)
    page = reverse("returns:returns")
    assert "No return is filed yet" in client.get(page).content.decode()
    sent = {**{key: str(value) for key, value in QUARTER.items()}, "position": "Director"}
    assert client.post(page, sent).status_code == 422 and nothing_filed()
    assert client.post(page, {**sent, "is_complete": "on"}).url == page
    with viewing(administrator):
        nil = NilReturn.objects.get()
    assert nil.acknowledgement in client.get(page).content.decode()
    taken_back = reverse("returns:withdraw", args=[nil.pk])
    assert client.post(taken_back, {"reason": "A mistake."}).url == page
    assert "A mistake." in client.get(page).content.decode()


def test_owners_read_the_page_and_are_offered_no_form(client, bank, owner):
    sign_in(client, owner)
    page = client.get(reverse("returns:returns")).content.decode()
    assert "An administrator or the second line files" in page and "<form" not in page.partition("<main")[2]


@pytest.mark.parametrize("filed", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(
    client, bank, administrator, django_assert_max_num_queries, filed
):
    with acting(administrator, "test.filed"):
        for n in range(filed):
            NilReturn.objects.create(
                organisation=bank, number=f"N-{n}", position="x", filed_by_id=administrator.user_id,
                starts_on=date(2020 + n, 1, 1), ends_on=date(2020 + n, 3, 1),
            )  # fmt: skip
    join(bank, "validator", email="another@bank.example")
    sign_in(client, administrator)
    with django_assert_max_num_queries(16):
        client.get(reverse("returns:returns"))
