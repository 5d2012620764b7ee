"""A program that holds a drill and times it hands it in; one that failed is evidence that fails."""

from __future__ import annotations

import pytest

from governance.incidents.models import Drill
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from tests.factories import REGISTER
from tests.governance.approvals.test_api import bearer

pytestmark = pytest.mark.django_db
DRILL = {
    "kind": "fallback",
    "started_at": "2026-11-01T10:00:00+05:00",
    "ended_at": "2026-11-01T10:01:30+05:00",
    "worked": True,
    "findings": "The manual procedure took over.",
    "target_seconds": 120,
    "key": "nightly-311",
}


def hand_in(client, model, headers, **changed):
    path = f"/api/v1/models/{model.pk}/drills"
    return client.post(path, {**DRILL, **changed}, content_type="application/json", headers=headers)


def verdicts() -> list[tuple[str, str]]:
    with viewing(REGISTER):
        return list(Evidence.objects.values_list("kind", "verdict"))


def test_a_drill_is_written_once_with_the_seconds_it_took(model, version, bank, client, count):
    headers = bearer(bank, "oversight:write")

    first, second = (hand_in(client, model, headers, version="1.0") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first.json()["seconds"], first.json()["passed"]) == (90.0, True)
    assert count(Drill) == 1 and verdicts() == [("fallback_test", "passed")]


@pytest.mark.parametrize("changed", [{"worked": False}, {"target_seconds": 60}])
def test_one_that_failed_or_took_too_long_is_evidence_that_fails(model, bank, client, changed):
    answer = hand_in(client, model, bearer(bank, "oversight:write"), **changed)

    assert (answer.status_code, answer.json()["passed"]) == (201, False)
    assert verdicts() == [("fallback_test", "failed")]


def test_without_its_scope_nothing_is_written(model, bank, client, count):
    assert hand_in(client, model, bearer(bank, "models:write")).status_code == 403
    assert (count(Drill), count(Evidence)) == (0, 0)


def test_a_stranger_and_an_unknown_version_find_nothing(model, bank, broker, client, count):
    assert hand_in(client, model, bearer(broker, "oversight:write")).status_code == 404
    assert hand_in(client, model, bearer(bank, "oversight:write"), version="9").status_code == 404
    assert count(Drill) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "fire"},
        {"findings": " "},
        {"started_at": "2026-11-01T10:00:00"},
        {"ended_at": "2026-11-01T09:00:00+05:00"},
        {"ended_at": "2126-11-01T10:00:00+05:00"},
        {"target_seconds": -1},
        {"worked": "perhaps"},
    ],
)
def test_a_drill_that_is_not_in_order_is_refused_and_nothing_is_written(model, bank, client, count, changed):
    assert hand_in(client, model, bearer(bank, "oversight:write"), **changed).status_code == 422
    assert (count(Drill), count(Evidence)) == (0, 0)
