"""A key figure has a limit and a person who answers for it; its values are only added, and a breach is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.figures import queries, services
from governance.inventory.figures.models import Kpi, KpiValue
from governance.people.acting import viewing
from governance.people.actor import Actor
from tests.factories import REGISTER, join, sign_in
from tests.governance.inventory.made import registered

pytestmark = pytest.mark.django_db

COMPLAINTS = {"name": "Complaints a month", "unit": "pieces", "upper": 5.0}


@pytest.fixture
def model(owner):
    return registered(owner)


def watched(by, model, **changed) -> Kpi:
    return services.set_kpi(by=by, model=model, **{**COMPLAINTS, "owner_id": model.owner_id, **changed})


def entered(by, kpi, value, days_ago=0, **more) -> KpiValue:
    at = timezone.now() - timedelta(days=days_ago)
    return services.enter(by=by, kpi=kpi, value=value, measured_at=at, **more)


def line(model) -> queries.Line:
    with viewing(REGISTER):
        [found] = queries.lines([model])
    return found


def count(table) -> int:
    with viewing(REGISTER):
        return table.objects.count()


def test_the_latest_value_is_judged_by_the_limits_and_the_former_are_kept(owner, validator, model):
    kpi = watched(owner, model)
    assert line(model).state == "not_measured"
    entered(owner, kpi, 5.0, days_ago=30)
    assert line(model).state == "within_limit"
    entered(validator, kpi, 5.1)
    assert [said for _value, *said in line(model).history] == [
        ["5.1 pieces", "beyond_limit"],
        ["5 pieces", "within_limit"],
    ]


@pytest.mark.parametrize(
    ("limits", "value", "holds"),
    [
        ({"lower": 0.8, "upper": None}, 0.8, True),
        ({"lower": 0.8, "upper": None}, 0.79, False),
        ({"lower": 0.0, "upper": 1.0}, 1.01, False),
    ],
)
def test_a_limit_is_kept_when_it_is_met_exactly(owner, model, limits, value, holds):
    assert watched(owner, model, **limits).holds(value) is holds


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"name": " "}, "name"),
        ({"upper": None}, "upper"),
        ({"lower": 6.0}, "upper"),
        ({"upper": float("nan")}, "upper"),
        ({"owner_id": "00000000-0000-4000-8000-000000000000"}, "owner"),
    ],
)
def test_what_is_not_in_order_is_refused(owner, model, changed, where):
    with pytest.raises(RuleBroken) as refusal:
        watched(owner, model, **changed)
    assert [each.where for each in refusal.value.problems] == [where] and count(Kpi) == 0


def test_other_limits_are_another_row_and_the_former_keeps_its_values(owner, model):
    former = watched(owner, model)
    entered(owner, former, 4.0)
    watched(owner, model, upper=3.0)
    assert (line(model).kpi.upper, line(model).state, count(KpiValue)) == (3.0, "not_measured", 1)
    with pytest.raises(OutOfOrder):
        entered(owner, former, 4.0)


def test_a_value_is_a_number_that_was_measured(owner, model):
    kpi = watched(owner, model)
    for value, days_ago in ((float("inf"), 0), (4.0, -1)):
        with pytest.raises(RuleBroken):
            entered(owner, kpi, value, days_ago=days_ago)
    assert count(KpiValue) == 0


def test_a_figure_of_a_check_is_taken_over_once_for_each_result_and_never_typed(owner, model):
    feed = services.Feed("drift", "drifted_share")
    kpi = watched(owner, model, name="Drift", upper=0.3, feed=feed)
    with pytest.raises(OutOfOrder):
        entered(owner, kpi, 0.1)
    worker = Actor.system("key figures", model.organisation_id)
    given = {"kpi": kpi, "value": 0.4, "measured_at": timezone.now(), "n": 900, "digest": "a" * 64}
    assert services.take_over(by=worker, **given).n == 900
    assert services.take_over(by=worker, **given) is None
    with pytest.raises(NotAllowed):
        services.take_over(by=owner, **{**given, "digest": "b" * 64})
    assert (count(KpiValue), line(model).state) == (1, "beyond_limit")


def test_only_the_owner_of_the_model_and_the_second_line_write(bank, owner, model, stranger, supervisor):
    kpi = watched(owner, model)
    colleague = join(bank, "model_owner", "administrator", email="other@bank.example")
    for by in (colleague, stranger, supervisor):
        for attempt in (lambda by=by: watched(by, model), lambda by=by: entered(by, kpi, 1.0)):
            with pytest.raises(NotAllowed):
                attempt()
    assert (count(Kpi), count(KpiValue)) == (1, 0)


def test_nothing_is_added_to_a_withdrawn_model_or_an_ended_figure(owner, model):
    kpi = watched(owner, model)
    services.end_kpi(by=owner, kpi=kpi)
    for attempt in (lambda: entered(owner, kpi, 1.0), lambda: services.end_kpi(by=owner, kpi=kpi)):
        with pytest.raises(OutOfOrder):
            attempt()
    inventory.withdraw(by=owner, model=model, reason="Replaced.")
    with pytest.raises(OutOfOrder):
        watched(owner, model)


def test_the_page_names_a_figure_takes_values_and_ends_it(client, owner, model):
    sign_in(client, owner)
    page = reverse("key-figures", args=[model.pk])
    assert "No figure is watched yet" in client.get(page).content.decode()
    new = reverse("new-figure", args=[model.pk])
    sent = {"name": "Complaints", "unit": "pieces", "upper": "5", "owner": owner.user_id}
    assert client.post(new, {**sent, "upper": ""}).status_code == 422 and count(Kpi) == 0
    assert client.post(new, sent).url == page
    kpi = line(model).kpi
    enter = reverse("enter-value", args=[kpi.pk])
    assert client.post(enter, {"value": "many"}).status_code == 422
    assert client.post(enter, {"value": "7", "note": "Call centre"}).url == page
    shown = client.get(page).content.decode()
    assert "Beyond its limit" in shown and "Call centre" in shown and "not above 5 pieces" in shown
    assert client.post(reverse("end-figure", args=[kpi.pk])).url == page
    assert "No figure is watched yet" in client.get(page).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_however_many_figures_there_are(
    client, owner, model, many, django_assert_max_num_queries
):
    for n in range(many):
        entered(owner, watched(owner, model, name=f"Figure {n}"), 1.0)
    sign_in(client, owner)
    with django_assert_max_num_queries(16):
        client.get(reverse("key-figures", args=[model.pk]))
