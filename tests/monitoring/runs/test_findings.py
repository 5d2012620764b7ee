"""A finding is opened once, closed with a cause, and never deleted."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from governance.inventory import services as inventory
from governance.people.acting import acting, viewing
from monitoring.data import services as data
from monitoring.runs import services as runs
from monitoring.runs import telling
from monitoring.runs.models import Finding
from tests.monitoring.runs.conftest import a_period, answer, run_of, told

pytestmark = pytest.mark.django_db


def test_each_data_period_has_a_finding_and_only_the_latest_stays_open(watched, owner):
    answer(run_of(owner, "drift", "january"), "failed")
    answer(run_of(owner, "drift", "march"), "failed")
    assert told(owner) == {"january check": "continued", "march check": "open"}
    answer(run_of(owner, "drift", "april"), "passed")
    assert told(owner) == {"january check": "continued", "march check": "passed_later"}


def test_a_late_answer_about_an_older_period_says_what_it_found_and_is_overtaken(watched, owner):
    answer(run_of(owner, "drift", "april"), "passed")
    answer(run_of(owner, "drift", "march"), "failed")
    assert told(owner) == {"march check": "passed_later"}


def test_the_older_period_does_not_close_what_the_later_one_found(watched, owner):
    answer(run_of(owner, "drift", "april"), "failed")
    answer(run_of(owner, "drift", "january"), "passed")
    assert told(owner) == {"april check": "open"}


def test_no_answer_is_a_finding_of_its_own_and_settles_nothing(watched, owner):
    answer(run_of(owner, "drift", "march"), "failed")
    answer(run_of(owner, "drift", "april"), "insufficient_data")
    assert told(owner) == {"march check": "open", "april not_run": "open"}


def test_a_withdrawn_data_period_version_or_model_closes_what_was_found_of_it(watched, owner):
    answer(run_of(owner, "drift", "april"), "failed")
    with viewing(owner):
        april = Finding.objects.select_related("window", "version").get()
    data.withdraw_window(by=owner, window=april.window, reason="wrong file")
    runs.catch_up(owner.organisation_id)
    assert told(owner) == {"april check": "window_withdrawn"}
    answer(run_of(owner, "drift", "march"), "failed")
    inventory.withdraw_version(by=owner, version=watched.version)
    runs.catch_up(owner.organisation_id)
    assert told(owner)["march check"] == "version_withdrawn"


def test_the_same_finding_is_not_opened_twice(watched, owner):
    answer(run_of(owner, "drift", "april"), "failed")
    with viewing(owner):
        finding = Finding.objects.get()
    copy = {
        field.attname: getattr(finding, field.attname) for field in Finding._meta.fields if field.name != "id"
    }
    with pytest.raises(IntegrityError), transaction.atomic(), acting(owner, "finding.copied"):
        Finding.objects.create(**copy)


def test_a_finding_is_not_closed_without_a_cause(watched, owner):
    answer(run_of(owner, "drift", "april"), "failed")
    with pytest.raises(IntegrityError), transaction.atomic(), acting(owner, "finding.closed"):
        Finding.objects.update(closed_at="2026-11-22T12:00Z")


def test_an_answer_held_against_another_reference_says_so_in_closing(watched, owner, validator):
    """Nobody makes a drift end by a newer reference without a word of it."""
    answer(run_of(owner, "drift", "april"), "failed")
    newer = a_period(owner, watched.dataset, "another year", part="reference", ends_on=date(2099, 5, 31))
    data.accept_reference(by=validator, window=newer, reason="The market of today.")
    runs.start(by=owner, model=watched.model)
    again = run_of(owner, "drift", "april")
    answer(again, "passed")
    with viewing(owner):
        [finding] = Finding.objects.filter(window__name="april")
    assert finding.closing["reference"] == "another year" and finding.closing["run"] == str(again.pk)
    assert telling.closed(finding.closing) == (
        "The same data period passes now. It was held against another reference than what was found: another year."
    )


def test_every_cause_can_be_said():
    for cause in telling.CLOSED:
        assert "%(" not in telling.closed({"cause": cause, "version": "2"})
    assert telling.closed({}) == ""
