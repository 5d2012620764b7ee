"""Drift with falling performance over one data period becomes an incident, once; each of them alone does not."""

from __future__ import annotations

from datetime import date

import pytest

from governance.incidents.models import Incident
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import services as runs
from monitoring.runs.models import Finding
from tests.factories import sign_in
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import a_period, answer, on_record, run_of

pytestmark = pytest.mark.django_db
QUARTERS = {"2008 Q3": date(2008, 9, 30), "2008 Q4": date(2008, 12, 31), "2009 Q1": date(2009, 3, 31)}


@pytest.fixture
def watched(owner) -> Loans:
    things = on_record(owner)
    for name, day in QUARTERS.items():
        a_period(owner, things.dataset, name, ends_on=day)
    for check in ("drift", "performance"):
        runs.set_plan(by=owner, dataset=things.dataset, check_key=check)
    runs.catch_up(owner.organisation_id)
    return things


def found(owner: Actor, quarter: str, *, drift: str, performance: str) -> None:
    answer(run_of(owner, "drift", quarter), drift)
    answer(run_of(owner, "performance", quarter), performance)
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)


def incidents(owner: Actor) -> list[Incident]:
    with viewing(owner):
        return list(Incident.objects.order_by("number"))


@pytest.mark.parametrize(
    ("drift", "performance"), [("failed", "passed"), ("passed", "failed"), ("amber", "failed")]
)
def test_one_alone_is_a_finding(watched, owner, drift, performance):
    found(owner, "2008 Q3", drift=drift, performance=performance)
    assert incidents(owner) == []
    with viewing(owner):
        assert Finding.objects.open().filter(incident=None).exists()


def test_red_over_different_data_periods_is_no_incident(watched, owner):
    found(owner, "2008 Q3", drift="failed", performance="passed")
    found(owner, "2008 Q4", drift="passed", performance="failed")
    assert incidents(owner) == []


def test_both_over_one_data_period_open_one_incident_that_the_findings_name(watched, owner, client):
    found(owner, "2008 Q4", drift="failed", performance="failed")
    [incident] = incidents(owner)
    assert (incident.kind, incident.source, incident.severity) == (
        "drift_and_performance",
        "monitoring",
        "high",
    )
    assert incident.summary["params"] == {"version": "1.0", "window": "2008 Q4"}
    with viewing(owner):
        assert set(Finding.objects.values_list("incident_id", flat=True)) == {incident.pk}
    page = sign_in(client, owner).get(f"/models/{watched.model.pk}/findings/").content.decode()
    assert page.count(f"Incident {incident.number}") == 2


def test_the_next_bad_period_belongs_to_the_incident_that_is_still_open(watched, owner):
    found(owner, "2008 Q4", drift="failed", performance="failed")
    found(owner, "2009 Q1", drift="failed", performance="failed")
    [incident] = incidents(owner)
    with viewing(owner):
        assert Finding.objects.filter(incident=incident).count() == 4
    with acting(Actor.system("tests", owner.organisation_id), "test.closed"):
        Incident.objects.update(
            status="closed", closed_at=incident.opened_at, cause="market", measures="none"
        )
    found(owner, "2008 Q3", drift="failed", performance="failed")
    assert len(incidents(owner)) == 2
