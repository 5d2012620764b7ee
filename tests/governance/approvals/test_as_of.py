"""A permission and a request stand as they stood: by their own times, and by the ledger where a state was written over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance.approvals import services as approvals
from governance.approvals.models import Authorisation, Decision
from governance.approvals.past import before_the_committee, permissions_of
from governance.people.acting import acting, viewing
from tests.factories import REGISTER

pytestmark = pytest.mark.django_db


def now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def stood(owner, model, at) -> list[str]:
    with viewing(owner):
        return [each.state for each in permissions_of([model], at).get(model.pk, [])]


def stop(owner, permission) -> None:
    with viewing(owner):
        row = Authorisation.objects.select_related("model").get(pk=permission.pk)
    approvals.suspend(by=owner, authorisation=row, reason="Clients were refused without cause")


def test_a_permission_has_the_state_of_each_moment(owner, model, permission):
    with viewing(owner):
        given = Decision.objects.get().decided_at
    running = now()
    stop(owner, permission)

    assert stood(owner, model, given) == []
    assert stood(owner, model, running) == ["active"]
    assert stood(owner, model, now()) == ["suspended"]
    assert stood(owner, model, running + timedelta(days=4000)) == ["suspended"]


def test_one_that_has_run_out_by_then_is_expired(owner, model, permission):
    assert stood(owner, model, permission.expires_at + timedelta(days=1)) == ["expired"]


def test_a_state_that_the_ledger_does_not_tell_is_not_guessed(owner, model, permission):
    with acting(REGISTER, "test.time_passed"):
        Decision.objects.update(decided_at=timezone.now() - timedelta(days=4))
    stop(owner, permission)

    assert stood(owner, model, timezone.now() - timedelta(days=2)) == ["unknown"]


def test_a_request_was_before_the_committee_until_it_was_decided(owner, model, permission):
    with viewing(owner):
        decision = Decision.objects.select_related("request").get()
        asked, decided = decision.request.requested_at, decision.decided_at
        assert before_the_committee(model, asked) == []
        assert before_the_committee(model, decided) == [decision.request]
        assert before_the_committee(model, now()) == []
