"""The REST interface describes itself, and refuses in one shape."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_it_is_described_as_openapi_3_1(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    promised = {
        "/api/v1/models",
        "/api/v1/models/{model_id}/versions",
        "/api/v1/models/{model_id}/windows",
        "/api/v1/runs/{run_id}",
    }
    assert promised | {"/api/v1/gate"} <= set(described["paths"])


@pytest.mark.parametrize("authorization", [None, "Bearer senim_unknown", "Basic x"])
def test_without_a_token_it_answers_with_a_problem(client, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    answer = client.get("/api/v1/gate?model=M-0001&version=1", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["type"] == "urn:senim:problem:sign-in-needed"


def test_an_address_that_does_not_exist_is_a_problem_too(client):
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
