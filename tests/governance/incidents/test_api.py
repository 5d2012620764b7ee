"""A program that hands cases to people writes into the log, and reads what stands against a model."""

from __future__ import annotations

import pytest

from governance.incidents.models import OversightEvent
from governance.obligations.models import Evidence
from tests.governance.approvals.test_api import bearer

pytestmark = pytest.mark.django_db
EVENT = {"kind": "escalation", "done": "Handed to a consultant", "operator": "desk 4", "key": "chat-81"}


def hand_in(client, model, headers, **changed):
    path = f"/api/v1/models/{model.pk}/oversight"
    return client.post(path, {**EVENT, **changed}, content_type="application/json", headers=headers)


def test_an_event_is_written_once_however_often_it_is_handed_in(model, version, bank, client, count):
    headers = bearer(bank, "oversight:write")
    first = hand_in(client, model, headers, version="1.0")
    second = hand_in(client, model, headers, version="1.0")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert (count(OversightEvent), count(Evidence)) == (1, 1)


def test_without_its_scope_nothing_is_written(model, bank, client, count):
    assert hand_in(client, model, bearer(bank, "models:write")).status_code == 403
    assert count(OversightEvent) == 0


def test_a_stranger_and_an_unknown_version_find_nothing(model, bank, broker, client, count):
    assert hand_in(client, model, bearer(broker, "oversight:write")).status_code == 404
    assert hand_in(client, model, bearer(bank, "oversight:write"), version="9").status_code == 404
    assert count(OversightEvent) == 0


def test_an_event_of_no_kind_is_a_problem_of_its_field(model, bank, client, count):
    answer = hand_in(client, model, bearer(bank, "oversight:write"), kind="sleep")
    assert (answer.status_code, answer["content-type"]) == (422, "application/problem+json")
    assert count(OversightEvent) == 0


def test_incidents_are_listed_with_what_is_owed(incident, bank, broker, client):
    path = f"/api/v1/models/{incident.model_id}/incidents"
    (line,) = client.get(path, headers=bearer(bank, "models:read")).json()
    assert (line["number"], line["severity"], line["status"], line["owed"]) == (
        "I-0001",
        "critical",
        "open",
        2,
    )
    assert client.get(path, headers=bearer(bank, "gate:read")).status_code == 403
    assert client.get(path, headers=bearer(broker, "models:read")).status_code == 404
