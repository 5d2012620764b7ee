"""The look through new data periods stands in line with runs: whoever hands in many keeps nobody else waiting."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals import services as arrivals
from monitoring.arrivals.models import Arrival
from monitoring.data import services as data
from monitoring.runs import claims, lining
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.monitoring.arrivals.conftest import applications, hand_in
from tests.monitoring.arrivals.test_arrivals import today
from tests.monitoring.loans import a_version
from tests.monitoring.runs.test_claims import worker_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(owner, dataset):
    """Five months of real applications, noticed and not looked through."""
    for n in range(5):
        month = applications(n * 60, 60, today(-200 + 30 * n))
        hand_in(owner, dataset, f"month {n}", month)
    arrivals.catch_up(owner.organisation_id)
    return dataset


def waiting(owner: Actor) -> list[Arrival]:
    with viewing(owner):
        return list(Arrival.objects.open().order_by("noticed_at", "pk"))


def take(owner: Actor, arrival: Arrival) -> Arrival | None:
    return arrivals._claimed(worker_of(owner), arrival.pk)


def arrange(owner: Actor, arrival: Arrival, **values: object) -> None:
    with acting(worker_of(owner), "test.arranged"):
        Arrival.objects.filter(pk=arrival.pk).update(**values)


def test_five_periods_are_rung_for_twice(owner, several):
    with viewing(owner):
        assert Arrival.objects.exclude(rung_at=None).count() == 2
        assert lining.to_ring_for(owner.organisation_id) == [], "two bells are on their way"


def test_periods_and_runs_are_counted_together(owner, several):
    a_version(owner, several.model, bare=True)
    hand_in(owner, several, "reference", applications(400, 60, today(-300)), part="reference")
    runs.set_plan(by=owner, dataset=several, check_key="quality")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        run = Run.objects.get()
    one, two, *_rest = waiting(owner)
    assert take(owner, one) and claims.take(worker_of(owner), run.pk)
    assert take(owner, two) is None


def test_a_bell_is_answered_with_the_oldest_period_and_the_next_is_rung_for(owner, several):
    there = waiting(owner)
    arrivals.answer_bell(owner.organisation_id, there[-1].pk)
    assert [each.pk for each in waiting(owner)] == [each.pk for each in there[1:]]
    with viewing(owner):
        assert Arrival.objects.open().exclude(rung_at=None).count() == 2


def test_a_second_worker_finds_it_taken_until_the_first_one_is_silent(owner, several):
    [one, *_rest] = waiting(owner)
    held = take(owner, one)
    assert held and take(owner, one) is None and arrivals._renew(worker_of(owner), held)
    arrange(owner, one, expires_at=timezone.now() - timedelta(seconds=1))
    assert take(owner, one)
    assert not arrivals._renew(worker_of(owner), held), "it has passed to another worker"


def test_a_lease_of_a_clock_that_was_set_back_is_not_waited_for(owner, several):
    [one, *_rest] = waiting(owner)
    assert take(owner, one)
    arrange(owner, one, expires_at=timezone.now() + timedelta(hours=1))
    assert take(owner, one)


def test_a_full_disk_costs_no_attempt(owner, several):
    [one, *_rest] = waiting(owner)
    held = take(owner, one)
    arrivals._failed(worker_of(owner), held, OSError(errno.ENOSPC, "No space left on device"))
    with viewing(owner):
        later = Arrival.objects.get(pk=one.pk)
    assert (later.attempts, later.error) == (0, "ENOSPC") and later.expires_at > timezone.now()
    assert take(owner, one) is None, "not before there may be room again"


def test_what_is_withdrawn_before_anybody_looked_waits_no_longer(owner, several):
    [one, *rest] = waiting(owner)
    with viewing(owner):
        window = one.window
    data.withdraw_window(by=owner, window=window, reason="wrong file")
    arrivals.catch_up(owner.organisation_id)
    assert [each.pk for each in waiting(owner)] == [each.pk for each in rest]
    with viewing(owner):
        assert Arrival.objects.get(pk=one.pk).error == "withdrawn"
