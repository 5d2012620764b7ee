"""Clocks that run out are called for once, and a room at rest asks little and writes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.incidents import services as incidents
from governance.incidents.models import Notice
from governance.people.acting import viewing
from tests.factories import REGISTER
from tests.governance.incidents.conftest import CRITICAL, messages

pytestmark = pytest.mark.django_db


def test_a_notice_that_is_nearly_due_is_called_for_once(model, owner, validator, committee):
    incidents.open_incident(
        by=owner, model=model, detected_at=timezone.now() - timedelta(hours=13), **CRITICAL
    )
    for _each in range(2):
        incidents.catch_up(model.organisation_id)
    called = messages("notice_due")
    assert [each.to.email for each in called] == ["owner@bank.example", "validator@bank.example"]
    assert "nearly due" in called[0].subject


def test_an_overdue_one_is_called_overdue(model, owner):
    incidents.open_incident(
        by=owner, model=model, detected_at=timezone.now() - timedelta(hours=25), **CRITICAL
    )
    incidents.catch_up(model.organisation_id)
    assert "overdue" in messages("notice_due")[0].subject


def test_a_given_notice_is_not_called_for(model, owner):
    incidents.open_incident(
        by=owner, model=model, detected_at=timezone.now() - timedelta(hours=25), **CRITICAL
    )
    with viewing(REGISTER):
        owed = list(Notice.objects.select_related("model"))
    for notice in owed:
        incidents.give_notice(by=owner, notice=notice, text="Told")
    incidents.catch_up(model.organisation_id)
    assert messages("notice_due") == []


def test_at_rest_it_asks_three_questions_and_opens_no_write(incident, django_assert_num_queries):
    incidents.catch_up(incident.organisation_id)
    with django_assert_num_queries(7):  # two savepoints and two settings of the walls around three questions
        incidents.catch_up(incident.organisation_id)
