"""What CI meets: it asks for approval, asks the gate, and verifies the answer with the public key alone."""

from __future__ import annotations

import pytest

from governance.approvals import signing
from governance.approvals.models import ApprovalRequest, GateVerdict
from governance.obligations.models import DutySheet
from governance.people import services as people
from governance.people.acting import acting
from tests.factories import REGISTER, join
from tests.governance.approvals.conftest import ARTEFACT, failing

pytestmark = pytest.mark.django_db
GATE = {"model": "M-0001", "version": "1.0", "digest": ARTEFACT, "environment": "production"}


def bearer(organisation, *scopes: str) -> dict[str, str]:
    issuer = join(
        organisation, "administrator", email=f"{len(scopes)}{scopes[0][:4]}@{organisation.bin}.example"
    )
    _token, secret = people.issue_token(
        by=issuer, organisation=organisation, name="CI", scopes=list(scopes), days=1
    )
    return {"authorization": f"Bearer {secret}"}


def test_an_answer_verifies_with_the_key_that_is_served_to_anybody(permission, bank, client):
    answer = client.get("/api/v1/gate", GATE, headers=bearer(bank, "gate:read")).json()
    key = client.get("/api/v1/gate/key").json()
    assert (answer["answer"], answer["key_id"]) == ("allow", key["key_id"])
    assert answer["statement"]["artefact_sha256"] == ARTEFACT
    assert "later suspension" in answer["statement"]["caution"]
    assert signing.verify(answer["statement"], answer["signature"], key["public_key"])
    assert not signing.verify(
        {**answer["statement"], "answer": "deny"}, answer["signature"], key["public_key"]
    )


def test_a_denial_says_why_in_words(permission, bank, client):
    answer = client.get(
        "/api/v1/gate", {**GATE, "digest": "b" * 64}, headers=bearer(bank, "gate:read")
    ).json()
    assert answer["answer"] == "deny"
    assert answer["statement"]["reasons"][0]["key"] == "artefact_differs"
    assert len(answer["says"]) == 2


def test_a_denial_for_a_requirement_names_the_reading_that_it_was_judged_by(
    permission, version, bank, client
):
    failing(version, ("kz-art6-fairness-equality", "failing"))
    with acting(REGISTER, "requirements.computed"):
        DutySheet.objects.update(editions={"kz-ai-law": "2026-11-22"})
    answer = client.get("/api/v1/gate", GATE, headers=bearer(bank, "gate:read")).json()

    assert answer["answer"] == "deny"
    assert "22.11.2026" in answer["says"][1]  # the language of the token is the default one


def test_a_stranger_and_an_unknown_version_get_the_same_404(permission, bank, broker, client, count):
    theirs = client.get("/api/v1/gate", GATE, headers=bearer(broker, "gate:read"))
    nowhere = client.get("/api/v1/gate", {**GATE, "version": "9"}, headers=bearer(bank, "gate:read"))
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.content == nowhere.content
    assert count(GateVerdict) == 0


def test_without_the_scope_or_without_a_token_nothing_is_answered(permission, bank, client, count):
    assert client.get("/api/v1/gate", GATE, headers=bearer(bank, "models:read")).status_code == 403
    assert client.get("/api/v1/gate", GATE).status_code == 401
    assert count(GateVerdict) == 0


def test_ci_puts_a_version_before_the_committee_once(version, bank, client, count):
    path, headers = f"/api/v1/models/{version.model_id}/requests", bearer(bank, "approvals:request")
    body = {"version": "1.0", "environment": "production"}
    made = client.post(path, body, content_type="application/json", headers=headers)
    assert made.status_code == 201
    assert made.json()["status"] == "open"
    again = client.post(path, body, content_type="application/json", headers=headers)
    assert (again.status_code, again["content-type"]) == (409, "application/problem+json")
    assert count(ApprovalRequest) == 1


def test_a_stranger_cannot_put_a_version_before_a_committee(version, broker, client, count):
    path, headers = f"/api/v1/models/{version.model_id}/requests", bearer(broker, "approvals:request")
    refused = client.post(path, {"version": "1.0"}, content_type="application/json", headers=headers)
    assert refused.status_code == 404
    assert count(ApprovalRequest) == 0
