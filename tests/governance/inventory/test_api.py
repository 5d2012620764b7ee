"""CI registers models, freezes versions and hands in documents with a token."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from governance.inventory.models import AIModel, Revision
from governance.people import services as people
from governance.people.acting import viewing
from tests.factories import join
from tests.governance.inventory.made import COMPLETE, PDF, registered, xgboost_json

pytestmark = pytest.mark.django_db


def a_token(administrator, organisation, *scopes: str) -> Client:
    _token, secret = people.issue_token(
        by=administrator, organisation=organisation, name="CI", scopes=list(scopes), days=9
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def ci(bank, administrator) -> Client:
    return a_token(administrator, bank, "models:write")


def test_a_model_is_registered_in_one_call_for_whoever_issued_the_token(ci, administrator):
    answer = ci.post("/api/v1/models", {**COMPLETE, "submit": True}, content_type="application/json")

    body = answer.json()
    assert (answer.status_code, body["number"], body["status"], body["missing"]) == (
        201,
        "M-0001",
        "registered",
        [],
    )
    assert body["answers"]["owner"] == str(administrator.user_id)
    assert ci.get(f"/api/v1/models/{body['id']}").json() == body


def test_what_is_missing_is_named_by_field_and_nothing_is_written(ci, administrator):
    answer = ci.post("/api/v1/models", {"name": "Half", "submit": True}, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert "origin" in [problem["where"] for problem in answer.json()["problems"]]
    with viewing(administrator):
        assert not AIModel.objects.exists()


def test_an_unknown_field_is_refused(ci):
    answer = ci.post("/api/v1/models", {"name": "X", "colour": "red"}, content_type="application/json")

    assert answer.status_code == 422 and "colour" in answer.content.decode()


def test_a_version_is_frozen_with_its_artefact(ci, owner):
    model = registered(owner)
    artefact = SimpleUploadedFile("m.json", xgboost_json("a", "b").read())

    answer = ci.post(f"/api/v1/models/{model.pk}/versions", {"label": "1.0", "artefact": artefact})

    assert (answer.status_code, answer.json()["features"]) == (201, ["a", "b"])
    assert ci.get(f"/api/v1/models/{model.pk}").json()["focus_version"]["label"] == "1.0"
    assert ci.post(f"/api/v1/models/{model.pk}/versions", {"label": "1.0"}).status_code == 422


def test_a_version_without_an_artefact_lists_its_features(ci, owner):
    model = registered(owner)

    answer = ci.post(
        f"/api/v1/models/{model.pk}/versions",
        {"label": "2", "features": ["x", "y"], "metrics": '{"auc": 0.8}'},
    )

    assert (answer.status_code, answer.json()["features"], answer.json()["artefact_format"]) == (
        201,
        ["x", "y"],
        "none",
    )


def test_a_document_with_the_same_title_gets_the_next_revision(ci, owner):
    address = f"/api/v1/models/{registered(owner).pk}/documents"
    said = {"title": "Card", "kinds": ["model_card"], "language": "en"}

    numbers = [
        ci.post(address, {**said, "file": SimpleUploadedFile("c.pdf", content)}).json()["number"]
        for content in (PDF, PDF, PDF + b"2")
    ]

    assert numbers == [1, 1, 2]
    with viewing(owner):
        assert Revision.objects.count() == 2


def test_a_token_without_the_scope_changes_nothing_and_reads_nothing(bank, administrator, owner):
    model = registered(owner)
    gate = a_token(administrator, bank, "gate:read")

    assert gate.get(f"/api/v1/models/{model.pk}").status_code == 403
    assert gate.post(f"/api/v1/models/{model.pk}/versions", {"label": "1"}).status_code == 403
    assert gate.post("/api/v1/models", {"name": "X"}, content_type="application/json").status_code == 403


def test_a_token_of_another_firm_finds_nothing(broker, owner):
    model = registered(owner)
    other = a_token(
        join(broker, "administrator", email="admin@broker.example"), broker, "models:read", "models:write"
    )

    assert other.get(f"/api/v1/models/{model.pk}").status_code == 404
    assert Client().get(f"/api/v1/models/{model.pk}").status_code == 401
