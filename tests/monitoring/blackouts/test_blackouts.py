"""Who closes a time for checks, how it is refused and lifted, and who sees it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.people.acting import viewing
from monitoring.blackouts import services as blackouts
from monitoring.blackouts.models import Blackout
from monitoring.blackouts.queries import closures_of
from monitoring.blackouts.rules import is_closed
from tests.factories import sign_in

pytestmark = pytest.mark.django_db


def soon(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def declare(by, bank, **said) -> Blackout:
    given = {
        "reason": "Nothing is changed at the end of the year.",
        "starts_at": soon(1),
        "ends_at": soon(9),
        **said,
    }
    return blackouts.declare(by=by, organisation=bank, **given)


def test_a_blackout_says_when_why_and_who(validator, bank):
    declare(validator, bank)
    with viewing(validator):
        there = Blackout.objects.get()
        [closure] = closures_of([bank.pk], timezone.now())[bank.pk]
    assert (there.declared_by_id, there.reason[:7]) == (validator.user_id, "Nothing")
    assert is_closed(soon(2), [closure]) and not is_closed(soon(10), [closure])


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"reason": " "}, "reason"),
        ({"ends_at": None}, "ends_at"),
        ({"starts_at": soon(9), "ends_at": soon(1)}, "ends_at"),
        ({"starts_at": soon(-9), "ends_at": soon(-1)}, "ends_at"),
        ({"ends_at": soon(500)}, "ends_at"),
        ({"daily_from": time(9)}, "daily_until"),
        ({"daily_until": time(9)}, "daily_from"),
        ({"daily_from": time(9), "daily_until": time(9)}, "daily_until"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(validator, bank, said, where):
    with pytest.raises(RuleBroken) as refused:
        declare(validator, bank, **said)
    assert where in [problem.where for problem in refused.value.problems]
    with viewing(validator):
        assert not Blackout.objects.exists()


def test_hours_that_leave_no_time_for_checks_are_refused(validator, bank):
    declare(validator, bank, ends_at=None, daily_from=time(8), daily_until=time(20))
    with pytest.raises(RuleBroken) as refused:
        declare(validator, bank, ends_at=None, daily_from=time(20), daily_until=time(8))
    assert [problem.where for problem in refused.value.problems] == ["daily_until"]


def test_it_is_lifted_once_with_a_reason_and_stays_on_file(validator, bank):
    blackout = declare(validator, bank, starts_at=soon(-1))
    with pytest.raises(RuleBroken):
        blackouts.lift(by=validator, blackout=blackout, reason="")
    lifted = blackouts.lift(by=validator, blackout=blackout, reason="Done sooner.")
    with pytest.raises(OutOfOrder):
        blackouts.lift(by=validator, blackout=blackout, reason="Again.")
    with viewing(validator):
        [closure] = closures_of([bank.pk], soon(-3))[bank.pk]
    assert closure.ends_at == lifted.lifted_at, "what was closed then is still known"


def test_only_the_second_line_and_administrators_of_the_organisation_close_it(
    owner, stranger, validator, bank, client
):
    for other in (owner, stranger):
        with pytest.raises((NotAllowed, Blackout.DoesNotExist)):
            declare(other, bank)
    blackout = declare(validator, bank)
    with viewing(stranger):
        assert not Blackout.objects.exists()
    sign_in(client, stranger)
    foreign = client.get(f"/blackouts/{blackout.pk}/lift/")
    missing = client.get("/blackouts/00000000-0000-4000-8000-000000000000/lift/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_the_page_declares_and_lifts(validator, owner, bank, client):
    sign_in(client, validator)
    start, end = (timezone.localtime(soon(days)).strftime("%Y-%m-%dT%H:%M") for days in (1, 2))
    assert client.post("/blackouts/", {"reason": "", "starts_at": start}).status_code == 422
    said = {
        "reason": "The market is open.",
        "starts_at": start,
        "daily_from": "10:00",
        "daily_until": "17:00",
    }
    assert client.post("/blackouts/", {**said, "working_days_only": "on"}).status_code == 302
    assert (
        client.post("/blackouts/", {"reason": "The freeze.", "starts_at": start, "ends_at": end}).status_code
        == 302
    )
    page = client.get("/blackouts/").content.decode()
    assert "each day from 10:00 to 17:00" in page and "The freeze." in page
    with viewing(validator):
        freeze = Blackout.objects.get(reason="The freeze.")
    assert client.post(f"/blackouts/{freeze.pk}/lift/", {"reason": "Over."}).status_code == 302
    assert "lifted by" in client.get("/blackouts/").content.decode()
    sign_in(client, owner)
    assert "Declare the blackout" not in client.get("/blackouts/").content.decode()


def test_as_many_queries_for_three_blackouts_as_for_one(validator, bank, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    sign_in(client, validator)
    for number in (1, 2):
        for _each in range(number):
            declare(validator, bank)
        client.get("/blackouts/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/blackouts/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
