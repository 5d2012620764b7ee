"""Nobody ends a finding of drift by handing in today's data as the reference: the second line decides what is compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.runs import planning, telling
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Run
from tests.monitoring.loans import Loans, a_window, csv, loans
from tests.monitoring.runs.conftest import a_period, answer, run_of, told

pytestmark = pytest.mark.django_db

TODAY = "today's data"
BY_ROWS = pytest.mark.usefixtures("preloaded")


@pytest.fixture
def drifted(owner) -> Loans:
    """Drift of the current data period against the first reference is found and open."""
    things = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    asked_and_answered(owner, things)
    return things


def asked_and_answered(owner, things: Loans) -> Run:
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    with viewing(owner):
        return Run.objects.select_related("reference", "result", "window").get(pk=run.pk)


def todays_data_as_the_reference(owner, things: Loans) -> Window:
    return a_window(
        owner, things.dataset, "reference", name=TODAY, file=csv("current"), ends_on=date(2026, 11, 1)
    )


def findings(owner) -> list[Finding]:
    with viewing(owner):
        return list(Finding.objects.filter(kind="check", check_key="drift"))


@BY_ROWS
def test_an_owner_who_hands_in_the_drifted_data_as_the_new_reference_ends_nothing(owner, drifted):
    [before] = findings(owner)
    assert before.closed_at is None
    todays_data_as_the_reference(owner, drifted)

    runs.catch_up(owner.organisation_id)
    again = asked_and_answered(owner, drifted)

    assert again.reference_id == drifted.windows["reference"].pk
    assert again.result.verdict in ("failed", "amber")
    [after] = findings(owner)
    assert (after.pk, after.closed_at, after.run_id) == (before.pk, None, again.pk)


@BY_ROWS
def test_what_the_second_line_accepts_is_compared_with_and_the_closing_names_it(owner, validator, drifted):
    newer = todays_data_as_the_reference(owner, drifted)
    data.accept_reference(by=validator, window=newer, reason="The branch was sold; this is the market now.")
    [found] = findings(owner)
    assert found.closed_at is None  # accepting closes nothing by itself

    again = asked_and_answered(owner, drifted)

    assert (again.reference_id, again.result.verdict) == (newer.pk, "passed")
    [found] = findings(owner)
    assert found.closing["reference"] == TODAY
    assert telling.closed(found.closing).endswith(f"another reference than what was found: {TODAY}.")


@BY_ROWS
def test_what_the_second_line_declines_is_never_compared_with(owner, validator, drifted):
    newer = todays_data_as_the_reference(owner, drifted)
    data.decline_reference(by=validator, window=newer, reason="These are the data that drifted.")

    again = asked_and_answered(owner, drifted)

    assert again.reference_id == drifted.windows["reference"].pk
    assert [each.closed_at for each in findings(owner)] == [None]


def test_withdrawing_the_reference_ends_no_finding_and_makes_no_other_count(watched, owner):
    """Neither does correcting it: what was found stays until it is measured again."""
    answer(run_of(owner, "drift", "april"), "failed")
    a_period(owner, watched.dataset, TODAY, part="reference", ends_on=date(2026, 4, 30))
    data.withdraw_window(by=owner, window=watched.windows["reference"], reason="It was not mine.")
    runs.catch_up(owner.organisation_id)

    assert told(owner) == {"april check": "open"}
    with viewing(owner):
        assert planning.wanted([watched.model]) == []  # no reference counts: nothing is asked, nothing passes


def test_no_answer_for_a_withdrawn_reference_is_no_finding_any_more(watched, owner):
    answer(run_of(owner, "drift", "april"), "insufficient_data")
    data.withdraw_window(by=owner, window=watched.windows["reference"], reason="Broken.")
    runs.catch_up(owner.organisation_id)
    assert told(owner) == {"april not_run": "window_withdrawn"}


def test_it_is_asked_since_the_acceptance_and_not_since_it_was_handed_in(watched, owner, validator):
    newer = a_period(owner, watched.dataset, "another year", part="reference", ends_on=date(2026, 4, 30))
    newer = data.accept_reference(by=validator, window=newer, reason="The market of today.")
    later = newer.decided_at + timedelta(seconds=1)
    with viewing(owner):
        [wanted] = [each for each in planning.wanted([watched.model]) if each.repeats]
    assert wanted.reference == newer and wanted.last is None
    assert wanted.moment(later).should >= newer.decided_at
