"""Evidently's own report: asked for by a person or a program, made by a worker, handed out as a file, gone with the rows."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from audits.ledger.models import LedgerEntry
from governance import store
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.people.acting import acting, viewing
from monitoring.data import services as data
from monitoring.evidently_reports import services as reports
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.factories import REGISTER, join, sign_in
from tests.monitoring.loans import loans
from tests.monitoring.runs.conftest import a_period
from tests.monitoring.runs.test_api import ci
from tests.monitoring.shielding.rows import csv, grounds, hand_in, protected
from tests.monitoring.shielding.test_along import erase

__all__ = ["ci"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


@pytest.fixture
def things(owner):
    return loans(owner)


def made(owner, window) -> EvidentlyReport:
    asked = reports.ask(by=owner, window=window)
    reports.work(owner.organisation_id, asked.pk)
    return now(asked)


def now(asked) -> EvidentlyReport:
    with viewing(REGISTER):
        return EvidentlyReport.objects.select_related("window", "reference", "model").get(pk=asked.pk)


def html_of(report) -> bytes:
    return store.read(report.organisation_id, report.sha256)


def test_its_reference_is_the_one_that_the_checks_are_held_against(owner, validator, things):
    """The latest by the day it ends, not the one that was handed in last."""
    for name, day in (
        ("last year", date(2099, 12, 31)),
        ("the year before, handed in late", date(2098, 12, 31)),
    ):
        newer = a_period(owner, things.dataset, name, part="reference", ends_on=day)
        data.accept_reference(by=validator, window=newer, reason="A year without complaints.")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    [run] = runs.start(by=owner, model=things.model)
    with viewing(owner):
        found = reports.reference_of(things.windows["current"])
    assert found and found.name == "last year" and found.pk == run.reference_id


def test_it_is_made_by_the_plan_s_methods_and_agrees_with_the_check(owner, things):
    limits = {"numeric_method": "wasserstein", "categorical_method": "jensenshannon"}
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits=limits, reason="As agreed")
    for run in runs.start(by=owner, model=things.model):
        runs.work(run.pk)

    report = made(owner, things.windows["current"])

    assert (report.status, report.error, report.reference) == ("done", "", things.windows["reference"])
    assert hashlib.sha256(html_of(report)).hexdigest() == report.sha256 and report.size > 3_000_000
    with viewing(owner):
        figures = Run.objects.get(check_key="drift").result.measurements.filter(metric="wasserstein")
        ours = {each.subject: each.value for each in figures}
    theirs = {each["feature"]: each["score"] for each in report.told["features"]}
    assert theirs == pytest.approx(ours, abs=1e-9) and len(theirs) == 10
    assert {each["method"] for each in report.told["features"]} == {"wasserstein"}
    assert report.told["drawn"] == report.told["rows"] == {"reference": 1682, "current": 307}


def test_it_is_made_once_at_a_time_and_again_when_asked_again(owner, things):
    window = things.windows["current"]
    first = reports.ask(by=owner, window=window)
    assert reports.ask(by=owner, window=window) == first
    reports.work(owner.organisation_id, first.pk)
    second = made(owner, window)
    assert second.pk != first.pk and second.told == now(first).told


def test_what_no_worker_survived_is_given_up_at_last(owner, things):
    asked = reports.ask(by=owner, window=things.windows["current"])
    with acting(REGISTER, "test.arranged"):
        EvidentlyReport.objects.update(attempts=5)
    reports.work(owner.organisation_id, asked.pk)
    assert (now(asked).status, now(asked).error) == ("failed", "died")


def test_a_window_that_evidently_cannot_read_is_refused_with_the_reason(owner, things):
    reference = things.windows["reference"]
    with pytest.raises(RuleBroken) as refused:
        reports.ask(by=owner, window=reference)
    assert "no reference" in str(refused.value.problems[0].what)
    data.withdraw_window(by=owner, window=things.windows["current"], reason="Wrong file")
    with pytest.raises(OutOfOrder):
        reports.ask(by=owner, window=things.windows["current"])
    with viewing(owner):
        assert not EvidentlyReport.objects.exists()


def test_only_who_answers_for_the_model_or_looks_over_it_asks(bank, owner, things):
    with pytest.raises(NotAllowed):
        reports.ask(by=join(bank, "committee", email="c@bank.example"), window=things.windows["current"])
    assert reports.ask(by=join(bank, "auditor", email="a@bank.example"), window=things.windows["current"])


@pytest.mark.parametrize("part", ["current", "reference"])
def test_it_goes_with_the_rows_of_either_period_and_its_digest_stays(client, bank, owner, part):
    dataset = protected(owner)
    periods = {
        "reference": hand_in(owner, dataset, **grounds(), name="Reference", part="reference"),
        "current": hand_in(owner, dataset, csv(moved=40), **grounds()),
    }
    done = made(owner, periods["current"])
    assert html_of(done)
    due = reports.ask(by=owner, window=periods["current"])

    erase(bank, periods[part])

    with pytest.raises(store.Damaged):
        html_of(done)
    assert now(done).removed_at and now(done).sha256 == done.sha256
    assert (now(due).status, now(due).error) == ("failed", "rows_erased")
    reports.work(bank.pk, due.pk)
    assert now(due).sha256 == ""
    with viewing(REGISTER):
        assert LedgerEntry.objects.filter(action="evidently_report.erased").exists()
    page = sign_in(client, owner)
    assert page.get(f"/evidently/{done.pk}/report.html").status_code == 404
    told = page.get(f"/windows/{periods['current'].pk}/evidently/").content.decode()
    assert "Erased with its data period on" in told


def test_rows_that_were_erased_while_it_was_made_leave_no_file(bank, owner, monkeypatch):
    dataset = protected(owner)
    hand_in(owner, dataset, **grounds(), name="Reference", part="reference")
    window = hand_in(owner, dataset, csv(moved=40), **grounds())
    asked = reports.ask(by=owner, window=window)
    answered = reports.job.answered

    def slowly(*given):
        answer = answered(*given)
        erase(bank, window)
        return answer

    monkeypatch.setattr(reports.job, "answered", slowly)
    reports.work(bank.pk, asked.pk)
    assert (now(asked).status, now(asked).sha256, now(asked).told) == ("failed", "", {})


def test_the_page_asks_waits_and_hands_the_file_out(client, owner, things):
    window = things.windows["current"]
    visitor = sign_in(client, owner)
    address = f"/windows/{window.pk}/evidently/"
    assert address in visitor.get(f"/models/{things.model.pk}/data/").content.decode()

    assert visitor.post(address).status_code == 302
    with viewing(owner):
        asked = EvidentlyReport.objects.get()
    assert "A worker is making the report." in visitor.get(address).content.decode()
    assert "HX-Refresh" not in visitor.get(f"{address}progress/")
    reports.work(owner.organisation_id, asked.pk)
    assert visitor.get(f"{address}progress/")["HX-Refresh"] == "true"
    page = visitor.get(address).content.decode()
    assert "of 10 features drifted" in page and "307" in page and "evidently 0.7" in page

    file = visitor.get(f"/evidently/{asked.pk}/report.html")
    assert hashlib.sha256(b"".join(file.streaming_content)).hexdigest() == now(asked).sha256
    assert file["Content-Disposition"] == f'attachment; filename="evidently-{now(asked).sha256[:12]}.html"'
    assert file["X-Content-Type-Options"] == "nosniff"


def test_the_decision_is_told_beside_the_features_as_the_check_tells_it(client, ci, owner):
    things = loans(owner, number="M-0002", bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits={}, reason="As agreed")
    for run in runs.start(by=owner, model=things.model):
        runs.work(run.pk)
    report = made(owner, things.windows["current"])

    with viewing(owner):
        check = Run.objects.get(check_key="drift", model=things.model).result.measurements.get(
            metric="prediction_psi"
        )
    [decision] = ci("get", f"/evidently/{report.pk}").json()["roles"]
    assert decision["score"] == pytest.approx(check.value, abs=1e-9)
    assert (
        (decision["role"], decision["feature"]) == ("prediction", check.subject) == ("prediction", "approve")
    )
    assert (decision["drifted"], decision["threshold"]) == (check.verdict == "amber", check.limit)
    page = sign_in(client, owner).get(f"/windows/{report.window_id}/evidently/").content.decode()
    assert "of 10 features drifted" in page and "Drift of the decision: approve, drifted" in page


def test_a_page_that_cannot_ask_says_why(client, owner, things):
    visitor, address = sign_in(client, owner), f"/windows/{things.windows['reference'].pk}/evidently/"
    assert "no reference" in visitor.get(address).content.decode()
    assert visitor.post(address).status_code == 422


def test_a_stranger_finds_nothing(client, stranger, owner, things):
    asked = reports.ask(by=owner, window=things.windows["current"])
    visitor = sign_in(client, stranger)
    for path in (f"/windows/{asked.window_id}/evidently/", f"/evidently/{asked.pk}/report.html"):
        assert visitor.get(path).status_code == 404


def test_a_program_asks_reads_and_fetches(ci, owner, things):
    window = things.windows["current"]
    asked = ci("post", f"/windows/{window.pk}/evidently")
    assert (asked.status_code, asked.json()["status"], asked.json()["features"]) == (202, "due", [])
    key = asked.json()["id"]
    assert ci("get", f"/evidently/{key}/report.html").status_code == 404
    reports.work(owner.organisation_id, key)

    told = ci("get", f"/evidently/{key}").json()

    page = ci("get", f"/evidently/{key}/report.html")
    assert hashlib.sha256(b"".join(page.streaming_content)).hexdigest() == told["sha256"]
    assert (told["status"], told["reference"], len(told["features"])) == ("done", "reference", 10)
    assert told["libraries"]["evidently"] and told["drawn"]["current"] == 307
    assert ci("post", f"/windows/{window.pk}/evidently", "models:read").status_code == 403
    assert ci("post", f"/windows/{things.windows['reference'].pk}/evidently").status_code == 422
